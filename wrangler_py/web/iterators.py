"""The iterators that `entries()`, `keys()` and `values()` return.

Implements: https://webidl.spec.whatwg.org/#js-iterator-prototype-object
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..js.array import JsArray
from ..js.iterators import JsIterator


class ValueIterator(JsIterator, raw=True):
    """What `values()` returns."""

    def __init__(self, items: Iterable[Any]) -> None:
        super().__init__(items, type(self)._js_name)


class KeyIterator(ValueIterator, raw=True):
    """What `keys()` returns."""


class EntryIterator(ValueIterator, raw=True):
    """What `entries()` returns."""


class Pair(JsArray, js_name="Array"):
    """An array of a name and a value that are no borrowed Python objects: unpacked fast."""

    constructor = JsArray.constructor

    # ours, not super().__init__: a request's headers make one of these each
    def __init__(self, name: str, value: Any) -> None:
        self._items = [name, value]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)
