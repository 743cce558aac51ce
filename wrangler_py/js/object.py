"""Plain JavaScript objects and the Python mapping views of them.

Implements: https://tc39.es/ecma262/#sec-object-objects
"""

from __future__ import annotations

import keyword
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any

from . import calling, profile
from .callbacks import PyProxy, recall, retain
from .convert import to_string
from .errors import type_error
from .null import is_nullish
from .proxy import JsProxy


class JsObject(JsProxy, js_name="Object", raw=True):
    """A plain object: attributes are its properties."""

    _props: dict[str, Any]

    def __init__(self, props: dict[str, Any] | None = None) -> None:
        if props is None:
            props = {}
        elif "length" in props or "size" in props:
            object.__setattr__(self, "__class__", SizedObject)
        object.__setattr__(self, "_props", props)

    @classmethod
    def _construct(cls, *args: Any) -> Any:
        if not args or isinstance(args[0], JsProxy):
            return args[0] if args else JsObject()
        from .boxed import to_object  # primitives' objects are JsProxies themselves

        return to_object(args[0])

    _called = _construct

    def __getattr__(self, name: str) -> Any:
        props = self._props
        key = _property_name(name) if name[-1:] == "_" else name
        if key in props:
            return recall(props[key])
        proto = self.__dict__.get("_proto")
        if proto is not None:
            return getattr(proto, name)
        raise AttributeError(name)

    def __setattr__(self, name: str, value: Any) -> None:
        name = _property_name(name)
        if "_lock" in self.__dict__:
            self._check(name)
        self._props[name] = value

    def __delattr__(self, name: str) -> None:
        name = _property_name(name)
        if self.__dict__.get("_lock", 0) >= SEALED and name in self._props:
            raise type_error(f"Cannot delete property '{name}' of #<Object>")
        self._props.pop(name, None)

    def _check(self, name: str) -> None:
        """Refuse a write that `Object.freeze` and its like forbid."""
        if name not in self._props:
            raise type_error(f"Cannot add property {name}, object is not extensible")
        if self.__dict__["_lock"] == FROZEN:
            raise type_error(f"Cannot assign to read only property '{name}' of object '#<Object>'")

    def __dir__(self) -> Iterable[str]:
        names = (f"{key}_" if keyword.iskeyword(key) else key for key in self._props)
        return [*super().__dir__(), *names]

    def __bool__(self) -> bool:
        size = self._props.get("size")
        return size is None or size != 0

    def _expire(self) -> None:
        """The call is over whose keyword arguments these are."""
        for key, value in self._props.items():
            self._props[key] = retain(value)

    def _member(self, name: str) -> Any:
        if name in self._props:
            return recall(self._props[name])
        proto = self.__dict__.get("_proto")
        return None if proto is None else getattr(proto, name, None)

    def _entries(self) -> Iterator[tuple[str, Any]]:
        return ((key, recall(value)) for key, value in self._raw_entries())

    def _raw_entries(self) -> Iterable[tuple[str, Any]]:
        """Own enumerable properties as they are kept; integer keys come first."""
        items: Iterable[tuple[str, Any]] = self._props.items()
        if any(key[:1].isdigit() and is_array_index(key) for key in self._props):
            numbered = [key for key in self._props if is_array_index(key)]
            named = [key for key in self._props if not is_array_index(key)]
            items = [(key, self._props[key]) for key in (*sorted(numbered, key=int), *named)]
        hidden = self.__dict__.get("_hidden")
        return items if hidden is None else [pair for pair in items if pair[0] not in hidden]

    def hasOwnProperty(self, name: Any = None) -> bool:
        return to_string(name) in self._props


class SizedObject(JsObject, js_name="Object", raw=True):
    """A plain object that was made with a `length` or a `size`: Python's `len` reads it."""

    constructor = JsObject.constructor

    def __len__(self) -> int:
        size = self._props.get("size", self._props.get("length"))
        if not isinstance(size, int):
            raise TypeError(f"object of type 'pyodide.ffi.{self._type_name}' has no len()")
        return size


def options_of(options: dict[str, Any]) -> Any:
    """Keyword arguments of a call as one object: what is borrowed in it ends with the call."""
    made = JsObject(options)
    made.__dict__["_is_options"] = True
    return made


calling.options_of = options_of  # calls with keyword arguments are too frequent for an import


FROZEN, SEALED, FIXED = 3, 2, 1
"""How far `Object.freeze`, `.seal` and `.preventExtensions` lock an object."""


def lock(obj: Any, level: int) -> None:
    """Lock a plain object; others are left as they are."""
    if isinstance(obj, JsObject):
        object.__setattr__(obj, "_lock", max(level, lock_of(obj)))


def lock_of(obj: Any) -> int:
    """Which of the levels from 0 to `FROZEN` holds ``obj``; a primitive is always frozen."""
    if isinstance(obj, JsObject):
        return int(obj.__dict__.get("_lock", 0))
    return 0 if isinstance(obj, JsProxy) else FROZEN


def is_array_index(key: str) -> bool:
    """Whether a property name is an integer as JavaScript writes it."""
    return key.isdecimal() and key.isascii() and (key == "0" or key[0] != "0")


def _property_name(name: str) -> str:
    """JavaScript's name for an attribute: `from` for `from_`, `from_` for `from__`."""
    return name[:-1] if name[-1:] == "_" and keyword.iskeyword(name.rstrip("_")) else name


class ObjectMap(JsProxy, js_name="Object", raw=True):
    """`obj.as_object_map()`: an object's properties as a Python mapping."""

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

    def __init__(self, target: JsProxy, wrap: Callable[[Any], Any] | None = None) -> None:
        self._target = target
        self._wrap = wrap

    def __getitem__(self, key: str) -> Any:
        for name, value in self._target._entries():
            if name == key:
                return value if self._wrap is None else self._wrap(value)
        raise KeyError(key)

    def __setitem__(self, key: str, value: Any) -> None:
        setattr(self._target, key, value)

    def __delitem__(self, key: str) -> None:
        if key not in self:
            raise KeyError(key)
        delattr(self._target, key)

    def __iter__(self) -> Iterator[str]:
        return (key for key, _ in self._target._entries())

    def __len__(self) -> int:
        return sum(1 for _ in self._target._entries())

    def __bool__(self) -> bool:
        return True

    def _entries(self) -> Iterator[tuple[str, Any]]:
        return self._target._entries()

    def to_py(self, **options: Any) -> Any:
        return self._target.to_py(**options)


MutableMapping.register(ObjectMap)


class ArrayView(JsProxy, js_name="Array", raw=True):
    """An array inside a JSON view: its objects read as mappings, too."""

    def __init__(self, target: Any) -> None:
        self._target = target

    def __getitem__(self, index: Any) -> Any:
        return _json_part(self._target[index])

    def __setitem__(self, index: Any, value: Any) -> None:
        self._target[index] = value

    def __len__(self) -> int:
        return len(self._target)

    def __iter__(self) -> Iterator[Any]:
        return map(_json_part, self._target)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target, name)

    def toString(self) -> str:
        return str(self._target.toString())

    def to_py(self, **options: Any) -> Any:
        return self._target.to_py(**options)


def as_object_map(obj: JsProxy, hereditary: bool) -> ObjectMap:
    """`obj.as_object_map()`; ``hereditary``: the values' properties as well."""
    if profile.current().name == "314":
        warnings.warn("as_object_map is deprecated, use as_py_json", RuntimeWarning, 3)
    return ObjectMap(obj, _inherited if hereditary else None)


def _inherited(value: Any) -> Any:
    return ObjectMap(value, _inherited) if isinstance(value, JsObject) else value


def json_view(obj: JsProxy) -> Callable[[], Any]:
    """`obj.as_py_json`: objects as mappings and arrays as sequences, all the way down.

    Raises:
        AttributeError: this Pyodide has no such method.
    """
    if not profile.current().has_jsnull:
        raise AttributeError("as_py_json")
    return lambda: _json_part(obj)


def _json_part(value: Any) -> Any:
    from .array import JsArray  # an array is a JsProxy

    if isinstance(value, JsArray):
        return ArrayView(value)
    return ObjectMap(value, _json_part) if isinstance(value, JsProxy) else value


def entries_of(value: Any) -> list[tuple[str, Any]]:
    """Own enumerable string-keyed properties of anything a script may pass."""
    if is_nullish(value):
        raise type_error("Cannot convert undefined or null to object")
    if isinstance(value, JsObject):
        return list(value._raw_entries())
    if isinstance(value, PyProxy):
        value = value._get()
    if isinstance(value, JsProxy):
        return list(value._entries())
    if isinstance(value, str):
        return [(str(index), char) for index, char in enumerate(value)]
    if profile.current().dict_properties and isinstance(value, dict):
        return [(to_string(key), item) for key, item in value.items()]
    return []


def from_entries(pairs: Any) -> JsObject:
    """`Object.fromEntries`: keys become strings."""
    from .iterators import pairs as each  # iterators give objects

    if is_nullish(pairs):
        raise type_error(f"{to_string(pairs)} is not iterable")
    return JsObject({to_string(key): value for key, value in each(pairs)})


def object_method(value: Any, name: str, args: tuple[Any, ...]) -> Any:
    """`Object.prototype[name].call(value, ...args)` for what is no JsProxy."""
    from .boxed import to_object  # primitives' objects are JsProxies themselves

    if name == "toString":
        return f"[object {_tag(value)}]"
    if name == "hasOwnProperty":
        return any(key == to_string(args[0]) for key, _ in entries_of(value))
    boxed = to_object(value)
    if not isinstance(boxed, JsProxy):
        raise type_error(f"Method {name} called on incompatible receiver {to_string(value)}")
    return getattr(boxed, name)(*args)


def _tag(value: Any) -> str:
    if is_nullish(value):
        return "Undefined" if value is None else "Null"
    if isinstance(value, JsProxy) and not isinstance(value, PyProxy):
        return "Function" if value.typeof == "function" else type(value)._js_name
    if isinstance(value, bool):
        return "Boolean"
    if isinstance(value, (int, float)):
        return "Number"
    return "String" if isinstance(value, str) else "PyProxy"
