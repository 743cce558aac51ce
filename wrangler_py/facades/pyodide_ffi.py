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
from ..js.promise import PromiseTask, PyodideFuture
from ..js.proxy import JsProxy

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


class _Kind(type):
    """A class that is only good for `isinstance`: a test decides."""

    _test: Callable[[Any], bool]

    def __new__(mcls, name: str, test: Callable[[Any], bool]) -> _Kind:
        namespace = {"__module__": "pyodide.ffi", "_test": staticmethod(test)}
        return super().__new__(mcls, name, (), namespace)

    def __init__(cls, name: str, test: Callable[[Any], bool]) -> None:
        super().__init__(name, (), {})

    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, JsProxy) and cls._test(value)

    def __subclasscheck__(cls, other: type) -> bool:
        return other is cls

    def __call__(cls, *_: Any, **__: Any) -> Never:
        raise TypeError(f"{cls.__name__} cannot be instantiated.")

    def __getitem__(cls, _: Any) -> _Kind:
        return cls  # `JsArray[int]` in an annotation

    def __or__(cls, other: Any) -> Any:
        return cls if other is None else type.__or__(cls, other)


class _PromiseKind(_Kind):
    """Promises that functions return are futures, no JsProxies."""

    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, (_Promise, PyodideFuture, PromiseTask))


def _has(*names: str) -> Callable[[Any], bool]:
    return lambda value: all(hasattr(value, name) for name in names)


def _named(name: str) -> Callable[[Any], bool]:
    return lambda value: type(value)._js_name == name


def _is_iterable(value: Any) -> bool:
    return hasattr(type(value), "__iter__")


JsArray = _Kind("JsArray", lambda value: isinstance(value, (_Array, TypedArray, ArrayView)))
JsAsyncGenerator = _Kind("JsAsyncGenerator", _has("__aiter__", "asend"))
JsAsyncIterable = _Kind("JsAsyncIterable", _has("__aiter__"))
JsAsyncIterator = _Kind("JsAsyncIterator", _has("__anext__"))
JsBuffer = _Kind("JsBuffer", lambda value: isinstance(value, _Buffer))
JsCallable = _Kind("JsCallable", callable)
JsCallableDoubleProxy = _Kind(
    "JsCallableDoubleProxy", lambda value: isinstance(value, PyProxy) and value.typeof == "function"
)
JsDomElement = _Kind("JsDomElement", _has("tagName"))
JsDoubleProxy = _Kind("JsDoubleProxy", lambda value: isinstance(value, PyProxy))
JsFetchResponse = _Kind("JsFetchResponse", _named("Response"))
JsGenerator = _Kind("JsGenerator", _named("Generator"))
JsIterable = _Kind("JsIterable", _is_iterable)
JsIterator = _Kind("JsIterator", lambda value: isinstance(value, _Iterator))
JsMap = _Kind("JsMap", lambda value: isinstance(value, (_Map, ObjectMap)))
JsMutableMap = _Kind("JsMutableMap", lambda value: isinstance(value, (_Map, ObjectMap)))
JsOnceCallable = _Kind("JsOnceCallable", lambda value: isinstance(value, OnceCallable))
JsPromise = _PromiseKind("JsPromise", lambda _: True)
JsTypedArray = _Kind("JsTypedArray", lambda value: isinstance(value, TypedArray))
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
