"""`pyodide.ffi`: the proxies' types, and what makes and converts them.

`JsProxy` and `JsException` are the classes themselves. The other types only answer
`isinstance`, so that no object pays for an abstract base class.

Implements: https://pyodide.org/en/stable/usage/api/python-api/ffi.html
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any, Never, Protocol

from ..js import profile
from ..js.array import JsArray as _Array
from ..js.buffers import JsBuffer as _Buffer
from ..js.buffers import TypedArray
from ..js.callbacks import (
    OnceCallable,
    PyProxy,
    create_once_callable,
    create_proxy,
    destroy_proxies,
)
from ..js.errors import JsException
from ..js.ffi import ConversionError, to_js
from ..js.iterators import JsIterator as _Iterator
from ..js.map_set import JsMap as _Map
from ..js.object import ArrayView, ObjectMap
from ..js.promise import JsPromise as _Promise
from ..js.proxy import JsProxy, JsType

__all__ = [
    "IN_PYODIDE",
    "ConversionError",
    "InternalError",
    "JsArray",
    "JsAsyncGenerator",
    "JsAsyncIterable",
    "JsAsyncIterator",
    "JsBuffer",
    "JsCallable",
    "JsCallableDoubleProxy",
    "JsDomElement",
    "JsDoubleProxy",
    "JsException",
    "JsFetchResponse",
    "JsGenerator",
    "JsIterable",
    "JsIterator",
    "JsMap",
    "JsMutableMap",
    "JsOnceCallable",
    "JsPromise",
    "JsProxy",
    "JsTypedArray",
    "JsWeakRef",
    "ToJsConverter",
    "create_once_callable",
    "create_proxy",
    "destroy_proxies",
    "register_js_module",
    "to_js",
    "unregister_js_module",
]

IN_PYODIDE = True


class InternalError(Exception):
    """Pyodide's own bugs; nothing here raises it."""


InternalError.__module__ = "pyodide.ffi"


class _Kind(JsType):
    """A class below JsProxy that is only good for `isinstance`: a test decides."""

    _test: Callable[[Any], bool]

    def __new__(mcls, name: str, test: Callable[[Any], bool], *bases: type) -> _Kind:
        namespace = {"_test": staticmethod(test)}
        made: _Kind = super().__new__(  # type: ignore[assignment]
            mcls, name, bases or (JsProxy,), namespace, type_name=name
        )
        return made

    def __init__(cls, name: str, test: Callable[[Any], bool], *bases: type) -> None:
        super().__init__(name, bases, {})

    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, JsProxy) and cls._test(value)

    def __call__(cls, *_: Any, **__: Any) -> Never:
        raise TypeError(f"{cls.__name__} cannot be instantiated.")

    def __getitem__(cls, _: Any) -> _Kind:
        return cls  # `JsArray[int]` in an annotation


def _is(*kinds: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kinds)


def _has(*names: str) -> Callable[[Any], bool]:
    return lambda value: all(hasattr(type(value), name) for name in names)


def _named(name: str) -> Callable[[Any], bool]:
    return lambda value: type(value)._js_name == name


def _anything(_: Any) -> bool:
    """What Pyodide does not check at all."""
    return True


def _is_array(value: Any) -> bool:
    if isinstance(value, PyProxy) and profile.current().has_bigint:
        return isinstance(value._target, (list, tuple))
    return isinstance(value, (_Array, TypedArray, ArrayView))


def _is_map(value: Any) -> bool:
    """A Map, a view of an object as one, and hosts that are like a Map (URLSearchParams)."""
    if isinstance(value, PyProxy):
        return isinstance(value._target, (dict, list, tuple))
    if isinstance(value, (_Map, ObjectMap)):
        return True
    return all(hasattr(type(value), name) for name in ("get", "has", "set", "size"))


def _is_iterable(value: Any) -> bool:
    if isinstance(value, PyProxy):
        return hasattr(type(value._target), "__iter__") and not isinstance(value, OnceCallable)
    return hasattr(type(value), "__iter__") and not isinstance(value, ObjectMap)


def _is_double(value: Any) -> bool:
    return isinstance(value, PyProxy) and not isinstance(value, OnceCallable)


def _is_once(value: Any) -> bool:
    """Any function, since Pyodide stopped to tell them apart."""
    return profile.current().has_jsnull and callable(value)


JsIterable = _Kind("JsIterable", _is_iterable)
JsArray = _Kind("JsArray", _is_array, JsIterable)
JsAsyncIterable = _Kind("JsAsyncIterable", _has("__aiter__"))
JsAsyncGenerator = _Kind("JsAsyncGenerator", _has("__aiter__", "asend"), JsAsyncIterable)
JsAsyncIterator = _Kind("JsAsyncIterator", _has("__anext__"))
JsBuffer = _Kind("JsBuffer", _is(_Buffer))
JsCallable = _Kind("JsCallable", callable)
JsDomElement = _Kind("JsDomElement", _anything)
JsDoubleProxy = _Kind("JsDoubleProxy", _is_double)
JsCallableDoubleProxy = _Kind(
    "JsCallableDoubleProxy",
    lambda value: _is_double(value) and callable(value),
    JsDoubleProxy,
    JsCallable,
)
JsFetchResponse = _Kind("JsFetchResponse", _anything)
JsGenerator = _Kind("JsGenerator", _named("Generator"), JsIterable)
JsIterator = _Kind("JsIterator", _is(_Iterator))
JsMap = _Kind("JsMap", _is_map, JsIterable)
JsMutableMap = _Kind("JsMutableMap", _is_map, JsMap)
JsOnceCallable = _Kind("JsOnceCallable", _is_once, JsCallable)
JsPromise = _Kind("JsPromise", _is(_Promise))
JsTypedArray = _Kind("JsTypedArray", _is(TypedArray), JsBuffer, JsArray)
JsWeakRef = _Kind("JsWeakRef", _named("WeakRef"))


class ToJsConverter(Protocol):
    """The type of `to_js`'s converters."""

    def __call__(
        self, value: Any, converter: Callable[[Any], Any], cache: Callable[[Any, Any], None], /
    ) -> Any: ...


ToJsConverter.__module__ = "pyodide.ffi"


class _JsModule(ModuleType):
    """A JavaScript object as a Python module."""

    def __init__(self, name: str, target: Any) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        self._target = target

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._target, name)


def register_js_module(name: str, jsproxy: Any) -> None:
    """Make a JavaScript object importable as ``name``."""
    sys.modules[name] = _JsModule(name, jsproxy)


def unregister_js_module(name: str) -> None:
    """Undo `register_js_module`.

    Raises:
        ValueError: no such module was registered.
    """
    if not isinstance(sys.modules.get(name), _JsModule):
        raise ValueError(
            f"Cannot unregister {name!r}: no Javascript module with that name is registered"
        )
    del sys.modules[name]
