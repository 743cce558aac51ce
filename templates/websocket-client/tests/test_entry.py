"""The Worker between a client and a server, all of them on real sockets."""

import pytest
from aiohttp import WSServerHandshakeError


async def test_the_page_is_served(worker):
    async with worker.get("/") as response:
        assert response.status == 200
        assert "new WebSocket(url)" in await response.text()


@pytest.mark.parametrize("path", ["/relay", "/echo"])
async def test_a_plain_request_for_a_socket_is_told_what_is_missing(worker, path):
    async with worker.get(path) as response:
        assert response.status == 426
        assert await response.text() == "Expected Upgrade: websocket"


async def test_messages_go_out_and_come_back(worker):
    async with worker.ws_connect("/relay") as socket:
        assert await socket.receive_str() == f"connected to {worker.url}/echo"
        await socket.send_str("hello")
        assert await socket.receive_str() == "hello"
        await socket.send_bytes(b"\x00\xff")
        assert await socket.receive_bytes() == b"\x00\xff"


async def test_a_close_is_answered(worker):
    async with worker.ws_connect("/relay") as socket:
        await socket.receive()
        assert await socket.close(code=4001, message=b"enough")
        assert socket.close_code == 4001


@pytest.mark.worker(vars={"TARGET_URL": "ws://127.0.0.1:1"})
async def test_a_server_that_is_not_there_is_a_bad_gateway(worker):
    with pytest.raises(WSServerHandshakeError) as refused:
        await worker.ws_connect("/relay")
    assert refused.value.status == 502
