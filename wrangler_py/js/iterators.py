"""JavaScript iterators: Python iterates them, and `.next()` gives `{value, done}`.

Implements: https://tc39.es/ecma262/#sec-iteration
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .callbacks import HOLE, PyProxy
from .convert import is_primitive, to_string
from .errors import type_error
from .null import jsnull
from .object import JsObject
from .proxy import JsProxy


class JsIterator(JsProxy, js_name="Iterator", raw=True):
    """What `values()`, `entries()`, ... give: an iterator that is itself iterable."""

    def __init__(self, items: Iterable[Any], label: str = "Array Iterator") -> None:
        self._items = iter(items)
        self._label = label

    def __iter__(self) -> JsIterator:
        return self

    def __next__(self) -> Any:
        return next(self._items)

    def next(self, _value: Any = None) -> JsObject:
        for value in self._items:
            return JsObject({"value": value, "done": False})
        return JsObject({"value": None, "done": True})

    def toString(self) -> str:
        return f"[object {self._label}]"


def iterate(value: Any) -> Iterator[Any]:
    """`for (x of value)` over anything a script may pass; a string gives its characters.

    Raises:
        JsException: a TypeError, as ``value`` is not iterable.
    """
    if isinstance(value, str):
        return iter(value)
    try:
        return iter(value)
    except TypeError:
        raise type_error(f"{described(value)} is not iterable") from None


def pairs(value: Any) -> Iterator[tuple[Any, Any]]:
    """The key-value pairs of an iterable of entries; nothing for undefined and null."""
    if value is None or value is jsnull:
        return
    entries = getattr(type(value), "_pairs", None) if isinstance(value, JsProxy) else None
    if entries is not None:
        yield from entries(value)
        return
    for entry in iterate(value):
        if is_primitive(entry):
            raise type_error(f"Iterator value {to_string(entry)} is not an entry object")
        yield _pair(entry)


def _pair(entry: Any) -> tuple[Any, Any]:
    items = getattr(entry, "_items", None)  # an array's own items, borrowed handles included
    if type(items) is not list:
        items = entry._get() if isinstance(entry, PyProxy) else entry
        if not isinstance(items, (list, tuple)):
            items = ()
    first, second = (*items[:2], None, None)[:2]
    return (None if first is HOLE else first), (None if second is HOLE else second)


def described(value: Any) -> str:
    """A value as V8 names it in messages: `number 1`, `object null`, `#<Object>`."""
    if value is None:
        return "undefined"
    if value is jsnull:
        return "object null"
    if isinstance(value, bool):
        return f"boolean {to_string(value)}"
    if isinstance(value, (int, float)):
        return f"number {to_string(value)}"
    if isinstance(value, JsProxy) and value.typeof == "object":
        return f"#<{type(value)._js_name}>"
    return to_string(value)


def length_of(value: Any) -> int | None:
    """The `length` of an array-like object."""
    length = getattr(value, "length", None)
    return length if isinstance(length, int) else None
