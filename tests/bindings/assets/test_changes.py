"""Files that change while they are served, and files that are not served at all."""

from __future__ import annotations

import io
import json
import os
import tracemalloc
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from wrangler_py.bindings.assets import directory as directories
from wrangler_py.bindings.assets.directory import Directory
from wrangler_py.bindings.assets.ignore import Ignored
from wrangler_py.log import Log, Settings
from wrangler_py.testing.running import RunningWorker, run_worker

pytestmark = pytest.mark.once

WORKER = """
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        path = request.url.partition("?")[2]
        if path:
            name, _, path = path.partition("=")
            there = self.ctx.exports.default if name == "own" else getattr(self.env, name)
            return await there.fetch("http://there" + path)
        return Response("the code")
"""
Start = Callable[..., Awaitable[RunningWorker]]


@pytest.fixture
async def start(tmp_path):
    """Serve `public` with a Worker behind it; the running Worker."""
    (tmp_path / "public").mkdir()
    (tmp_path / "worker.py").write_text(WORKER)
    async with AsyncExitStack() as stack:

        async def started(**assets: Any) -> RunningWorker:
            config = {
                "name": "site",
                "main": "worker.py",
                "compatibility_date": "2026-11-01",
                "compatibility_flags": ["python_workers"],
                "assets": {"directory": "public", "binding": "ASSETS", **assets},
                "services": [{"binding": "SELF", "service": "site"}],
            }
            (tmp_path / "wrangler.json").write_text(json.dumps(config))
            running = run_worker(config=tmp_path / "wrangler.json")
            return await stack.enter_async_context(running)

        yield started


@pytest.fixture
def public(tmp_path) -> Path:
    return tmp_path / "public"


@pytest.fixture
def public_of(tmp_path) -> Callable[[str], Path]:
    """Makes the directory of one of several Workers."""

    def make(name: str) -> Path:
        path = tmp_path / name / "public"
        path.mkdir(parents=True)
        return path

    return make


async def get(worker: RunningWorker, path: str) -> str:
    return await (await worker.fetch(path)).text()


async def test_a_file_that_changes_is_served_as_it_is_now(start, public):
    (public / "a.txt").write_text("first")
    worker = await start()
    first = await worker.fetch("/a.txt")
    assert await first.text() == "first"
    (public / "a.txt").write_text("second one")
    known = {"If-None-Match": first.headers["ETag"]}
    second = await worker.fetch("/a.txt", headers=known)
    assert (second.status, await second.text()) == (200, "second one")
    assert (
        await worker.fetch("/a.txt", headers={"If-None-Match": second.headers["ETag"]})
    ).status == 304


async def test_files_come_and_go(start, public):
    worker = await start()
    assert await get(worker, "/new.txt") == "the code"
    (public / "new.txt").write_text("new")
    assert await get(worker, "/new.txt") == "new"
    (public / "new.txt").unlink()
    assert await get(worker, "/new.txt") == "the code"


async def test_the_directory_may_come_later(start, public):
    public.rmdir()
    worker = await start()
    assert await get(worker, "/a.txt") == "the code"
    public.mkdir()
    (public / "a.txt").write_text("here")
    assert await get(worker, "/a.txt") == "here"
    assert "does not exist (yet)" in worker.logs[0].message


async def test_other_rules_count_at_once(start, public):
    (public / "a.txt").write_text("a")
    worker = await start()
    assert "X-A" not in (await worker.fetch("/a.txt")).headers
    (public / "_headers").write_text("/a.txt\n  X-A: 1\n")
    assert (await worker.fetch("/a.txt")).headers["X-A"] == "1"
    (public / "_headers").write_text("/a.txt\n  X-A: 22\n")
    assert (await worker.fetch("/a.txt")).headers["X-A"] == "22"
    (public / "_redirects").write_text("/b /a.txt 200\n")
    assert await get(worker, "/b") == "a"
    (public / ".assetsignore").write_text("*.txt\n")
    assert await get(worker, "/a.txt") == "the code"


async def test_a_wrong_rule_is_told_with_its_line(start, public):
    (public / "_redirects").write_text("/a\n/b /c\n")
    worker = await start()
    (said,) = [entry.message for entry in worker.logs]
    assert said.splitlines()[:3] == [
        "Found 1 invalid redirect rule:",
        "▶︎ Expected exactly 2 or 3 whitespace-separated tokens. Got 1.",
        f"    at {public / '_redirects'}:1 | /a",
    ]


async def test_that_a_page_stands_in_for_the_worker_is_told_once(start, public, monkeypatch):
    said = io.StringIO()
    monkeypatch.setattr("wrangler_py.bindings.assets.serving.log", Log(Settings(out=said)))
    (public / "index.html").write_text("the app")
    worker = await start(not_found_handling="single-page-application")
    for path in ("/api/users", "/api/teams"):
        navigation = await worker.fetch(path, headers={"Sec-Fetch-Mode": "navigate"})
        assert await navigation.text() == "the app"
        assert await get(worker, path) == "the code"
    assert said.getvalue().count("the Worker was not asked") == 1


async def test_a_redirect_to_nowhere_is_told_with_its_rule(start, public):
    (public / "_redirects").write_text("/a/* https://:splat.example/\n")
    worker = await start()
    answer = await worker.fetch("/a/b%20c")
    assert answer.status == 500
    assert "hint: a rule of _redirects leads to https://b%20c.example/" in await answer.text()
    worker.errors.clear()


async def test_a_service_binding_meets_the_assets_and_ctx_exports_does_not(start, public):
    (public / "a.txt").write_text("a file")
    worker = await start()
    assert await get(worker, "/?SELF=/a.txt") == "a file"
    assert await get(worker, "/?SELF=/b.txt") == "the code"
    (public / "page.html").write_text("a page")
    assert await get(worker, "/?SELF=/page.html") == "a page"  # by way of a redirect to /page
    assert await get(worker, "/?own=/a.txt") == "the code"
    assert await get(worker, "/?ASSETS=/a.txt") == "a file"


async def test_assets_of_another_worker_answer_its_service_binding(tmp_path, public_of):
    facts = {"compatibility_date": "2026-11-01", "compatibility_flags": ["python_workers"]}
    services = [{"binding": name.upper(), "service": name} for name in ("files", "both")]
    configs = {
        "first": {"main": "worker.py", "services": services},
        "files": {"assets": {"directory": "public"}},
        "both": {"main": "worker.py", "assets": {"directory": "public"}},
    }
    for name, config in configs.items():
        (public_of(name) / "a.txt").write_text(f"of {name}")
        (tmp_path / name / "worker.py").write_text(WORKER)
        path = tmp_path / name / "wrangler.json"
        path.write_text(json.dumps({"name": name, **facts, **config}))
    paths = [tmp_path / name / "wrangler.json" for name in configs]
    async with run_worker(config=paths[0], beside=paths[1:]) as worker:
        asked = ("/a.txt", "/?FILES=/a.txt", "/?FILES=/b.txt", "/?BOTH=/a.txt", "/?BOTH=/b.txt")
        assert [await get(worker, path) for path in asked] == [
            "the code", "of files", "", "of both", "the code",
        ]  # fmt: skip


async def test_what_cannot_be_deployed_is_not_served(start, public):
    with (public / "big.bin").open("wb") as file:
        file.truncate(25 * 2**20 + 1)
    worker = await start()
    answer = await worker.fetch("/big.bin")
    assert answer.status == 500
    assert "Asset too large." in await answer.text()
    assert "name it in .assetsignore" in "".join(worker.errors.pop().__notes__)


async def test_a_large_file_is_never_in_memory_as_a_whole(start, public):
    size = 24 * 2**20
    with (public / "large.bin").open("wb") as file:
        file.truncate(size)
    worker = await start()
    tracemalloc.start()
    read = 0
    async with aiohttp.ClientSession() as session, session.get(f"{worker.url}/large.bin") as answer:
        length = answer.headers["Content-Length"]
        async for chunk in answer.content.iter_chunked(2**16):
            read += len(chunk)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (read, length) == (size, str(size))
    assert peak < 4 * 2**20


@pytest.mark.parametrize(
    "path",
    ["/..", "/../outside.txt", "/a/../../outside.txt", "/./a.txt", "//a.txt", "/a.txt/", "/a.txt\0"]
    + [f"/..{sep}outside.txt" for sep in {os.sep, os.altsep or os.sep}],
)
def test_no_path_leads_out_of_the_directory(tmp_path, path):
    (tmp_path / "outside.txt").write_text("outside")
    public = tmp_path / "public"
    public.mkdir()
    (public / "a.txt").write_text("a")
    assert Directory(public).find(path) is None


def test_a_pattern_that_is_none_is_passed_over_and_told(capsys):
    ignored = Ignored("a\n[z-a]\nb[[c]\n*.md\n")
    told = "'[z-a]' is passed over"
    assert [ignored.covers(path) for path in ("a", "x.md", "b[", "z")] == [True, True, True, False]
    assert told in capsys.readouterr().err


def test_a_folder_a_pipe_and_a_link_to_nothing_are_no_assets(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("nothing")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
    found = Directory(tmp_path)
    assert [found.find(path) for path in ("/folder", "/link", "/pipe", "/")] == [None] * 4


def test_a_name_counts_as_it_is_spelled_where_the_file_system_takes_others(tmp_path, monkeypatch):
    (tmp_path / "Page.html").write_text("")
    monkeypatch.setattr(directories, "_spelling_matters", lambda root: False)
    found = Directory(tmp_path)
    assert found.find("/Page.html") is not None
    (tmp_path / "page.html").symlink_to("Page.html")
    real = os.listdir
    monkeypatch.setattr(os, "listdir", lambda folder: [n for n in real(folder) if n != "page.html"])
    assert found.find("/page.html") is None  # it can be opened, and is called otherwise


def test_every_extension_has_one_type():
    from wrangler_py.bindings.assets.content_types import TABLE, content_type

    names = [name for line in TABLE.read_text().splitlines() for name in line.split()[1:]]
    assert len(names) == len(set(names)) > 1000
    assert content_type("/a/index.HTML") == "text/html; charset=utf-8"
    assert content_type("/a/x.wasm") == "application/wasm"
    assert [content_type(path) for path in ("/.html", "/a.html/b", "/a.", "/a.unheard-of")] == [
        None
    ] * 4
