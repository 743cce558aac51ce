"""Headers: an ordered, case-insensitive header list.

Implements: https://fetch.spec.whatwg.org/#headers-class
Differs, as workerd does: values are UTF-8, not ByteStrings; `getAll("Set-Cookie")` exists;
an empty name is taken; the only guard is "immutable".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Literal

from ..js.array import JsArray
from ..js.callbacks import invoke
from ..js.convert import is_primitive, to_string
from ..js.errors import type_error
from ..js.null import null
from ..js.object import entries_of
from ..js.proxy import JsProxy
from .idl import (
    bad_init,
    iterate,
    require_callable,
    string_pairs,
    usv_string,
    without_new,
)
from .iterators import EntryIterator, KeyIterator, Pair, ValueIterator

Guard = Literal["none", "immutable"]

_NO_TOKEN = re.compile(r'[\x00-\x20\x7f()<>@,;:\\"/\[\]?={}]')
_NO_VALUE = re.compile(r"[\0\r\n]")
_SET_COOKIE = "set-cookie"
_PAIR_LENGTH = (
    "To initialize a Headers object from a sequence, each inner sequence "
    "must have exactly two elements."
)


@lru_cache(maxsize=1024)
def _key(name: str) -> str:
    """``name`` in lower case.

    Raises:
        JsException: a TypeError, if it is no header name.
    """
    if _NO_TOKEN.search(name):
        raise type_error("Invalid header name.")
    return _lower(name)


@lru_cache(maxsize=4096)
def _lower(name: str) -> str:
    """Lower the ASCII letters of ``name``, and no others."""
    return name.lower() if name.isascii() else name.encode().lower().decode()


def _value(value: Any) -> str:
    text = usv_string(value).strip(" \t\r\n")
    if _NO_VALUE.search(text):
        raise type_error("Invalid header value.")
    return text


class Headers(JsProxy):
    """Headers of a request or a response."""

    _called_without_new = without_new("Headers")

    def __init__(self, init: Any = None) -> None:
        self._guard: Guard = "none"
        self._reset([])
        if init is None:
            return
        if isinstance(init, Headers):
            self._pairs.extend(init._pairs)
            return
        for name, value in _pairs_of(init):
            _key(name)
            self._pairs.append((name, _value(value)))

    @classmethod
    def _of(cls, pairs: list[tuple[str, str]], guard: Guard = "none") -> Headers:
        """Take over ``pairs``, which came from the network or from us: they are not checked."""
        headers = cls.__new__(cls)
        headers._guard = guard
        headers._reset(pairs)
        return headers

    def _reset(self, pairs: list[tuple[str, str]]) -> None:
        """Replace the list; what was derived from the old one is forgotten."""
        self._pairs = pairs
        self._by_name: dict[str, list[str]] | None = None
        self._shown: list[tuple[str, str]] | None = None

    def _values(self) -> dict[str, list[str]]:
        """Values by lower-case name."""
        found = self._by_name
        if found is None:
            found = self._by_name = {}
            for name, value in self._pairs:
                key = _lower(name)
                if key in found:
                    found[key].append(value)
                else:
                    found[key] = [value]
        return found

    def _sorted(self) -> list[tuple[str, str]]:
        """The pairs as iteration shows them: by name, combined, each Set-Cookie on its own."""
        shown = self._shown
        if shown is None:
            shown = self._shown = []
            for name, values in sorted(self._values().items()):
                if name == _SET_COOKIE:
                    shown.extend((name, value) for value in values)
                else:
                    shown.append((name, ", ".join(values)))
        return shown

    def _find(self, name: str) -> str | None:
        """Return the combined value of the lower-case ``name``, for our own use."""
        values = self._values().get(name)
        return None if values is None else ", ".join(values)

    def _check_guard(self) -> None:
        if self._guard == "immutable":
            raise type_error("Can't modify immutable headers.")

    def get(self, name: str) -> Any:
        values = self._values().get(_key(to_string(name)))
        if values is None:
            return null()
        return values[0] if len(values) == 1 else ", ".join(values)

    __getitem__ = get

    def __setitem__(self, name: str, value: str) -> None:
        self.set(name, value)

    def __delitem__(self, name: str) -> None:
        # Pyodide takes the undefined that JavaScript's delete() returns for "was not there"
        self.delete(name)
        raise KeyError(name)

    def has(self, name: str) -> bool:
        return _key(to_string(name)) in self._values()

    __contains__ = has

    def getSetCookie(self) -> JsArray:
        return JsArray(list(self._values().get(_SET_COOKIE, ())))

    def getAll(self, name: str) -> JsArray:
        if _lower(to_string(name)) != _SET_COOKIE:
            raise type_error('getAll() can only be used with the header name "Set-Cookie".')
        return self.getSetCookie()

    def append(self, name: str, value: str) -> None:
        self._check_guard()
        text = _value(value)
        name = usv_string(name)
        _key(name)
        self._reset([*self._pairs, (name, text)])

    def set(self, name: str, value: str) -> None:
        self._check_guard()
        text = _value(value)
        name = usv_string(name)
        key = _key(name)
        if key not in self._values():
            self._reset([*self._pairs, (name, text)])
            return
        kept: list[tuple[str, str]] = []
        placed = False
        for old, content in self._pairs:
            if _lower(old) != key:
                kept.append((old, content))
            elif not placed:
                kept.append((old, text))
                placed = True
        self._reset(kept)

    def delete(self, name: str) -> None:
        self._check_guard()
        key = _key(to_string(name))
        self._reset([pair for pair in self._pairs if _lower(pair[0]) != key])

    def __iter__(self) -> Iterator[JsArray]:
        return iter([Pair(name, value) for name, value in self._sorted()])

    def entries(self) -> EntryIterator:
        return EntryIterator(iter(self))

    def keys(self) -> KeyIterator:
        return KeyIterator(iter([name for name, _ in self._sorted()]))

    def values(self) -> ValueIterator:
        return ValueIterator(iter([value for _, value in self._sorted()]))

    def forEach(self, callback: Any = None, thisArg: Any = None) -> None:
        require_callable(callback, "Headers", "forEach")
        for name, value in list(self._sorted()):
            invoke(callback, value, name, self)

    def _entries(self) -> Iterator[tuple[str, Any]]:
        return iter(())


def _pairs_of(init: Any) -> Iterable[tuple[str, str]]:
    """Read any other `HeadersInit`: a sequence of pairs or a record."""
    if is_primitive(init):
        raise bad_init("Headers", 1, "Headers or Sequence or object")
    items = iterate(init)
    if items is not None:
        return list(string_pairs(items, _PAIR_LENGTH))
    return [(name, usv_string(value)) for name, value in entries_of(init)]
