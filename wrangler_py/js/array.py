"""JavaScript arrays, which Python sees as mutable sequences.

Implements: https://tc39.es/ecma262/#sec-array-objects
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .callbacks import recall, retain
from .convert import to_string
from .null import is_nullish
from .proxy import JsProxy


class JsArray(JsProxy, js_name="Array"):
    """An Array over a Python list."""

    def __init__(self, items: list[Any] | None = None) -> None:
        self._items: list[Any] = [] if items is None else items

    @classmethod
    def _construct(cls, *args: Any) -> JsArray:
        if len(args) == 1 and isinstance(args[0], int):
            return cls([None] * args[0])
        return cls([retain(x) for x in args])

    @property
    def length(self) -> int:
        return len(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __bool__(self) -> bool:
        return bool(self._items)

    def __iter__(self) -> Iterator[Any]:
        return (recall(x) for x in self._items)

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return JsArray(self._items[index])
        return recall(self._items[index])

    def __setitem__(self, index: int, value: Any) -> None:
        self._items[index] = value

    def __contains__(self, value: Any) -> bool:
        return any(item is value or item == value for item in self._items)

    def toString(self) -> str:
        return ",".join("" if is_nullish(x) else to_string(x) for x in self._items)

    def push(self, *values: Any) -> int:
        self._items.extend(retain(value) for value in values)
        return len(self._items)

    def _entries(self) -> Iterator[tuple[str, Any]]:
        return ((str(index), recall(x)) for index, x in enumerate(self._items))
