"""`to_js` and `to_py`: deep conversions between Python data and JavaScript data.

Implements: https://pyodide.org/en/stable/usage/api/python-api/ffi.html#pyodide.ffi.to_js
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from . import profile
from .array import JsArray
from .buffers import JsBuffer, Uint8Array, typed_array_for
from .callbacks import PyProxy, proxy_of
from .convert import is_primitive
from .errors import JsException, error
from .map_set import JsMap, JsSet, LiteralMap
from .object import JsObject, from_entries
from .proxy import JsProxy


class ConversionError(Exception):
    """`to_js` met a value that it may not make a proxy of, or an unusable dict key."""


ConversionError.__module__ = "pyodide.ffi"


_ABSENT: Any = object()


def to_js(
    obj: Any,
    /,
    *,
    depth: int = -1,
    pyproxies: Any = None,
    create_pyproxies: bool = True,
    dict_converter: Callable[[Any], Any] | None = None,
    default_converter: Callable[[Any, Any, Any], Any] | None = None,
    eager_converter: Any = _ABSENT,
) -> Any:
    """``obj`` as JavaScript data; primitives and proxies are returned as they are.

    Args:
        depth: how deep to convert; -1 is without limit.
        pyproxies: a JavaScript array that collects the proxies that were made.
        create_pyproxies: whether an object without counterpart may become a proxy.
        dict_converter: makes a JavaScript value of an iterable of pairs.
        default_converter: ``(value, convert, cache)``, asked for objects without counterpart.
        eager_converter: the same, asked for every object first.

    Raises:
        ConversionError: no conversion, a dict key that JavaScript cannot hold, or a converter
            raised.
    """
    if eager_converter is not _ABSENT and not profile.current().has_jsnull:
        raise TypeError("'eager_converter' is an invalid keyword argument for to_js()")
    if is_primitive(obj) or isinstance(obj, JsProxy):
        return obj
    converter = _ToJs(pyproxies, create_pyproxies, dict_converter, default_converter)
    converter.eager = None if eager_converter is _ABSENT else eager_converter
    try:
        result = converter.convert(obj, depth)
    except ConversionError:
        raise
    except Exception as exc:
        raise ConversionError("Conversion from python to javascript failed") from exc
    if isinstance(result, PyProxy) and not result._double:
        result._double = True  # alone it is the handle; in an array, what is in it
    return result if is_primitive(result) or isinstance(result, JsProxy) else proxy_of(result)


class _ToJs:
    def __init__(self, pyproxies: Any, create: bool, dicts: Any, default: Any) -> None:
        self.pyproxies, self.create, self.dicts, self.default = pyproxies, create, dicts, default
        self.eager: Any = None
        self.seen: dict[int, Any] = {}

    def convert(self, obj: Any, depth: int) -> Any:
        if is_primitive(obj) or isinstance(obj, JsProxy):
            return obj
        if id(obj) in self.seen:
            return self.seen[id(obj)]
        if self.eager is not None:
            return self._kept(self.eager(obj, self._default, self._cache))
        return self._object(obj, depth)

    def _object(self, obj: Any, depth: int) -> Any:
        if depth == 0:
            return self._proxy(obj)
        if isinstance(obj, (list, tuple)):
            array = self.seen[id(obj)] = JsArray()
            array._items.extend(self.convert(x, depth - 1) for x in obj)
            return array
        if isinstance(obj, dict):
            return self._dict(obj, depth)
        if isinstance(obj, set):
            for item in obj:
                if not is_primitive(item):
                    raise ConversionError(f"Cannot use {item!r} as a key for a Javascript Set")
            return JsSet._converted(self.convert(x, depth - 1) for x in obj)
        if isinstance(obj, (bytes, bytearray, memoryview)) or _is_buffer(obj):
            return _buffer(obj)
        if self.default is not None:
            return self._kept(self.default(obj, self._again, self._cache))
        return self._proxy(obj)

    def _kept(self, made: Any) -> Any:
        """A converter's answer; a Python object in it belongs to JavaScript from now on."""
        if is_primitive(made) or isinstance(made, JsProxy) or asyncio.isfuture(made):
            return made
        return self._proxy(made)

    def _dict(self, obj: dict[Any, Any], depth: int) -> Any:
        for key in obj:
            if not is_primitive(key):
                raise ConversionError(f"Cannot use {key!r} as a key for a Javascript Map")
        pairs = [[key, self.convert(value, depth - 1)] for key, value in obj.items()]
        if self.dicts is not None:
            made = self.dicts(JsArray([JsArray(pair) for pair in pairs]))
        else:
            kind = profile.current().to_js_dict
            made = _DICTS[kind](pairs)
        self.seen[id(obj)] = made
        return made

    def _proxy(self, obj: Any) -> Any:
        if not self.create:
            raise ConversionError("No conversion known for x.")
        proxy = proxy_of(obj, double=False)
        if self.pyproxies is not None:
            self.pyproxies.push(proxy)
        return proxy

    def _again(self, obj: Any) -> Any:
        return self.convert(obj, -1)

    def _default(self, obj: Any) -> Any:
        """The conversion without the eager converter; it is asked again for the parts."""
        if is_primitive(obj) or isinstance(obj, JsProxy):
            return obj
        return self._object(obj, -1)

    def _cache(self, obj: Any, value: Any) -> None:
        self.seen[id(obj)] = value


_DICTS: dict[str, Callable[[Any], Any]] = {
    "Object": from_entries,
    "Map": JsMap._converted,
    "LiteralMap": LiteralMap._converted,
}


def _is_buffer(obj: Any) -> bool:
    """Whether an object of another class has the buffer protocol (`array.array`)."""
    return type(obj).__module__ in _BUFFERS


_BUFFERS = frozenset({"array", "ctypes", "mmap", "numpy"})


def _buffer(obj: Any) -> Any:
    if isinstance(obj, (bytes, bytearray)):
        return Uint8Array._of(bytes(obj))
    return typed_array_for(memoryview(obj))


def to_py(
    obj: Any,
    /,
    *,
    depth: int = -1,
    default_converter: Callable[[Any, Any, Any], Any] | None = None,
) -> Any:
    """``obj`` as Python data: Array, Map, Set and plain Object, buffers as memoryview.

    What has no counterpart goes through ``default_converter(value, convert, cache)``,
    or stays what it is.
    """
    return _ToPy(default_converter).convert(obj, depth)


class _ToPy:
    def __init__(self, default: Any) -> None:
        self.default = default
        self.seen: dict[int, Any] = {}

    def convert(self, obj: Any, depth: int) -> Any:
        if not isinstance(obj, JsProxy):
            return obj
        if id(obj) in self.seen:
            return self.seen[id(obj)]
        kind = type(obj)
        method = _METHODS[kind] if kind in _METHODS else _method_for(kind)
        if depth != 0 and method is not None:
            return method(self, obj, depth)
        if isinstance(obj, PyProxy):
            return obj if obj._double else obj._get()
        if self.default is not None:
            return self.default(obj, self._again, self._cache)
        return obj

    def _object(self, obj: JsObject, depth: int) -> dict[Any, Any]:
        return self._dict(obj, obj._entries(), depth)

    def _map(self, obj: JsMap, depth: int) -> dict[Any, Any]:
        return self._dict(obj, obj._pairs(), depth)

    def _set(self, obj: JsSet, _depth: int) -> set[Any]:
        made = {self._key(x, "set") for x in obj}
        if len(made) < len(obj):
            raise _collision(obj, made)
        return made

    def _view(self, obj: JsBuffer, _depth: int) -> memoryview:
        return obj.to_memoryview()

    def _list(self, obj: JsArray, depth: int) -> list[Any]:
        result: list[Any] = []
        self.seen[id(obj)] = result
        result.extend(self.convert(x, depth - 1) for x in obj)
        return result

    def _dict(self, obj: JsProxy, entries: Any, depth: int) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        self.seen[id(obj)] = result
        count = 0
        for key, value in entries:
            result[self._key(key)] = self.convert(value, depth - 1)
            count += 1
        if len(result) < count:
            raise _collision(obj, result)
        return result

    def _key(self, key: Any, kind: str = "dict") -> Any:
        if isinstance(key, JsProxy):
            name = key.constructor.name
            raise error(f"Cannot use key of type {name} as a key to a Python {kind}")
        return key

    def _again(self, obj: Any) -> Any:
        return self.convert(obj, -1)

    def _cache(self, obj: Any, value: Any) -> None:
        self.seen[id(obj)] = value


_TO_PY: tuple[tuple[type, Callable[[_ToPy, Any, int], Any]], ...] = (
    (JsArray, _ToPy._list),
    (JsObject, _ToPy._object),
    (JsMap, _ToPy._map),
    (JsSet, _ToPy._set),
    (JsBuffer, _ToPy._view),
)


_METHODS: dict[type, Callable[[_ToPy, Any, int], Any] | None] = {}
"""The answers of `_method_for`: every request asks for its own class."""


def _method_for(kind: type) -> Callable[[_ToPy, Any, int], Any] | None:
    found = next((method for base, method in _TO_PY if issubclass(kind, base)), None)
    _METHODS[kind] = found
    return found


def _method(self: JsProxy, **options: Any) -> Any:
    return to_py(self, **options)


_method.__name__ = _method.__qualname__ = "to_py"
JsProxy.to_py = _method  # type: ignore[method-assign]  # it was a stand-in that imports this


def _collision(obj: Any, keys: Any) -> JsException:
    """Two keys of a Map or members of a Set that Python cannot tell apart: 1 and true."""
    one = (
        1 in keys
        and any(key is True for key in obj)
        and any(key == 1 and key is not True for key in obj)
    )
    pair = "1 and true as keys" if one else "0 and false as keys"
    name = type(obj)._js_name
    return error(f"Cannot faithfully convert {name} into Python since it contains both {pair}.")
