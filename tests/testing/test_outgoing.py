from __future__ import annotations

import pytest

from wrangler_py.testing import run_worker

WORKER = """
from js import WebSocketPair, WebSocket
from pyodide.ffi import create_proxy
from workers import Response, WorkerEntrypoint, fetch

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        path = request.url.split("/", 3)[3]
        if path == "api":
            answer = await fetch("https://api.example.com/v1?q=1", method="POST", body="x")
            return Response(await answer.text(), status=answer.status)
        if path == "lost":
            try:
                await fetch("https://api.example.com/")
            except Exception as exc:
                return Response(str(exc), status=502)
        if path == "own":
            return await fetch(request.url.replace("own", "hello"))
        if path == "relay":
            return await fetch("https://chat.example.com/ws", headers={"Upgrade": "websocket"})
        return Response("hello")
"""


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "a_caller.py"
    path.write_text(WORKER)
    return path


@pytest.fixture
async def worker(script):
    async with run_worker(script) as running:
        yield running


async def text(worker, path: str) -> str:
    return await (await worker.fetch(path)).text()


async def test_this_machine_can_be_reached(worker):
    assert await text(worker, "/own") == "hello"


async def test_everything_else_is_refused_by_its_url(worker):
    async with worker.raises(Exception, match=r"api\.example\.com/v1\?q=1.* was refused"):
        assert (await worker.fetch("/api")).status == 500
    async with worker.raises(Exception, match=r"chat\.example\.com"):
        await worker.fetch("/relay")


async def test_a_function_answers(worker):
    asked = []

    @worker.outgoing
    async def api(request):
        asked.append((request.method.value, request.url, await request.text()))
        return {"results": []}

    assert await text(worker, "/api") == '{"results": []}'
    assert asked == [("POST", "https://api.example.com/v1?q=1", "x")]
    assert callable(api)


async def test_what_a_function_leaves_goes_where_it_would_have_gone(script):
    async with run_worker(script, outgoing=lambda request: None) as worker:
        assert await text(worker, "/own") == "hello"
        async with worker.raises(Exception, match="was refused"):
            await worker.fetch("/api")


async def test_a_lost_connection_is_played_by_an_oserror(worker):
    @worker.outgoing
    def down(request):
        raise ConnectionResetError

    assert await text(worker, "/lost") == "Network connection lost."


async def test_a_function_answers_with_a_websocket(worker):
    from js import WebSocketPair
    from pyodide.ffi import create_proxy
    from workers import Response

    @worker.outgoing
    def chat(request):
        assert request.headers["Upgrade"] == "websocket"
        client, server = WebSocketPair.new().object_values()
        server.accept()
        server.addEventListener("message", create_proxy(lambda e: server.send(e.data.upper())))
        return Response(None, status=101, web_socket=client)

    async with worker.ws("/relay") as ws:
        await ws.send("hello")
        await ws.expect("HELLO")


async def test_everything_can_be_let_out(script, monkeypatch):
    seen = []

    async def fetch(self, request):
        seen.append(request.url)
        raise OSError

    monkeypatch.setattr("wrangler_py.server.outgoing.Network.fetch", fetch)
    async with run_worker(script, outgoing="allow") as worker:
        await worker.fetch("/lost")
        worker.errors.clear()
    assert seen == ["https://api.example.com/"]
