"""The iterators that `entries()`, `keys()` and `values()` return.

Python sees a JavaScript iterator as its own iterator, which has `next()` as well.

Implements: https://webidl.spec.whatwg.org/#js-iterator-prototype-object
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..js.array import JsArray
from ..js.object import JsObject
from ..js.proxy import JsProxy


class ValueIterator(JsProxy, raw=True):
    """An iterator over anything that Python can iterate."""

    def __init__(self, items: Iterator[Any]) -> None:
        self._items = items

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return next(self._items)

    def next(self, *_: Any) -> JsObject:
        """One step: `{value, done}`."""
        for value in self._items:
            return JsObject({"value": value, "done": False})
        return JsObject({"value": None, "done": True})


class KeyIterator(ValueIterator, raw=True):
    """What `keys()` returns."""


class EntryIterator(ValueIterator, raw=True):
    """What `entries()` returns."""


class Pair(JsArray, js_name="Array"):
    """An array of a name and a value that are no borrowed Python objects: unpacked fast."""

    constructor = JsArray.constructor

    def __init__(self, name: str, value: Any) -> None:
        self._items = [name, value]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)
