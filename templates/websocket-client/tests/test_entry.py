"""The Worker between a client and a server; the server is this test."""

import pytest
from js import WebSocketPair
from pyodide.ffi import create_proxy
from workers import Response
from wrangler_py.testing import UpgradeRefused


async def test_the_page_is_served(worker):
    response = await worker.fetch("/")
    assert response.status == 200
    assert "new WebSocket(url)" in await response.text()


@pytest.mark.parametrize("path", ["/relay", "/echo"])
async def test_a_plain_request_for_a_socket_is_told_what_is_missing(worker, path):
    response = await worker.fetch(path)
    assert response.status == 426
    assert await response.text() == "Expected Upgrade: websocket"


async def test_messages_go_out_and_come_back(worker):
    async with worker.ws("/relay") as ws:
        await ws.expect(f"connected to {worker.url}/echo")
        await ws.send("hello")
        await ws.expect("hello")
        await ws.send(b"\x00\xff")
        await ws.expect(b"\x00\xff")


async def test_a_close_is_answered(worker):
    async with worker.ws("/relay") as ws:
        await ws.receive()
        await ws.close(4001, "enough")
        assert ws.close_code == 4001


TARGET = {"TARGET_URL": "wss://chat.example.com/feed"}


def closing_server(request):
    """Another server: it says its address, and closes at the first message."""
    client, server = WebSocketPair.new().object_values()
    server.accept()
    server.send(request.url)
    close = create_proxy(lambda event: server.close(4002, "full"))
    server.addEventListener("message", close)
    return Response(None, status=101, web_socket=client)


@pytest.mark.worker(vars=TARGET, outgoing=closing_server)
async def test_the_server_is_a_variable_and_its_close_is_passed_on(worker):
    async with worker.ws("/relay") as ws:
        await ws.expect("connected to https://chat.example.com/feed")
        await ws.expect("https://chat.example.com/feed")
        await ws.send("hello")
        await ws.expect_close(4002, "full")


@pytest.mark.worker(vars=TARGET, outgoing=lambda request: Response("no", status=403))
async def test_a_server_that_wants_no_websocket_is_a_bad_gateway(worker):
    with pytest.raises(UpgradeRefused, match=r"502: .* did not open a WebSocket"):
        async with worker.ws("/relay"):
            pass


@pytest.mark.worker(vars={"TARGET_URL": "ws://127.0.0.1:1"})
async def test_a_server_that_is_not_there_is_a_bad_gateway(worker):
    with pytest.raises(UpgradeRefused) as refused:
        async with worker.ws("/relay"):
            pass
    assert refused.value.status == 502
