from __future__ import annotations

import pytest

from wrangler_py.testing import run_worker

WORKER = """
import asyncio
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.url.endswith("/never"):
            await asyncio.sleep(3600)
        if request.url.endswith("/away"):
            return Response(None, status=302, headers={"Location": "/there"})
        return Response.json({
            "method": request.method.value,
            "path": "/" + request.url.split("/", 3)[3],
            "name": request.headers.get("X-Name"),
            "body": await request.text(),
        }, status=404 if request.url.endswith("/404") else 200)
"""


@pytest.fixture
async def worker(tmp_path):
    script = tmp_path / "a_mirror.py"
    script.write_text(WORKER)
    async with run_worker(script) as running:
        yield running


async def test_a_path_is_fetched_and_its_answer_is_there(worker):
    response = await worker.fetch("/a", params={"b": "1"}, headers={"X-Name": "Ada"})
    assert (response.status, response.ok) == (200, True)
    assert response.headers["Content-Type"] == "application/json"
    assert await response.json() == {"method": "GET", "path": "/a?b=1", "name": "Ada", "body": ""}
    assert (await response.text()).startswith('{"method"')
    assert (await response.read())[:1] == b"{"


async def test_an_error_is_an_answer(worker):
    assert (await worker.fetch("/404")).status == 404


@pytest.mark.parametrize(
    ("options", "method", "body"),
    [
        ({"body": "text"}, "POST", "text"),
        ({"body": b"bytes"}, "POST", "bytes"),
        ({"body": {"a": "1"}}, "POST", "a=1"),
        ({"json": [1]}, "POST", "[1]"),
        ({"method": "PUT", "body": "x"}, "PUT", "x"),
        ({"method": "DELETE"}, "DELETE", ""),
    ],
)
async def test_a_body_is_sent(worker, options, method, body):
    said = await (await worker.fetch("/", **options)).json()
    assert (said["method"], said["body"]) == (method, body)


async def test_redirects_are_followed_unless_they_are_looked_at(worker):
    assert (await (await worker.fetch("/away")).json())["path"] == "/there"
    response = await worker.fetch("/away", redirect="manual")
    assert (response.status, response.headers["Location"]) == (302, "/there")


async def test_a_request_without_an_answer_ends(worker):
    with pytest.raises(TimeoutError, match=r"has not answered GET /never in 0\.05 s"):
        await worker.fetch("/never", timeout=0.05)
