"""Queuing strategies: how much a stream holds before it asks its source to wait.

Implements: https://streams.spec.whatwg.org/#qs-api
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ...js.callbacks import member
from ...js.convert import to_number
from ...js.errors import type_error
from ...js.null import is_nullish
from ...js.proxy import JsFunction, JsProxy
from ..idl import bad_init
from .callbacks import stored

Size = Callable[[Any], float]


class CountQueuingStrategy(JsProxy):
    """Each chunk counts one."""

    def __init__(self, *args: Any) -> None:
        self.highWaterMark = _required("CountQueuingStrategy", args)

    @property
    def size(self) -> JsFunction:
        return JsFunction(lambda *_: 1, "size")


class ByteLengthQueuingStrategy(JsProxy):
    """A chunk counts its bytes."""

    def __init__(self, *args: Any) -> None:
        self.highWaterMark = _required("ByteLengthQueuingStrategy", args)

    @property
    def size(self) -> JsFunction:
        return JsFunction(lambda chunk=None, *_: member(chunk, "byteLength"), "size")


def _required(interface: str, args: tuple[Any, ...]) -> Any:
    if not args or is_nullish(args[0]):
        raise bad_init(interface, 1, "QueuingStrategyInit")
    return member(args[0], "highWaterMark")


def high_water_mark(strategy: Any, default: float) -> float:
    """`strategy.highWaterMark`, checked."""
    value = member(strategy, "highWaterMark")
    if value is None:
        return default
    mark = to_number(value)
    if mark != mark:
        raise type_error("The value cannot be converted because it is not an integer.")
    if mark < 0:
        raise type_error(
            "The value cannot be converted because it is negative "
            "and this API expects a positive bigint."
        )
    return mark


def size_of(strategy: Any) -> Size | None:
    """The function that measures a chunk; None: each counts one."""
    if isinstance(strategy, CountQueuingStrategy):
        return None
    if isinstance(strategy, ByteLengthQueuingStrategy):
        return lambda chunk: to_number(member(chunk, "byteLength"))
    size = stored(strategy, "size", "QueuingStrategy")
    if size is None:
        return None

    def measured(chunk: Any) -> float:
        result = to_number(size(chunk))
        if math.isnan(result) or result < 0 or math.isinf(result):
            raise type_error("The chunk's size is not a finite, non-negative number.")
        return result

    return measured
