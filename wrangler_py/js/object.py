"""Plain JavaScript objects, and the `Object` functions.

Implements: https://tc39.es/ecma262/#sec-object-objects
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from typing import Any

from .callbacks import PyProxy, recall, retain
from .convert import to_string
from .errors import type_error
from .null import is_nullish
from .proxy import JsProxy


class JsObject(JsProxy, js_name="Object", raw=True):
    """A plain object: attributes are its properties."""

    _props: dict[str, Any]

    def __init__(self, props: dict[str, Any] | None = None) -> None:
        object.__setattr__(self, "_props", {} if props is None else props)

    @classmethod
    def _construct(cls, *args: Any) -> Any:
        value = args[0] if args else None
        return JsObject() if is_nullish(value) else value

    def __getattr__(self, name: str) -> Any:
        props = self._props
        if name in props:
            return recall(props[name])
        if name.endswith("_") and name[:-1] in props:
            return recall(props[name[:-1]])
        raise AttributeError(name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._props[_property_name(name)] = value

    def __delattr__(self, name: str) -> None:
        if self._props.pop(_property_name(name), self) is self:
            raise AttributeError(name)

    def __dir__(self) -> Iterable[str]:
        return [*super().__dir__(), *self._props]

    def _member(self, name: str) -> Any:
        return recall(self._props.get(name))

    def _entries(self) -> Iterator[tuple[str, Any]]:
        return ((key, recall(value)) for key, value in self._props.items())

    def hasOwnProperty(self, name: Any) -> bool:
        return to_string(name) in self._props


def _property_name(name: str) -> str:
    stem = name[:-1]
    return stem if name.endswith("_") and keyword.iskeyword(stem) else name


class ObjectMap(JsProxy, js_name="Object", raw=True):
    """`obj.as_object_map()`: a plain object's properties as a Python mapping."""

    get = Mapping.get
    keys = Mapping.keys
    values = Mapping.values
    items = Mapping.items
    __contains__ = Mapping.__contains__
    pop = MutableMapping.pop
    popitem = MutableMapping.popitem
    clear = MutableMapping.clear
    update = MutableMapping.update
    setdefault = MutableMapping.setdefault

    def __init__(self, target: JsProxy) -> None:
        self._target = target

    def __getitem__(self, key: str) -> Any:
        for name, value in self._target._entries():
            if name == key:
                return value
        raise KeyError(key)

    def __setitem__(self, key: str, value: Any) -> None:
        setattr(self._target, key, value)

    def __delitem__(self, key: str) -> None:
        try:
            delattr(self._target, key)
        except AttributeError:
            raise KeyError(key) from None

    def __iter__(self) -> Iterator[str]:
        return (key for key, _ in self._target._entries())

    def __len__(self) -> int:
        return sum(1 for _ in self._target._entries())


MutableMapping.register(ObjectMap)


def entries_of(value: Any) -> list[tuple[str, Any]]:
    """Own enumerable string-keyed properties of anything a script may pass."""
    if is_nullish(value):
        raise type_error("Cannot convert undefined or null to object")
    if isinstance(value, JsProxy):
        return list(value._entries())
    if isinstance(value, dict):
        return list(PyProxy(value)._entries())
    return []


def from_entries(pairs: Any) -> JsObject:
    """`Object.fromEntries`: keys become strings."""
    props: dict[str, Any] = {}
    for pair in pairs:
        key, value = pair
        props[to_string(key)] = retain(value)
    return JsObject(props)
