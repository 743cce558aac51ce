"""The `Array` constructor, and what `Array.from` can make an array of.

Implements: https://tc39.es/ecma262/#sec-array-constructor
"""

from __future__ import annotations

from typing import Any

from .array import JsArray
from .callbacks import HOLE, PyProxy
from .errors import type_error
from .iterators import length_of
from .null import is_nullish
from .proxy import JsProxy

Array = JsArray


def items_of(source: Any) -> list[Any]:
    """The items of an iterable or an array-like object, as `Array.from` takes them."""
    if is_nullish(source):
        raise type_error(f"{'undefined' if source is None else 'object null'} is not iterable")
    if isinstance(source, JsArray):
        return [None if x is HOLE else x for x in source._items]
    if isinstance(source, PyProxy):
        source = source._get()
    if isinstance(source, str) or hasattr(type(source), "__iter__"):
        return list(source)
    count = length_of(source)
    if count is None or not isinstance(source, JsProxy):
        return []
    properties = dict(source._entries())
    return [properties.get(str(index)) for index in range(count)]
