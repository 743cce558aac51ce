"""How much a stream holds: strategies."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.streams.making import P, readable, refused
from wrangler_py.js.buffers import Uint8Array
from wrangler_py.js.errors import JsException, error
from wrangler_py.js.object import JsObject
from wrangler_py.web.streams import ByteLengthQueuingStrategy, CountQueuingStrategy


async def test_strategies_measure_chunks() -> None:
    by_length = ByteLengthQueuingStrategy.constructor.new(highWaterMark=3)
    assert (by_length.highWaterMark, by_length.size(Uint8Array(3))) == (3, 3)
    assert CountQueuingStrategy.constructor.new(highWaterMark=3).size("x") == 1
    with pytest.raises(JsException, match="parameter 1 is not of type 'QueuingStrategyInit'"):
        CountQueuingStrategy.constructor.new()


async def test_a_failing_size_fails_the_stream() -> None:
    kept: list[Any] = []

    def size(_chunk: Any) -> float:
        raise error("sz")

    options = JsObject({"highWaterMark": 10, "size": P(size)})
    stream = readable(JsObject({"start": P(kept.append)}), options)
    kept[0].enqueue("abc")
    assert await refused(stream.getReader().read()) == "Error: sz"


async def test_a_script_may_measure_its_chunks() -> None:
    kept: list[Any] = []
    options = JsObject({"highWaterMark": 10, "size": P(len)})
    readable(JsObject({"start": P(kept.append)}), options)
    kept[0].enqueue("abc")
    assert kept[0].desiredSize == 7
