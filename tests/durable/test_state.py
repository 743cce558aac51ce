"""`ctx`: what it offers, and how it complains."""

from __future__ import annotations

import pytest

ASK = """
    class Room(DurableObject):
        async def ask(self):
            ctx = self.ctx
            pair = lambda: WebSocketPair.new().object_values()
            def attempt(function):
                try:
                    return function()
                except Exception as exc:
                    return str(exc)
            server, client = pair()
            return str(QUESTION)
    """

_ACCEPT = "Failed to execute 'acceptWebSocket' on 'DurableObjectState'"
_BLOCK = "Failed to execute 'blockConcurrencyWhile' on 'DurableObjectState'"
_NOT_ACCEPTED = (
    "you must call 'acceptWebSocket()' before attempting to access the tags of a WebSocket."
)
_SAME = "[ctx.getWebSockets()[0] == server, ctx.getWebSockets()[0] is server]"

QUESTIONS = [
    ("ctx._ctx.constructor.name", "DurableObjectState"),
    ("ctx.id.name", "a"),
    ("ctx.getWebSockets().to_py()", "[]"),
    ("ctx.getWebSocketAutoResponse()", "jsnull"),
    ("ctx.getHibernatableWebSocketEventTimeout()", "jsnull"),
    ("ctx.setHibernatableWebSocketEventTimeout(0)", "None"),
    (
        "attempt(lambda: ctx.setHibernatableWebSocketEventTimeout(604800001))",
        "Error: Event timeout should not exceed 604800000 ms.",
    ),
    (
        "attempt(lambda: ctx.acceptWebSocket('x'))",
        f"TypeError: {_ACCEPT}: parameter 1 is not of type 'WebSocket'.",
    ),
    (
        "attempt(lambda: ctx.acceptWebSocket(server, ['tag']))",
        f"TypeError: {_ACCEPT}: parameter 2 is not of type 'Array'.",
    ),
    (
        "attempt(lambda: ctx.acceptWebSocket(server, to_js([str(n) for n in range(11)])))",
        "Error: a Hibernatable WebSocket cannot have more than 10 tags",
    ),
    ("attempt(lambda: ctx.getTags(server))", f"Error: {_NOT_ACCEPTED}"),
    (
        "attempt(lambda: ctx.blockConcurrencyWhile(5))",
        f"TypeError: {_BLOCK}: parameter 1 is not of type 'function'.",
    ),
    (f"ctx.acceptWebSocket(server) or {_SAME}", "[True, False]"),
]


@pytest.mark.parametrize(("question", "answer"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
async def test_the_state_answers_as_in_production(world, question, answer):
    world.load(ASK.replace("QUESTION", question))
    assert await world.stub().ask() == answer


async def test_wait_until_takes_a_coroutine_and_shows_its_failure(world):
    world.load(
        """
        class Room(DurableObject):
            async def go(self):
                async def later():
                    await asyncio.sleep(0)
                    LOG.append("later")
                    raise ValueError("late failure")
                self.ctx.waitUntil(later())
        """
    )
    await world.stub().go()
    await world.log.reaches(1)
    await world.stub("ROOM").go()
    assert world.errors == ['waitUntil of Room "a": late failure']
