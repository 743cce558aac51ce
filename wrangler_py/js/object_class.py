"""The `Object` constructor's functions.

Implements: https://tc39.es/ecma262/#sec-properties-of-the-object-constructor
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import profile
from .array import JsArray
from .callbacks import PyProxy, recall, retain
from .convert import is_primitive, to_boolean, to_string
from .equality import same_value
from .errors import JsException, type_error
from .indexed import callback
from .iterators import described, iterate
from .null import is_nullish, jsnull
from .object import (
    FIXED,
    FROZEN,
    SEALED,
    JsObject,
    entries_of,
    from_entries,
    lock,
    lock_of,
)
from .proxy import JsProxy, Prototype


def _each(value: Any) -> list[tuple[str, Any]]:
    return [(key, recall(item)) for key, item in entries_of(value)]


def assign(target: Any = None, *sources: Any) -> Any:
    if is_nullish(target):
        raise type_error("Cannot convert undefined or null to object")
    for source in sources:
        if not is_nullish(source):
            borrowed = isinstance(source, JsObject) and source._is_options
            for key, value in entries_of(source):
                set_property(target, key, retain(value) if borrowed else value)
    return target


def set_property(target: Any, key: str, value: Any) -> None:
    """`target[key] = value`."""
    if isinstance(target, PyProxy):
        target = target._get()
    if isinstance(target, JsArray) and key.isdecimal():
        target[int(key)] = value
    elif isinstance(target, dict) and profile.current().dict_properties:
        target[key] = value
    else:
        setattr(target, key, value)


def get_property(target: Any, key: str) -> Any:
    """`target[key]`; undefined is None."""
    if isinstance(target, JsObject):
        return target._member(key)
    found = dict(_each(target))
    return found[key] if key in found else getattr(target, key, None)


def has_property(target: Any, key: str) -> bool:
    """`key in target`."""
    if any(name == key for name, _ in entries_of(target)):
        return True
    return not key.startswith("_") and hasattr(target, key)


def create(proto: Any = None, properties: Any = None) -> JsObject:
    if proto is not jsnull and (proto is None or is_primitive(proto)):
        raise type_error(f"Object prototype may only be an Object or null: {to_string(proto)}")
    made = JsObject()
    if proto is not jsnull and not isinstance(proto, Prototype):
        object.__setattr__(made, "_proto", proto)
    if properties is not None:
        define_properties(made, properties)
    return made


def define_property(target: Any = None, key: Any = None, descriptor: Any = None) -> Any:
    if is_primitive(target):
        raise type_error("Object.defineProperty called on non-object")
    if is_primitive(descriptor):
        raise type_error(f"Property description must be an object: {to_string(descriptor)}")
    name = to_string(key)
    options = dict(_each(descriptor))
    getter = options.get("get")
    value = getter() if callable(getter) else options.get("value")
    set_property(target, name, value)
    if isinstance(target, JsObject) and not to_boolean(options.get("enumerable")):
        hidden = target.__dict__.get("_hidden", frozenset())
        object.__setattr__(target, "_hidden", hidden | {name})
    return target


def define_properties(target: Any = None, properties: Any = None) -> Any:
    for key, descriptor in _each(properties):
        define_property(target, key, descriptor)
    return target


def has_own(value: Any = None, key: Any = None) -> bool:
    """`Object.hasOwn`: a property that is not enumerable counts."""
    return to_string(key) in property_names(value)._items


def property_names(value: Any = None) -> JsArray:
    names = [key for key, _ in entries_of(value)]
    if isinstance(value, JsObject):
        names += [key for key in value._props if key not in names]
    if isinstance(value, (JsArray, str)):
        names.append("length")
    if isinstance(value, JsException):
        names += ["stack", "message"]
    return JsArray(names)


def property_descriptor(value: Any = None, key: Any = None) -> Any:
    name = to_string(key)
    own = value._props if isinstance(value, JsObject) else dict(entries_of(value))
    if name not in own:
        return None
    hidden = value.__dict__.get("_hidden", ()) if isinstance(value, JsObject) else ()
    return JsObject(
        {
            "value": own[name],
            "writable": lock_of(value) < FROZEN,
            "enumerable": name not in hidden,
            "configurable": lock_of(value) < SEALED,
        }
    )


def prototype_of(value: Any = None) -> Any:
    if isinstance(value, JsObject):
        return value.__dict__.get("_proto") or Prototype(JsObject)
    return Prototype(type(value)) if isinstance(value, JsProxy) else jsnull


def group_by(items: Any = None, function: Any = None) -> JsObject:
    call = callback(function)
    groups: dict[str, Any] = {}
    for index, item in enumerate(iterate(items)):
        groups.setdefault(to_string(call(item, index)), JsArray())._items.append(item)
    return JsObject(groups)


def _locking(level: int) -> Callable[[Any], Any]:
    def locked(value: Any = None) -> Any:
        lock(value, level)
        return value

    return locked


def _locked(level: int) -> Callable[[Any], bool]:
    def locked(value: Any = None) -> bool:
        return lock_of(value) >= level

    return locked


def _from_entries(entries: Any = None) -> JsObject:
    if not is_nullish(entries) and is_primitive(entries) and not isinstance(entries, str):
        raise type_error(
            f"{described(entries)} is not iterable (cannot read property Symbol(Symbol.iterator))"
        )
    return from_entries(entries)


_STATICS: dict[str, Callable[..., Any]] = {
    "assign": assign,
    "create": create,
    "defineProperties": define_properties,
    "defineProperty": define_property,
    "entries": lambda value=None: JsArray([JsArray([k, v]) for k, v in entries_of(value)]),
    "freeze": _locking(FROZEN),
    "fromEntries": _from_entries,
    "getOwnPropertyDescriptor": property_descriptor,
    "getOwnPropertyNames": property_names,
    "getPrototypeOf": prototype_of,
    "groupBy": group_by,
    "hasOwn": has_own,
    "is_": lambda left=None, right=None: same_value(left, right),
    "isExtensible": lambda value=None: lock_of(value) < FIXED,
    "isFrozen": _locked(FROZEN),
    "isSealed": _locked(SEALED),
    "keys": lambda value=None: JsArray([key for key, _ in entries_of(value)]),
    "preventExtensions": _locking(FIXED),
    "seal": _locking(SEALED),
    "values": lambda value=None: JsArray([item for _, item in entries_of(value)]),
}


class Object(JsProxy, raw=True):
    """What the name `Object` stands for: instances are `JsObject`, whose names are free."""

    _construct = JsObject._construct
    _called = JsObject._construct
    hasOwnProperty = JsObject.hasOwnProperty


for _name, _function in _STATICS.items():
    setattr(Object, _name, staticmethod(_function))
JsObject.constructor._class = Object
Object.constructor = JsObject.constructor
