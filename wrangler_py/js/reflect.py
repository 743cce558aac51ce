"""The `Reflect` object.

Implements: https://tc39.es/ecma262/#sec-reflect-object
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .array import JsArray
from .convert import to_string
from .errors import JsException, type_error
from .object import lock_of
from .object_class import (
    define_property,
    get_property,
    has_property,
    property_descriptor,
    property_names,
    prototype_of,
    set_property,
)
from .proxy import JsFunction, JsProxy


class _Reflect(JsProxy, js_name="Reflect", raw=True):
    """`Reflect`: what operators do, as functions."""

    constructor = JsProxy.constructor

    def __init__(self) -> None:
        for name, function in _FUNCTIONS.items():
            setattr(self, name, JsFunction(function, name))


def apply(function: Any = None, this: Any = None, args: Any = ()) -> Any:
    if isinstance(function, JsFunction):
        return function.apply(this, args)
    return function(*(args or ()))


def construct(target: Any = None, args: Any = (), *_: Any) -> Any:
    new = getattr(target, "new", None)
    if new is None:
        raise type_error(f"{to_string(target)} is not a constructor")
    return new(*(args or ()))


def _set(target: Any = None, key: Any = None, value: Any = None) -> bool:
    try:
        set_property(target, to_string(key), value)
    except JsException:
        return False
    return True


def _delete(target: Any = None, key: Any = None) -> bool:
    try:
        delattr(target, to_string(key))
    except (AttributeError, JsException):
        return False
    return True


def _define(target: Any = None, key: Any = None, descriptor: Any = None) -> bool:
    if lock_of(target):
        return False
    define_property(target, key, descriptor)
    return True


def _own_keys(target: Any = None) -> JsArray:
    return property_names(target)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "apply": apply,
    "construct": construct,
    "defineProperty": _define,
    "deleteProperty": _delete,
    "get": lambda target=None, key=None: get_property(target, to_string(key)),
    "getOwnPropertyDescriptor": property_descriptor,
    "getPrototypeOf": prototype_of,
    "has": lambda target=None, key=None: has_property(target, to_string(key)),
    "isExtensible": lambda target=None: lock_of(target) == 0,
    "ownKeys": _own_keys,
    "set": _set,
}

Reflect = _Reflect()
