"""Streams to test, and what comes out of them."""

from __future__ import annotations

from typing import Any

import pytest

from wrangler_py.js.buffers import Uint8Array
from wrangler_py.js.callbacks import create_proxy
from wrangler_py.js.errors import JsException
from wrangler_py.web.streams import ReadableStream, TransformStream, WritableStream

P = create_proxy
readable = ReadableStream.constructor.new
writable = WritableStream.constructor.new
transform = TransformStream.constructor.new


def numbers(*values: Any) -> ReadableStream:
    """A stream that has these chunks and ends."""

    def start(controller: Any) -> None:
        for value in values:
            controller.enqueue(value)
        controller.close()

    return readable(start=start)


def bytes_(*values: bytes) -> list[Any]:
    return [Uint8Array._of(value) for value in values]


async def everything(stream: Any) -> list[Any]:
    return [chunk async for chunk in stream]


async def refused(awaitable: Any) -> str:
    with pytest.raises(JsException) as caught:
        await awaitable
    return str(caught.value)
