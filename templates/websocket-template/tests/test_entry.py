"""The Worker as a client meets it: a real server, real sockets, no mocks."""

from datetime import UTC, datetime

import pytest


async def test_the_page_is_served(worker):
    response = await worker.fetch("/")
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "new WebSocket(url)" in await response.text()


async def test_a_plain_request_for_the_socket_is_told_what_is_missing(worker):
    response = await worker.fetch("/ws")
    assert response.status == 426
    assert await response.text() == "Expected Upgrade: websocket"


async def test_clicks_are_counted(worker):
    async with worker.ws("/ws") as ws:
        for count in (1, 2):
            await ws.send(json={"type": "click"})
            await ws.expect(json={"type": "count", "count": count})


async def test_each_connection_counts_for_itself(worker):
    async with worker.ws("/ws") as first, worker.ws("/ws") as second:
        await first.send(json={"type": "click"})
        await first.expect(json={"count": 1})
        await second.send(json={"type": "click"})
        await second.expect(json={"count": 1})


async def test_the_server_knows_the_time(worker):
    async with worker.ws("/ws") as ws:
        await worker.advance(365 * 24 * 3600)
        await ws.send(json={"type": "click"})
        answer = await ws.receive_json()
        year = datetime.now(UTC).year
        assert datetime.fromisoformat(answer["at"]).year > year


@pytest.mark.parametrize("text", ["hello", "[]", "7", "{}", '{"type": "dance"}'])
async def test_an_unknown_message_is_answered_with_an_error(worker, text):
    async with worker.ws("/ws") as ws:
        await ws.send(text)
        answer = await ws.expect(json={"type": "error"})
        assert answer["message"].startswith("Unknown message: ")
