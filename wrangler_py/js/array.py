"""JavaScript arrays, which Python sees as mutable sequences.

Implements: https://tc39.es/ecma262/#sec-array-objects
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableSequence
from typing import Any

from .callbacks import HOLE, iterated, recall, retain
from .convert import to_integer, to_string
from .errors import range_error
from .indexed import Indexed, callback, comparator_key
from .iterators import JsIterator
from .null import is_nullish

MAX_LENGTH = 2**32 - 1


class JsArray(Indexed, js_name="Array"):
    """An Array over a Python list."""

    def __init__(self, items: list[Any] | None = None) -> None:
        self._items: list[Any] = [] if items is None else items

    @classmethod
    def _construct(cls, *args: Any) -> JsArray:
        if len(args) == 1 and type(args[0]) in (int, float):
            if args[0] < 0 or args[0] > MAX_LENGTH or args[0] != int(args[0]):
                raise range_error("Invalid array length")
            return cls([HOLE] * int(args[0]))
        return cls([retain(x) for x in args])

    _called = _construct

    @staticmethod
    def of(*items: Any) -> JsArray:
        return JsArray([retain(x) for x in items])

    @staticmethod
    def isArray(value: Any = None) -> bool:
        return isinstance(value, JsArray)

    @staticmethod
    def from_(source: Any = None, function: Any = None, _this: Any = None) -> JsArray:
        from .array_class import items_of  # what an array can be made from

        items = items_of(source)
        if function is None:
            return JsArray([iterated(x) for x in items])
        call = callback(function, _this)
        return JsArray([call(recall(x), i) for i, x in enumerate(items)])

    def _raw(self) -> list[Any]:
        return self._items

    def _like(self, items: list[Any]) -> JsArray:
        return JsArray(items)

    def _replace(self, items: list[Any]) -> None:
        self._items[:] = items

    def _ordered(self, comparator: Any) -> list[Any]:
        defined = [x for x in self._items if x is not None and x is not HOLE]
        rest = [x for x in self._items if x is None or x is HOLE]
        key = _text if comparator is None else comparator_key(comparator)
        return sorted(defined, key=key) + rest

    # What JavaScript sees

    @property
    def length(self) -> int:
        return len(self._items)

    @length.setter
    def length(self, count: int) -> None:
        missing = count - len(self._items)
        if missing > 0:
            self._items.extend([HOLE] * missing)
        else:
            del self._items[count:]

    def push(self, *values: Any) -> int:
        self._items.extend([retain(value) for value in values])
        return len(self._items)

    def shift(self) -> Any:
        return recall(self._items.pop(0)) if self._items else None

    def unshift(self, *values: Any) -> int:
        self._items[:0] = [retain(value) for value in values]
        return len(self._items)

    def splice(self, *args: Any) -> JsArray:
        start, stop = self._range(args)
        removed = self._items[start:stop]
        self._items[start:stop] = [retain(x) for x in args[2:]]
        return JsArray(removed)

    def toSpliced(self, *args: Any) -> JsArray:
        start, stop = self._range(args)
        added = [retain(x) for x in args[2:]]
        return JsArray([*self._items[:start], *added, *self._items[stop:]])

    def _range(self, args: tuple[Any, ...]) -> tuple[int, int]:
        """Where `splice(start, count)` begins and ends."""
        size = len(self._items)
        if not args:
            return 0, 0
        start = to_integer(args[0])
        start = max(0, size + start) if start < 0 else min(start, size)
        if len(args) == 1:
            return start, size
        return start, min(size, start + max(0, to_integer(args[1])))

    def concat(self, *values: Any) -> JsArray:
        items = list(self._items)
        for value in values:
            if isinstance(value, JsArray):
                items.extend(value._items)
            else:
                items.append(retain(value))
        return JsArray(items)

    def flat(self, depth: Any = 1) -> JsArray:
        return JsArray(list(_flat(self._items, to_integer(depth))))

    def flatMap(self, function: Any = None, _this: Any = None) -> JsArray:
        mapped: JsArray = self.map(function, _this)
        return mapped.flat(1)

    # What Python sees: these names are Python's, not JavaScript's

    def __len__(self) -> int:
        return len(self._items)

    def __bool__(self) -> bool:
        return bool(self._items)

    def __iter__(self) -> Iterator[Any]:
        return JsIterator(map(recall, self._items))

    def __reversed__(self) -> Iterator[Any]:
        return map(recall, reversed(self._items))

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return JsArray(self._items[index])
        try:
            item = self._items[index]
        except IndexError:
            raise IndexError(index) from None
        if item is HOLE:
            raise IndexError(index)
        return recall(item)

    def __setitem__(self, index: int | slice, value: Any) -> None:
        if isinstance(index, slice):
            self._items[index] = list(value)
            return
        if index >= len(self._items):
            self.length = index + 1
        self._items[index] = value

    def __delitem__(self, index: int | slice) -> None:
        try:
            del self._items[index]
        except IndexError:
            raise IndexError(index) from None

    def __contains__(self, value: Any) -> bool:
        return any(item is value or item == value for item in self._items)

    def __add__(self, other: Iterable[Any]) -> JsArray:
        return JsArray([*self._items, *_items(other)])

    def __iadd__(self, other: Iterable[Any]) -> JsArray:
        self._items.extend(_items(other))
        return self

    def __mul__(self, count: int) -> JsArray:
        return JsArray(self._items * count)

    __rmul__ = __mul__

    def __imul__(self, count: int) -> JsArray:
        self._items *= count
        return self

    def append(self, value: Any) -> None:
        self._items.append(value)

    def extend(self, values: Iterable[Any]) -> None:
        self._items.extend(_items(values))

    def insert(self, index: int, value: Any) -> None:
        self._items.insert(index, value)

    def index(self, value: Any, start: int = 0, stop: int = MAX_LENGTH) -> int:
        for place in range(*slice(start, stop).indices(len(self._items))):
            item = self._items[place]
            if item is value or item == value:
                return place
        raise ValueError(f"{value!r} is not in list")

    def count(self, value: Any) -> int:
        return sum(1 for item in self._items if item is value or item == value)

    def remove(self, value: Any) -> None:
        del self._items[self.index(value)]

    def pop(self, index: int = -1) -> Any:
        if not self._items:
            raise IndexError("pop from empty list")
        try:
            return recall(self._items.pop(index))
        except IndexError:
            raise IndexError("pop index out of range") from None

    def reverse(self) -> None:
        self._items.reverse()


MutableSequence.register(JsArray)


def _items(values: Iterable[Any]) -> list[Any]:
    """The items of a Python iterable, or of an array without a detour."""
    return values._items if isinstance(values, JsArray) else list(values)


def _flat(items: list[Any], depth: int) -> Iterator[Any]:
    for item in items:
        if isinstance(item, JsArray) and depth > 0:
            yield from _flat(item._items, depth - 1)
        elif item is not HOLE:
            yield item


def _text(item: Any) -> list[int]:
    """A sort key: JavaScript compares UTF-16 code units."""
    text = to_string(recall(item)) if not is_nullish(item) else to_string(item)
    if text.isascii():
        return list(text.encode())
    data = text.encode("utf-16-be", "surrogatepass")
    return [data[i] << 8 | data[i + 1] for i in range(0, len(data), 2)]
