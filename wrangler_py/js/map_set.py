"""Map, Set and their weak relatives; Python sees a Map as a mutable mapping.

Implements: https://tc39.es/ecma262/#sec-keyed-collections
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from typing import Any

from . import profile
from .array import JsArray
from .callbacks import Expired, iterated, recall, retain
from .convert import is_bigint, is_primitive
from .errors import type_error
from .indexed import callback
from .iterators import JsIterator, iterate, pairs
from .null import is_nullish
from .proxy import JsProxy

_MISSING = object()


def same_value_key(value: Any) -> Any:
    """A hashable key with SameValueZero's equality: objects by identity, 1 apart from True."""
    if type(value) is str:
        return value
    if not is_primitive(value):
        return (id(value),)
    if value != value:
        return "NaN", None
    kind = "big" if is_bigint(value) else isinstance(value, bool)
    return str(value) if isinstance(value, str) else (kind, value)


class JsMap(JsProxy, js_name="Map", raw=True):
    """A Map. `get`, `keys`, `values`, `items` and `pop` are Python's, as in Pyodide."""

    _called_without_new = "Constructor Map requires 'new'"

    keys = Mapping.keys
    values = Mapping.values
    items = Mapping.items
    popitem = MutableMapping.popitem
    setdefault = MutableMapping.setdefault

    def __init__(self, entries: Iterable[Any] = (), *_: Any) -> None:
        self._store: dict[Any, tuple[Any, Any]] = {}
        for key, value in pairs(entries):
            self._store[same_value_key(key)] = (key, value)

    @classmethod
    def _converted(cls, entries: Iterable[Any]) -> JsMap:
        """A Map of values that `to_js` made: none of them is borrowed."""
        made = cls()
        made._store = {same_value_key(key): (key, value) for key, value in entries}
        return made

    def _pairs(self) -> Iterator[tuple[Any, Any]]:
        return ((recall(key), recall(value)) for key, value in list(self._store.values()))

    @property
    def size(self) -> int:
        return len(self._store)

    def get(self, key: Any = None, default: Any = None) -> Any:
        value = self._store.get(same_value_key(key), (None, _MISSING))[1]
        return default if value is _MISSING or type(value) is Expired else recall(value)

    def has(self, key: Any = None, *_: Any) -> bool:
        return same_value_key(key) in self._store

    def set(self, key: Any = None, value: Any = None, *_: Any) -> JsMap:
        self._store[same_value_key(key)] = (retain(key), retain(value))
        return self

    def delete(self, key: Any = None, *_: Any) -> bool:
        return self._store.pop(same_value_key(key), None) is not None

    def clear(self, *_: Any) -> None:
        self._store.clear()

    def entries(self, *_: Any) -> JsIterator:
        rows = (JsArray([key, value]) for key, value in list(self._store.values()))
        return JsIterator(rows, "Map Iterator")

    def forEach(self, function: Any = None, _this: Any = None, *_: Any) -> None:
        call = callback(function)
        for key, value in self._pairs():
            call(value, key, self)

    def pop(self, key: Any, default: Any = _MISSING) -> Any:
        entry = self._store.pop(same_value_key(key), None)
        if entry is not None:
            return recall(entry[1])
        if default is _MISSING:
            raise KeyError(key)
        return default

    def update(self, other: Any = (), /, **more: Any) -> None:
        if not profile.current().has_bigint:
            more = {}  # older versions drop the keyword arguments
        MutableMapping.update(self, other, **more)

    def __getitem__(self, key: Any) -> Any:
        entry = self._store.get(same_value_key(key))
        if entry is None:
            raise KeyError(key)
        return recall(entry[1])

    def __setitem__(self, key: Any, value: Any) -> None:
        self._store[same_value_key(key)] = (key, value)

    def __delitem__(self, key: Any) -> None:
        if self._store.pop(same_value_key(key), None) is None:
            raise KeyError(key)

    def __contains__(self, key: Any) -> bool:
        return same_value_key(key) in self._store

    def __iter__(self) -> Iterator[Any]:
        return JsIterator((recall(key) for key, _ in list(self._store.values())), "Map Iterator")

    def __len__(self) -> int:
        return len(self._store)


MutableMapping.register(JsMap)
Map = JsMap


class LiteralMap(JsMap, js_name="LiteralMap", raw=True):
    """A Map whose string keys are properties as well (Pyodide 0.28's `to_js(dict)`)."""

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("__"):
            for spelling in (name, name[:-1]) if name.endswith("_") else (name,):
                entry = self._store.get(spelling)
                if entry is not None:
                    return recall(entry[1])
        return super().__getattr__(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            object.__setattr__(self, name, value)
        else:
            self[name] = value

    def _member(self, name: str) -> Any:
        entry = self._store.get(name)
        return None if entry is None else recall(entry[1])

    def _entries(self) -> Iterator[tuple[str, Any]]:
        return ((key, value) for key, value in self._pairs() if isinstance(key, str))


class JsSet(JsProxy, js_name="Set"):
    """A Set; Python sees a sized, iterable collection, not a `collections.abc.Set`."""

    _called_without_new = "Constructor Set requires 'new'"

    def __init__(self, items: Any = None) -> None:
        values = () if is_nullish(items) else iterate(items)
        self._store = {same_value_key(item): iterated(item) for item in values}

    @classmethod
    def _converted(cls, items: Iterable[Any]) -> JsSet:
        """A Set of values that `to_js` made: none of them is borrowed."""
        made = cls()
        made._store = {same_value_key(item): item for item in items}
        return made

    @property
    def size(self) -> int:
        return len(self._store)

    def add(self, value: Any = None) -> JsSet:
        self._store.setdefault(same_value_key(value), retain(value))
        return self

    def has(self, value: Any = None) -> bool:
        return same_value_key(value) in self._store

    def delete(self, value: Any = None) -> bool:
        return self._store.pop(same_value_key(value), _MISSING) is not _MISSING

    def clear(self) -> None:
        self._store.clear()

    def entries(self) -> JsIterator:
        rows = (JsArray([item, item]) for item in list(self._store.values()))
        return JsIterator(rows, "Set Iterator")

    def values(self) -> JsIterator:
        return JsIterator(map(recall, list(self._store.values())), "Set Iterator")

    def keys(self) -> JsIterator:
        return self.values()

    def forEach(self, function: Any = None, _this: Any = None) -> None:
        call = callback(function)
        for item in self.values():
            call(item, item, self)

    def union(self, other: Any = None) -> JsSet:
        return JsSet._converted([*self, *iterate(other)])

    def intersection(self, other: Any = None) -> JsSet:
        theirs = JsSet(other)
        return JsSet._converted([item for item in self if theirs.has(item)])

    def difference(self, other: Any = None) -> JsSet:
        theirs = JsSet(other)
        return JsSet._converted([item for item in self if not theirs.has(item)])

    def isSubsetOf(self, other: Any = None) -> bool:
        theirs = JsSet(other)
        return all(theirs.has(item) for item in self)

    def __contains__(self, value: Any) -> bool:
        return same_value_key(value) in self._store

    def __iter__(self) -> Iterator[Any]:
        return self.values()

    def __len__(self) -> int:
        return len(self._store)


Set = JsSet


class WeakMap(JsProxy):
    """A WeakMap: holds its keys as long as it lives, which no script can tell."""

    _called_without_new = "Constructor WeakMap requires 'new'"

    def __init__(self, entries: Any = None) -> None:
        self._store: dict[int, tuple[Any, Any]] = {}
        for key, value in pairs(entries):
            self.set(key, value)

    def get(self, key: Any = None) -> Any:
        return recall(self._store.get(id(key), (None, None))[1])

    def has(self, key: Any = None) -> bool:
        return id(key) in self._store

    def set(self, key: Any = None, value: Any = None) -> WeakMap:
        if is_primitive(key):
            raise type_error("Invalid value used as weak map key")
        self._store[id(key)] = (key, retain(value))
        return self

    def delete(self, key: Any = None) -> bool:
        return self._store.pop(id(key), None) is not None


class WeakSet(JsProxy):
    """A WeakSet: holds its members as long as it lives, which no script can tell."""

    _called_without_new = "Constructor WeakSet requires 'new'"

    def __init__(self, items: Any = None) -> None:
        self._store: dict[int, Any] = {}
        for item in () if is_nullish(items) else iterate(items):
            self.add(item)

    def add(self, value: Any = None) -> WeakSet:
        if is_primitive(value):
            raise type_error("Invalid value used in weak set")
        self._store[id(value)] = value
        return self

    def has(self, value: Any = None) -> bool:
        return id(value) in self._store

    def delete(self, value: Any = None) -> bool:
        return self._store.pop(id(value), None) is not None


class WeakRef(JsProxy):
    """A WeakRef: its target is never collected, which no script can tell."""

    _called_without_new = "Constructor WeakRef requires 'new'"

    def __init__(self, target: Any = None) -> None:
        if is_primitive(target):
            raise type_error("WeakRef: target must be an object")
        self._target = retain(target)

    def deref(self) -> Any:
        return recall(self._target)
