"""What arrays and typed arrays share: the methods that read items and call callbacks.

Implements: https://tc39.es/ecma262/#sec-properties-of-the-array-prototype-object
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

from .callbacks import bound, is_callable, recall
from .convert import to_boolean, to_integer, to_number, to_string
from .equality import same_value_zero, strictly_equal
from .errors import range_error, type_error
from .iterators import JsIterator
from .null import is_nullish
from .proxy import JsProxy


class Indexed(JsProxy, js_name="Object"):
    """Items at 0 .. length - 1. Subclasses say how they are kept."""

    def _raw(self) -> list[Any]:
        """The items as they are kept; a change to the list may or may not change the array."""
        raise NotImplementedError

    def _like(self, items: list[Any]) -> Any:
        """A new array of the same kind."""
        raise NotImplementedError

    def _replace(self, items: list[Any]) -> None:
        """Keep ``items``, as many as before, instead."""
        raise NotImplementedError

    def _found(self, predicate: Any, this: Any, reverse: bool = False) -> Iterator[tuple[int, Any]]:
        """The items for which a callback says yes."""
        test = callback(predicate, this)
        items = list(enumerate(self._raw()))
        for index, item in reversed(items) if reverse else items:
            if to_boolean(test(recall(item), index, self)):
                yield index, recall(item)

    def at(self, index: Any = 0) -> Any:
        items = self._raw()
        place = to_integer(index)
        return recall(items[place]) if -len(items) <= place < len(items) else None

    def entries(self) -> JsIterator:
        from .array import JsArray  # arrays are built from this class

        return JsIterator(JsArray([i, item]) for i, item in enumerate(self._raw()))

    def values(self) -> JsIterator:
        return JsIterator(map(recall, self._raw()))

    def every(self, predicate: Any = None, _this: Any = None) -> bool:
        test = callback(predicate, _this)
        return all(to_boolean(test(recall(x), i, self)) for i, x in enumerate(self._raw()))

    def some(self, predicate: Any = None, _this: Any = None) -> bool:
        return any(True for _ in self._found(predicate, _this))

    def filter(self, predicate: Any = None, _this: Any = None) -> Any:
        items = list(self._raw())
        return self._like([items[index] for index, _ in self._found(predicate, _this)])

    def find(self, predicate: Any = None, _this: Any = None) -> Any:
        return next((item for _, item in self._found(predicate, _this)), None)

    def findIndex(self, predicate: Any = None, _this: Any = None) -> int:
        return next((index for index, _ in self._found(predicate, _this)), -1)

    def findLast(self, predicate: Any = None, _this: Any = None) -> Any:
        return next((item for _, item in self._found(predicate, _this, reverse=True)), None)

    def findLastIndex(self, predicate: Any = None, _this: Any = None) -> int:
        return next((index for index, _ in self._found(predicate, _this, reverse=True)), -1)

    def forEach(self, function: Any = None, _this: Any = None) -> None:
        call = callback(function, _this)
        for index, item in enumerate(self._raw()):
            call(recall(item), index, self)

    def map(self, function: Any = None, _this: Any = None) -> Any:
        call = callback(function, _this)
        return self._like([call(recall(x), i, self) for i, x in enumerate(list(self._raw()))])

    def reduce(self, function: Any = None, *start: Any) -> Any:
        return self._fold(function, list(enumerate(self._raw())), start)

    def reduceRight(self, function: Any = None, *start: Any) -> Any:
        return self._fold(function, list(enumerate(self._raw()))[::-1], start)

    def _fold(self, function: Any, items: list[tuple[int, Any]], start: tuple[Any, ...]) -> Any:
        call = callback(function)
        if start:
            total = start[0]
        elif items:
            total = recall(items.pop(0)[1])
        else:
            raise type_error("Reduce of empty array with no initial value")
        for index, item in items:
            total = call(total, recall(item), index, self)
        return total

    def includes(self, value: Any = None, start: Any = 0) -> bool:
        items = self._raw()
        return any(same_value_zero(recall(x), value) for x in items[_place(start, len(items)) :])

    def indexOf(self, value: Any = None, start: Any = 0) -> int:
        items = self._raw()
        first = _place(start, len(items))
        for index in range(first, len(items)):
            if strictly_equal(items[index], value):
                return index
        return -1

    def lastIndexOf(self, value: Any = None, start: Any = None) -> int:
        items = self._raw()
        last = len(items) - 1 if start is None else min(to_integer(start), len(items) - 1)
        for index in range(last if last >= 0 else len(items) + last, -1, -1):
            if strictly_equal(items[index], value):
                return index
        return -1

    def join(self, separator: Any = None) -> str:
        glue = "," if separator is None else to_string(separator)
        return glue.join(_joined(recall(item)) for item in self._raw())

    def toString(self) -> str:
        return self.join()

    def toLocaleString(self) -> str:
        return self.join()

    def slice(self, start: Any = 0, end: Any = None) -> Any:
        items = self._raw()
        count = len(items)
        stop = count if end is None else _place(end, count)
        return self._like(list(items[_place(start, count) : stop]))

    def toReversed(self) -> Any:
        return self._like(self._raw()[::-1])

    def toSorted(self, comparator: Any = None) -> Any:
        return self._like(self._ordered(comparator))

    def sort(self, comparator: Any = None) -> Any:
        self._replace(self._ordered(comparator))
        return self

    def _ordered(self, comparator: Any) -> list[Any]:
        raise NotImplementedError

    def with_(self, index: Any = 0, value: Any = None) -> Any:
        items = list(self._raw())
        place = to_integer(index)
        if not -len(items) <= place < len(items):
            raise range_error("Invalid index : " + to_string(index))
        items[place] = value
        return self._like(items)

    def fill(self, value: Any = None, start: Any = 0, end: Any = None) -> Any:
        items = list(self._raw())
        count = len(items)
        first, stop = _place(start, count), count if end is None else _place(end, count)
        items[first:stop] = [value] * max(0, stop - first)
        self._replace(items)
        return self

    def copyWithin(self, target: Any = 0, start: Any = 0, end: Any = None) -> Any:
        items = list(self._raw())
        count = len(items)
        to, first = _place(target, count), _place(start, count)
        moved = items[first : count if end is None else _place(end, count)][: count - to]
        items[to : to + len(moved)] = moved
        self._replace(items)
        return self

    def _entries(self) -> Iterator[tuple[str, Any]]:
        return ((str(index), recall(x)) for index, x in enumerate(self._raw()))


def callback(function: Any, this: Any = None) -> Callable[..., Any]:
    """``function``, or JavaScript's complaint that it is none."""
    if not is_callable(function):
        raise type_error(f"{_named(function)} is not a function")
    return bound(function, this)


def _named(value: Any) -> str:
    if isinstance(value, JsProxy):
        return f"#<{type(value)._js_name}>"
    return f'"{value}"' if isinstance(value, str) else to_string(value)


def comparator_key(comparator: Any) -> Callable[[Any], Any]:
    """A sort key of a callback ``(a, b)``.

    Raises:
        JsException: it is no function.
    """
    if not is_callable(comparator):
        raise type_error("The comparison function must be either a function or undefined")

    def compare(left: Any, right: Any) -> float:
        result = to_number(comparator(recall(left), recall(right)))
        return 0 if result != result else result

    return functools.cmp_to_key(compare)  # type: ignore[arg-type]


def _place(index: Any, count: int) -> int:
    """A relative index, clamped: -1 is the last item."""
    place = to_integer(index)
    return max(0, count + place) if place < 0 else min(place, count)


def _joined(item: Any) -> str:
    return "" if is_nullish(item) else to_string(item)
