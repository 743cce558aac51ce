"""The recorded answers of the real asset worker, request for request."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from wrangler_py.testing.running import RunningWorker, run_worker

from .answers import RECORDED, normalised, spelled
from .site import Asked, Site, lay_out, parts_of
from .sites import SITES

pytestmark = pytest.mark.once

DIFFERENT = {
    "a link to nothing": "it keeps wrangler from starting; here nothing is served in its place",
    "too large": "it keeps wrangler from starting; here it is an error when it is asked for",
}
"""Sites that are not served there, and what becomes of them here."""


async def ask(port: int, asked: Asked, etags: dict[str, str]) -> list[object]:
    """One request over a connection of its own, its path sent as it is."""
    method, path, headers = parts_of(asked)
    if any("<etag>" in value for value in headers.values()) and path not in etags:
        await ask(port, f"GET {path}", etags)
    lines = [f"{method} {path} HTTP/1.1", "Connection: close"]
    if "Host" not in headers:
        lines.append(f"Host: 127.0.0.1:{port}")
    etag = etags.get(path, "")
    lines += [f"{name}: {value.replace('<etag>', etag)}" for name, value in headers.items()]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write("\r\n".join([*lines, "", ""]).encode())
    head, _, body = (await reader.read(-1)).partition(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    first, *rest = head.decode("utf-8").split("\r\n")
    _, status, reason = first.split(" ", 2)
    pairs = [(name, value) for name, _, value in (line.partition(": ") for line in rest)]
    for name, value in pairs:
        if name.lower() == "etag":
            etags[path] = value.strip('"')
    if method == "HEAD":  # how long a body would be is told by the server here, and not there
        pairs = [pair for pair in pairs if pair[0].lower() != "content-length"]
    return normalised(int(status), reason, pairs, body)


def project(site: Site, folder: Path) -> Path:
    """The configuration of a Worker that serves ``site``."""
    directory = lay_out(site, folder)
    (folder / "outside.txt").write_text("outside")
    shutil.copy(Path(__file__).with_name("worker.py"), folder)
    assets: dict[str, Any] = {"directory": directory.name, **site.options}
    config: dict[str, Any] = {
        "name": "site",
        "compatibility_date": site.date,
        "compatibility_flags": ["python_workers", "python_no_global_handlers", *site.flags],
        "assets": assets,
    }
    if site.has_worker:
        assets["binding"] = "ASSETS"
        config["main"] = "worker.py"
    path = folder / "wrangler.json"
    path.write_text(json.dumps(config))
    return path


def port_of(worker: RunningWorker) -> int:
    return int(worker.url.rpartition(":")[2])


RECORDS = json.loads((RECORDED / "sites.json").read_text(encoding="utf-8"))


def test_the_sites_that_are_not_served_there_are_known():
    assert [name for name in SITES if "failed" in RECORDS[name]] == list(DIFFERENT)


@pytest.mark.parametrize("name", [name for name in SITES if name not in DIFFERENT])
async def test_each_request_is_answered_as_there(name, tmp_path):
    site, recorded = SITES[name], RECORDS[name]
    answers, etags = {}, {}
    async with run_worker(config=project(site, tmp_path)) as worker:
        for asked in site.requests:
            answers[spelled(asked)] = await ask(port_of(worker), asked, etags)
    recorded.pop("said", None)
    wrong = {
        key: (answers[key], expected)
        for key, expected in recorded.items()
        if answers[key] != expected
    }
    assert wrong == {}
