"""Map and Set, which Python sees as a mapping and a set.

Implements: https://tc39.es/ecma262/#sec-keyed-collections
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .callbacks import recall, retain
from .convert import is_primitive
from .proxy import JsProxy


def same_value_key(value: Any) -> Any:
    """A hashable key with SameValueZero's equality: objects by identity, 1 apart from True."""
    if is_primitive(value):
        return (isinstance(value, bool), value)
    return id(value)


class JsMap(JsProxy, js_name="Map"):
    """A Map."""

    def __init__(self, pairs: Iterable[Any] = ()) -> None:
        self._store: dict[Any, tuple[Any, Any]] = {}
        for key, value in pairs or ():
            self._store[same_value_key(key)] = (key, retain(value))

    def _pairs(self) -> Iterator[tuple[Any, Any]]:
        return ((key, recall(value)) for key, value in self._store.values())

    @property
    def size(self) -> int:
        return len(self._store)


class LiteralMap(JsMap, js_name="LiteralMap"):
    """A Map whose string keys are properties as well (Pyodide 0.28's `to_js(dict)`)."""


class JsSet(JsProxy, js_name="Set"):
    """A Set."""

    def __init__(self, items: Iterable[Any] = ()) -> None:
        self._store = {same_value_key(item): retain(item) for item in items or ()}

    def __iter__(self) -> Iterator[Any]:
        return (recall(item) for item in self._store.values())
