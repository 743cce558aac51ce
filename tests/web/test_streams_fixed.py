"""IdentityTransformStream and FixedLengthStream; texts as workerd 2026-11-17 gave them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from wrangler_py.js.buffers import Uint8Array
from wrangler_py.js.errors import JsException
from wrangler_py.js.object import JsObject
from wrangler_py.web.response import Response
from wrangler_py.web.streams_fixed import FixedLengthStream, IdentityTransformStream

identity = IdentityTransformStream.constructor.new
fixed = FixedLengthStream.constructor.new


async def outcome(awaitable: Any) -> str:
    try:
        return str(await awaitable)
    except JsException as exc:
        return str(exc)


async def test_a_write_waits_for_its_reader() -> None:
    pair = identity()
    writing = pair.writable.getWriter().write(Uint8Array._of(b"x"))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not writing.done()
    assert (await pair.readable.getReader().read()).value.to_bytes() == b"x"
    await writing


async def test_a_string_is_written_as_utf8() -> None:
    pair = identity()
    pair.writable.getWriter().write("xü")
    chunk = (await pair.readable.getReader().read()).value
    assert (chunk.constructor.name, chunk.to_bytes()) == ("Uint8Array", "xü".encode())


async def test_anything_else_is_refused() -> None:
    pair = identity()
    reading = pair.readable.getReader().read()
    text = await outcome(pair.writable.getWriter().write(JsObject()))
    assert text == (
        "TypeError: This TransformStream is being used as a byte stream, but received an object "
        "of non-ArrayBuffer/ArrayBufferView type on its writable side."
    )
    assert await outcome(reading) == text


async def test_a_fixed_length_is_kept() -> None:
    pair = fixed(3)
    writer = pair.writable.getWriter()
    done = asyncio.gather(writer.write("abc"), writer.close())
    assert pair.readable._expected_length == 3
    assert await Response(pair.readable).text() == "abc"
    await done


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (5, "TypeError: FixedLengthStream did not see all expected bytes before close()."),
        (2, "TypeError: Attempt to write too many bytes through a FixedLengthStream."),
    ],
)
async def test_another_length_fails(length: int, text: str) -> None:
    pair = fixed(length)
    writer = pair.writable.getWriter()
    writing = asyncio.gather(writer.write("abc"), writer.close(), return_exceptions=True)
    assert await outcome(Response(pair.readable).text()) == text
    assert text in map(str, await writing)


@pytest.mark.parametrize(
    ("args", "text"),
    [
        ((), "constructor parameter 1 is not of type 'bigint'"),
        ((-1,), "it is negative and this API expects a positive bigint"),
        (("abc",), "it is not an integer"),
    ],
)
async def test_a_bad_length_is_refused(args: Any, text: str) -> None:
    with pytest.raises(JsException) as caught:
        fixed(*args)
    assert text in caught.value.message
