"""Python objects in JavaScript's hands: PyProxy, and who may keep one.

A bare Python function given to a JavaScript function is *borrowed*: it is destroyed when the
call returns. That is the most frequent bug that shows only in production, so it fails here
too. `create_proxy` keeps a function alive; assigning it to an attribute (`ws.onmessage = f`)
keeps it as well.

Implements: https://pyodide.org/en/stable/usage/type-conversions.html#type-translations-pyproxy-to-js
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from typing import Any, Final, Never

from . import profile
from .convert import is_primitive
from .errors import error
from .null import jsnull, null
from .proxy import JsProxy

_MORE = "\nFor more information about the cause of this error, use `pyodide.setDebug(true)`"
BORROWED = (
    "This borrowed proxy was automatically destroyed at the end of a function call. "
    f"Try using create_proxy or create_once_callable.{_MORE}"
)
DESTROYED = f"Object has already been destroyed{_MORE}"
ONCE = "OnceProxy can only be called once"


class PyProxy(JsProxy, js_name="PyProxy", raw=True):
    """What `create_proxy(x)` gives: a handle that JavaScript may keep until `destroy()`."""

    def __init__(self, target: Any, double: bool = True) -> None:
        """``double``: Python sees the handle itself, not what is in it."""
        self._target = target
        self._double = double
        self._dead: str | None = None

    def _get(self) -> Any:
        if self._dead is not None:
            raise error(self._dead)
        return self._target

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._get()(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        target = self._get()
        if profile.current().dict_properties and isinstance(target, dict) and name in target:
            return target[name]
        if name == "length" and hasattr(target, "__len__"):
            return len(target)
        try:
            return getattr(target, name)
        except AttributeError:
            raise AttributeError(name) from None

    def __iter__(self) -> Iterator[Any]:
        return iter(self._get())

    def callKwargs(self, *args: Any) -> Any:
        *positional, options = args
        return self._get()(*positional, **dict(options._entries()))

    def toJs(self, _options: Any = None, **_: Any) -> Any:
        from .ffi import to_js  # conversions make proxies

        return to_js(self._get())

    @property
    def typeof(self) -> str:
        return "function" if callable(self._target) else "object"

    @property
    def type(self) -> str:
        return type(self._get()).__name__

    def destroy(self, *_: Any, **__: Any) -> None:
        self._target, self._dead = None, self._dead or DESTROYED

    def unwrap(self) -> Any:
        return self._get()

    def copy(self) -> PyProxy:
        return PyProxy(self._get(), self._double)

    def toString(self) -> str:
        return str(self._get())

    def to_py(self, **_: Any) -> Any:
        return self._get()

    def getBuffer(self, _type: str | None = None) -> Any:
        """The buffer of a bytes-like object, without a copy: `.data` is a Uint8Array."""
        from .buffers import PyBufferView  # buffers hold callbacks' errors, not the other way

        return PyBufferView(self._get())

    def _entries(self) -> Iterator[tuple[str, Any]]:
        target = self._get()
        return iter(target.items() if isinstance(target, dict) else ())


class OnceCallable(PyProxy, js_name="Function", raw=True):
    """What `create_once_callable(f)` gives: it may be called once, then is gone."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        function = self._get()
        self._target, self._dead = None, ONCE
        return function(*args, **kwargs)

    def destroy(self, *_: Any, **__: Any) -> None:
        self._target, self._dead = None, ONCE


class Expired:
    """A borrowed Python object after its call: whoever still reaches for it gets the error."""

    __slots__ = ("label",)

    def __init__(self, target: Any) -> None:
        self.label = getattr(target, "__qualname__", type(target).__name__)

    def __call__(self, *_: Any, **__: Any) -> Never:
        raise error(BORROWED)


class _Hole:
    """An array's item that was never set: undefined when read, absent when asked for."""

    __slots__ = ()

    def __str__(self) -> str:
        return "undefined"


HOLE: Final = _Hole()


def create_proxy(obj: Any, **_: Any) -> Any:
    """A handle to ``obj`` that JavaScript may keep (`pyodide.ffi.create_proxy`)."""
    return PyProxy(obj)


def create_once_callable(obj: Callable[..., Any], /, **_: Any) -> Any:
    """A handle to ``obj`` that may be called once (`pyodide.ffi.create_once_callable`)."""
    return OnceCallable(obj)


def destroy_proxies(proxies: Any) -> None:
    """Destroy each PyProxy of a JavaScript array (`pyodide.ffi.destroy_proxies`)."""
    for proxy in proxies:
        if isinstance(proxy, PyProxy):
            proxy.destroy()


def retain(value: Any) -> Any:
    """``value`` as JavaScript may keep it after the call: a borrowed one is expired."""
    if is_primitive(value) or isinstance(value, (JsProxy, Expired, _Hole)):
        return value
    if getattr(value, "_asyncio_future_blocking", None) is not None:
        return value  # a promise is a JavaScript object
    return Expired(value)


def recall(value: Any) -> Any:
    """A kept value on its way back to Python: what `to_js` wrapped is unwrapped."""
    kind = type(value)
    if kind is Expired:
        raise error(BORROWED)
    if kind is PyProxy and not value._double:
        return value._get()
    if value is jsnull or value is HOLE:
        return null() if value is jsnull else None
    return value


def keep(function: Any) -> Callable[..., Any]:
    """A callback to be called later, after the function that takes it has returned."""
    if isinstance(function, (JsProxy, Expired)):
        return function  # type: ignore[return-value]
    return Expired(function)


def is_callable(value: Any) -> bool:
    """JavaScript's IsCallable for a value that came from Python."""
    if isinstance(value, PyProxy):
        return value._dead is not None or callable(value._target)
    return callable(value)


def invoke(function: Callable[..., Any], *args: Any) -> Any:
    """Call a script's callback as JavaScript does: a coroutine is scheduled, and is a promise."""
    result = function(*args)
    if isinstance(result, Coroutine):
        from .promise import spawn  # promises call callbacks, too

        return spawn(result)
    return result


def member(obj: Any, name: str) -> Any:
    """`obj[name]` as JavaScript reads it from an options object; undefined is None."""
    if obj is None or is_primitive(obj):
        return None
    if isinstance(obj, dict):
        return obj.get(name) if profile.current().dict_properties else None
    get = getattr(type(obj), "_member", None)
    if get is not None:
        return get(obj, name)
    return getattr(obj, name, None)


def nullable(value: Any) -> Any:
    """``value``, or JavaScript's null for None."""
    return null() if value is None else value
