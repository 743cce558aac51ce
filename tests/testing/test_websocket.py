from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from wrangler_py.testing import SocketClosed, UpgradeRefused, run_worker

WORKER = """
import asyncio
from js import WebSocketPair
from pyodide.ffi import create_proxy
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.url.endswith("/no"):
            return Response("members only", status=403)
        if request.url.endswith("/never"):
            await asyncio.sleep(3600)
        client, server = WebSocketPair.new().object_values()
        server.accept()
        server.binaryType = "arraybuffer"

        def say(event):
            text = event.data
            if not isinstance(text, str):
                server.send(text)
            elif text.startswith("close "):
                _, code, reason = text.split(" ", 2)
                server.close(int(code), reason)
            elif text == "boom":
                raise ValueError("boom")
            else:
                for part in text.split("|"):
                    server.send(part)

        server.addEventListener("message", create_proxy(say))
        server.addEventListener("close", create_proxy(lambda e: server.close(e.code, e.reason)))
        protocol = request.headers.get("Sec-WebSocket-Protocol")
        headers = {"Sec-WebSocket-Protocol": "chat.v2", "X-Id": "7"} if protocol else {}
        return Response(None, status=101, web_socket=client, headers=headers)
"""


@pytest.fixture
async def worker(tmp_path):
    script = tmp_path / "a_talker.py"
    script.write_text(WORKER)
    async with run_worker(Path(script)) as running:
        yield running


async def test_text_bytes_and_json_go_out_and_come_back(worker):
    async with worker.ws("/") as ws:
        await ws.send("a|b")
        assert [await ws.receive(), await ws.receive()] == ["a", "b"]
        await ws.send(b"\x00\xff")
        assert await ws.receive() == b"\x00\xff"
        await ws.send(json={"n": 1})
        assert await ws.receive_json() == {"n": 1}
        with pytest.raises(TypeError, match="needs a message"):
            await ws.send()


async def test_the_handshake_carries_protocols_and_headers(worker):
    async with worker.ws("/", protocols=["chat.v2"]) as ws:
        assert ws.protocol == "chat.v2"
        assert ws.response.headers["X-Id"] == "7"


async def test_what_is_expected_is_what_comes_next(worker):
    async with worker.ws("/") as ws:
        await ws.send("one|two 2|three|4")
        assert await ws.expect("one") == "one"
        await ws.expect(re.compile(r"\d$"))
        await ws.expect(lambda message: len(message) == 5)
        assert await ws.expect(json=4) == 4


async def test_an_object_may_have_more_members_than_are_expected(worker):
    async with worker.ws("/") as ws:
        await ws.send(json=[{"type": "count"}])
        with pytest.raises(
            AssertionError, match=r"expected JSON with {'type': 'count'}, but .* came"
        ):
            await ws.expect(json={"type": "count"})
        await ws.send('{"type": "count"}')
        assert await ws.expect(json={"type": "count"}) == {"type": "count"}


async def test_members_within_members_are_compared_in_the_same_way(worker):
    async with worker.ws("/") as ws:
        await ws.send(json={"a": {"b": 1, "c": 2}, "d": [{"e": 1}]})
        await ws.expect(json={"a": {"b": 1}, "d": [{"e": 1}]})
        await ws.send(json={"a": {"b": 1}})
        with pytest.raises(AssertionError, match="came"):
            await ws.expect(json={"a": {"b": 2}})


async def test_another_message_than_expected_is_shown(worker):
    async with worker.ws("/") as ws:
        await ws.send("one")
        with pytest.raises(AssertionError, match="expected 'two', but 'one' came"):
            await ws.expect("two")


async def test_messages_are_passed_over_up_to_the_one_expected(worker):
    async with worker.ws("/") as ws:
        await ws.send("one|two|three")
        await ws.expect("three", skip=True)
        await ws.send("four|five")
        with pytest.raises(
            AssertionError, match=r"expected 'six', .* in 0\.1 s; what came was 'four', 'five'"
        ):
            await ws.expect("six", skip=True, timeout=0.1)


async def test_a_wait_ends_and_loses_no_message(worker):
    async with worker.ws("/") as ws:
        with pytest.raises(TimeoutError, match=r"nothing came on / in 0\.02 s"):
            await ws.receive(timeout=0.02)
        await ws.send("late")
        assert await ws.receive() == "late"


async def test_every_wait_of_a_socket_may_be_shorter(worker):
    async with worker.ws("/", timeout=0.02) as ws:
        with pytest.raises(AssertionError, match=r"nothing came on / in 0\.02 s"):
            await ws.expect("x")


async def test_a_close_is_expected_with_its_code_and_reason(worker):
    async with worker.ws("/") as ws:
        await ws.send("close 4001 too many")
        assert await ws.expect_close(4001, "too many") == 4001
        assert (ws.close_code, ws.close_reason) == (4001, "too many")
        assert await ws.expect_close() == 4001


async def test_a_message_or_another_close_than_expected_is_shown(worker):
    async with worker.ws("/") as ws:
        await ws.send("hello")
        with pytest.raises(AssertionError, match="expected a close with 4000, but 'hello' came"):
            await ws.expect_close(4000)
        with pytest.raises(AssertionError, match="expected a close, but nothing came"):
            await ws.expect_close(timeout=0.02)
        await ws.send("close 4001 bye")
        with pytest.raises(AssertionError, match=r"a close with 4000, but it was 4001 \('bye'\)"):
            await ws.expect_close(4000)


async def test_nothing_is_received_from_or_sent_to_a_closed_socket(worker):
    async with worker.ws("/") as ws:
        await ws.send("close 4001 bye")
        with pytest.raises(SocketClosed, match=r"was closed with 4001 \('bye'\)") as closed:
            await ws.receive()
        assert (closed.value.code, closed.value.reason) == (4001, "bye")
        with pytest.raises(SocketClosed, match=r"'hello' was to be sent, but .* 4001"):
            await ws.send("hello")
        with pytest.raises(AssertionError, match=r"expected 'x', but the WebSocket was closed"):
            await ws.expect("x")


async def test_messages_are_iterated_over_up_to_the_close(worker):
    async with worker.ws("/") as ws:
        await ws.send("a|b")
        await ws.send("close 1000 done")
        assert [message async for message in ws] == ["a", "b"]
        assert ws.close_code == 1000


async def test_a_close_is_answered(worker):
    async with worker.ws("/") as ws:
        await ws.close(4005, "enough")
        assert ws.close_code == 4005
        await ws.close()


async def test_a_listener_that_fails_ends_the_connection_and_the_test(worker):
    async with worker.raises(ValueError, match="boom"), worker.ws("/") as ws:
        await ws.send("boom")
        assert await ws.expect_close() == 1006


async def test_a_refused_upgrade_has_a_status_and_a_body(worker):
    with pytest.raises(UpgradeRefused, match="no WebSocket at /no, but 403: members only") as no:
        async with worker.ws("/no"):
            pass
    assert (no.value.status, no.value.body) == (403, "members only")


async def test_a_handshake_without_an_answer_ends(worker):
    with pytest.raises(TimeoutError, match=r"no answer from /never in 0\.05 s"):
        async with worker.ws("/never", timeout=0.05):
            pass


async def test_two_tasks_share_a_socket(worker):
    async with worker.ws("/") as ws:
        receiving = asyncio.ensure_future(ws.receive())
        await ws.send("x")
        assert await receiving == "x"
