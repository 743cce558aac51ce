"""Sockets of a real Worker."""

from __future__ import annotations

import pytest

from wrangler_py.bindings.service import Fetcher
from wrangler_py.errors import NotEmulated
from wrangler_py.testing import run_worker

from .servers import authority, servers

WORKER = """
from js import TextDecoder
from pyodide.ffi import JsException, to_js
from workers import Response, WorkerEntrypoint, import_from_javascript

sockets = import_from_javascript("cloudflare:sockets")
kept = []

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        path, _, address = request.url.split("/", 3)[3].partition("?")
        if path == "stream":
            socket = sockets.connect(address)
            writer = socket.writable.getWriter()
            await writer.write(to_js(b"abc"))
            await writer.close()
            return Response(socket.readable)
        if path == "bytes":
            writer = sockets.connect(address).writable.getWriter()
            try:
                await writer.write(b"abc")
            except JsException as exc:
                return Response(str(exc))
        if path == "keep":
            kept.append(sockets.connect(address))
            await kept[0].opened
            return Response("kept")
        if path == "use":
            try:
                kept[0].readable
            except JsException as exc:
                return Response(str(exc))
        socket = sockets.connect(address, secureTransport=path)
        try:
            await socket.opened
        except JsException as exc:
            return Response(str(exc), status=502)
        await socket.writable.getWriter().write(to_js(b"abc"))
        answer = await socket.readable.getReader().read()
        await socket.close()
        return Response(TextDecoder.new().decode(answer.value))
"""


@pytest.fixture
async def running(tmp_path, monkeypatch):
    ca, trusted = authority(tmp_path)
    _, strange = authority(tmp_path, "strange")
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", str(ca))
    async with servers(trusted, strange) as found:
        yield found


@pytest.fixture
async def worker(tmp_path, running):
    script = tmp_path / "socket_worker.py"
    script.write_text(WORKER)
    async with run_worker(script) as made:
        yield made


async def text(worker, path, address):
    return await (await worker.fetch(f"/{path}?{address}")).text()


async def test_a_worker_talks_to_a_server(worker, running):
    assert await text(worker, "off", f"localhost:{running.ports['echo']}") == "abc"
    assert await text(worker, "on", f"localhost:{running.ports['tls']}") == "abc"


async def test_a_response_is_what_comes(worker, running):
    assert await text(worker, "stream", f"localhost:{running.ports['late']}") == "got abc"


async def test_bytes_of_python_are_no_bytes(worker, running):
    said = await text(worker, "bytes", f"localhost:{running.ports['echo']}")
    assert said.startswith("TypeError: This TransformStream is being used as a byte stream")


async def test_a_socket_belongs_to_its_request(worker, running):
    assert await text(worker, "keep", f"localhost:{running.ports['echo']}") == "kept"
    await running.ended.wait()  # with the answer it ended
    assert "different request" in await text(worker, "use", "")


async def test_a_test_reaches_this_machine_only(worker):
    said = await text(worker, "off", "db.example.com:5432")
    assert said == (
        "Error: connect('db.example.com:5432') was refused: a Worker under test reaches this "
        "machine only"
    )


def test_a_service_binding_opens_no_connection():
    with pytest.raises(NotEmulated, match=r"connect\(\) of a service binding"):
        Fetcher(lambda: None).connect("localhost:1")
