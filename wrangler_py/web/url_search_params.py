"""URLSearchParams: the query of a URL as an ordered list of pairs.

It has a size, `get` and `set`, so Pyodide shows it as a mutable mapping: iterating it gives
keys, and Python's `keys()`, `values()` and `items()` hide JavaScript's.

Implements: https://url.spec.whatwg.org/#interface-urlsearchparams
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any

from ..js.array import JsArray
from ..js.callbacks import invoke
from ..js.convert import is_primitive
from ..js.null import null
from ..js.object import entries_of
from ..js.proxy import JsProxy
from .idl import USVString, iterate, require_callable, string_pairs, usv_string, without_new
from .iterators import EntryIterator, Pair
from .urlencoded import decode, encode


class URLSearchParams(JsProxy):
    """Names and values of a query, in order."""

    _called_without_new = without_new("URLSearchParams")
    _update: Callable[[str], None] | None = None
    """Tells the URL that these belong to, with the new query."""

    keys = Mapping.keys
    values = Mapping.values
    items = Mapping.items
    pop = MutableMapping.pop
    popitem = MutableMapping.popitem
    clear = MutableMapping.clear
    update = MutableMapping.update
    setdefault = MutableMapping.setdefault

    def __init__(self, init: Any = None) -> None:
        self._list: list[tuple[str, str]] = [] if init is None else _pairs_of(init)

    @classmethod
    def _of(cls, query: str, update: Callable[[str], None]) -> URLSearchParams:
        """Make the live parameters of a URL whose query is ``query``."""
        params = cls()
        params._read(query)
        params._update = update
        return params

    def _read(self, query: str) -> None:
        """Take over the query of the URL, with or without its question mark."""
        self._list[:] = decode(query.removeprefix("?"))

    def _changed(self) -> None:
        if self._update is not None:
            self._update(encode(self._list))

    @property
    def size(self) -> int:
        return len(self._list)

    def __len__(self) -> int:
        return len(self._list)

    def __iter__(self) -> Iterator[str]:
        return iter([name for name, _ in self._list])

    def _pairs(self) -> Iterator[tuple[str, str]]:
        """Iterate as JavaScript does, over the live list."""
        return iter(self._list)

    def get(self, name: USVString) -> Any:
        name = usv_string(name)
        for key, value in self._list:
            if key == name:
                return value
        return null()

    __getitem__ = get

    def getAll(self, name: USVString) -> JsArray:
        name = usv_string(name)
        return JsArray([value for key, value in self._list if key == name])

    def has(self, name: USVString, value: Any = None) -> bool:
        match = _matcher(name, value)
        return any(match(pair) for pair in self._list)

    def __contains__(self, name: Any) -> bool:
        return self.has(name)

    def append(self, name: USVString, value: USVString) -> None:
        self._list.append((usv_string(name), usv_string(value)))
        self._changed()

    def set(self, name: USVString, value: USVString) -> None:
        name, value = usv_string(name), usv_string(value)
        kept: list[tuple[str, str]] = []
        placed = False
        for pair in self._list:
            if pair[0] != name:
                kept.append(pair)
            elif not placed:
                kept.append((name, value))
                placed = True
        if not placed:
            kept.append((name, value))
        self._list[:] = kept
        self._changed()

    def __setitem__(self, name: str, value: str) -> None:
        self.set(name, value)

    def delete(self, name: USVString, value: Any = None) -> None:
        match = _matcher(name, value)
        self._list[:] = [pair for pair in self._list if not match(pair)]
        self._changed()

    def __delitem__(self, name: str) -> None:
        # Pyodide takes the undefined that JavaScript's delete() returns for "was not there"
        self.delete(name)
        raise KeyError(name)

    def sort(self) -> None:
        # code units, not code points: a surrogate sorts below U+E000
        self._list.sort(key=lambda pair: pair[0].encode("utf-16-be"))
        self._changed()

    def entries(self) -> EntryIterator:
        return EntryIterator(Pair(name, value) for name, value in self._list)

    def forEach(self, callback: Any = None, thisArg: Any = None) -> None:
        require_callable(callback, "URLSearchParams", "forEach")
        for name, value in self._list:
            invoke(callback, value, name, self)

    def toString(self) -> str:
        return encode(self._list)

    def _entries(self) -> Iterator[tuple[str, Any]]:
        return iter(())


MutableMapping.register(URLSearchParams)


def _matcher(name: Any, value: Any) -> Callable[[tuple[str, str]], bool]:
    name = usv_string(name)
    if value is None:
        return lambda pair: pair[0] == name
    wanted = (name, usv_string(value))
    return lambda pair: pair == wanted


def _pairs_of(init: Any) -> list[tuple[str, str]]:
    if isinstance(init, URLSearchParams):
        return list(init._list)
    if is_primitive(init):
        return decode(usv_string(init).removeprefix("?"))
    items = iterate(init)
    if items is not None:
        return list(string_pairs(items, "Invalid URL search params sequence."))
    return [(usv_string(name), usv_string(value)) for name, value in entries_of(init)]
