"""What belongs to one event is refused to every other, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from wrangler_py import compat, context
from wrangler_py.js.errors import JsException
from wrangler_py.web.request import Request
from wrangler_py.web.response import Response
from wrangler_py.web.websocket import WebSocketPair

TEXT = r"^Error: Cannot perform I/O on behalf of a different request\..*\(I/O type: {}\)"


@contextmanager
def event(is_global: bool = False) -> Iterator[context.IoContext]:
    owner = context.IoContext(None, "test", compat.LATEST)
    owner.is_global = is_global
    with owner.entered():
        yield owner


async def test_a_socket_of_another_request_cannot_be_used():
    with event():
        one, other = WebSocketPair()
        one.accept()
        one.send("in its own request")
    with event():
        for use in (lambda: one.send("x"), one.close, one.accept, other.accept):
            with pytest.raises(JsException, match=TEXT.format("Native")):
                use()


async def test_the_error_names_durable_objects_as_the_way_out():
    with event():
        one, _ = WebSocketPair()
        one.accept()
    with event(), pytest.raises(JsException) as caught:
        one.send("x")
    assert any("Durable Object" in note for note in caught.value.__notes__)


@pytest.mark.parametrize("kind", [Response, lambda body: Request("http://x/", _post(body))])
async def test_a_body_of_another_request_cannot_be_read(kind):
    with event():
        message = kind("text")
    with event():
        with pytest.raises(JsException, match=TEXT.format("ReadableStreamSource")):
            await message.text()
        for use in (lambda: message.body, message.clone):
            with pytest.raises(JsException, match=TEXT.format("ReadableStreamSource")):
                use()


def _post(body):
    from wrangler_py.js.object import JsObject

    return JsObject({"method": "POST", "body": body})


async def test_a_body_can_be_read_where_it_was_made():
    with event():
        message = Response("text")
        copy = message.clone()
        assert [await message.text(), await copy.text()] == ["text", "text"]


async def test_a_response_of_the_global_scope_belongs_to_everybody():
    with event(is_global=True):
        message = Response("text")
    with event():
        assert await message.text() == "text"


async def test_code_of_ours_may_use_everything():
    with event():
        message = Response("text")
        one, _ = WebSocketPair()
        one.accept()
    one.send("from outside")
    assert await message.text() == "text"
