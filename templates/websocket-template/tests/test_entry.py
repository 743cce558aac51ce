"""The Worker as a client meets it: a real server, real sockets, no mocks."""

import pytest


async def test_the_page_is_served(worker):
    async with worker.get("/") as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "new WebSocket(url)" in await response.text()


async def test_a_plain_request_for_the_socket_is_told_what_is_missing(worker):
    async with worker.get("/ws") as response:
        assert response.status == 426
        assert await response.text() == "Expected Upgrade: websocket"


async def test_clicks_are_counted(worker):
    async with worker.ws_connect("/ws") as socket:
        for expected in (1, 2):
            await socket.send_json({"type": "click"})
            answer = await socket.receive_json()
            assert (answer["type"], answer["count"]) == ("count", expected)


async def test_each_connection_counts_for_itself(worker):
    async with worker.ws_connect("/ws") as first, worker.ws_connect("/ws") as second:
        await first.send_json({"type": "click"})
        await first.receive()
        await second.send_json({"type": "click"})
        assert (await second.receive_json())["count"] == 1


@pytest.mark.parametrize("text", ["hello", "[]", "7", "{}", '{"type": "dance"}'])
async def test_an_unknown_message_is_answered_with_an_error(worker, text):
    async with worker.ws_connect("/ws") as socket:
        await socket.send_str(text)
        answer = await socket.receive_json()
        assert answer["type"] == "error"
        assert answer["message"].startswith("Unknown message: ")
