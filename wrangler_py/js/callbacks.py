"""Python objects in JavaScript's hands: PyProxy, and who may keep one.

A bare Python function given to a JavaScript function is *borrowed*: it is destroyed when the
call returns. That is the most frequent bug that shows only in production, so it fails here
too. `create_proxy` keeps a function alive; assigning it to an attribute (`ws.onmessage = f`)
keeps it as well.

Implements: https://pyodide.org/en/stable/usage/type-conversions.html#type-translations-pyproxy-to-js
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, Final, Never

from . import profile
from .convert import is_primitive, number
from .errors import error
from .null import jsnull, null
from .proxy import JsProxy

_MORE = "\nFor more information about the cause of this error, use `pyodide.setDebug(true)`"
BORROWED = (
    "This borrowed proxy was automatically destroyed at the end of a function call. "
    f"Try using create_proxy or create_once_callable.{_MORE}"
)
ITERATED = f"This borrowed proxy was automatically destroyed when an iterator was exhausted.{_MORE}"
DESTROYED = f"Object has already been destroyed{_MORE}"
ONCE = "OnceProxy can only be called once"


class PyProxy(JsProxy, js_name="PyProxy", raw=True):
    """What `create_proxy(x)` gives: a handle that JavaScript may keep until `destroy()`."""

    def __init__(self, target: Any, double: bool = True, capture_this: bool = False) -> None:
        """``double``: Python sees the handle itself, not what is in it."""
        self._target = target
        self._double = double
        self._capture_this = capture_this
        self._dead: str | None = None

    def _get(self) -> Any:
        if self._dead is not None:
            raise error(self._dead)
        return self._target

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        target = self._get()
        if profile.current().dict_properties and isinstance(target, dict) and name in target:
            return target[name]
        if name == "get" and isinstance(target, dict) and profile.current().has_bigint:
            return lambda key=None, default=None: default  # it looks for attributes, finds none
        if name == "length" and hasattr(target, "__len__"):
            return len(target)
        if name == "next":
            return functools.partial(_next, target)
        try:
            return getattr(target, name)
        except AttributeError:
            raise AttributeError(name) from None

    def __iter__(self) -> Iterator[Any]:
        return iter(self._get())

    @property
    def typeof(self) -> str:
        return "function" if isinstance(self, CallableProxy) else "object"

    @property
    def type(self) -> str:
        return type(self._get()).__name__

    def destroy(self, *_: Any, **__: Any) -> None:
        self._target, self._dead = None, self._dead or DESTROYED

    def unwrap(self) -> Any:
        return self._get()

    def copy(self) -> PyProxy:
        return proxy_of(self._get(), self._double)

    def toString(self) -> str:
        return str(self._get())

    def to_py(self, **_: Any) -> Any:
        return self if self._double else self._get()

    def toJs(self, _options: Any = None, **_: Any) -> Any:
        from .ffi import to_js  # conversions make proxies

        return to_js(self._get())

    def getBuffer(self, _type: str | None = None) -> Any:
        """The buffer of a bytes-like object: `.data` is a typed array over it."""
        from .buffers import PyBufferView  # buffers hold callbacks' errors, not the other way

        try:
            return PyBufferView(self._get())
        except TypeError:
            raise AttributeError("getBuffer") from None

    def _entries(self) -> Iterator[tuple[str, Any]]:
        target = self._get()
        return iter(target.items() if isinstance(target, dict) else ())


class CallableProxy(PyProxy, js_name="PyProxy", raw=True):
    """A handle to a function."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._capture_this:
            return self._get()(None, *args, **kwargs)
        return self._get()(*args, **kwargs)

    def callKwargs(self, *args: Any, **kwargs: Any) -> Any:
        if not kwargs and args:
            *rest, options = args
            args, kwargs = tuple(rest), dict(options._entries())
        return self._get()(*args, **kwargs)


def proxy_of(obj: Any, double: bool = True, capture_this: bool = False) -> PyProxy:
    """A handle of the right kind."""
    kind = CallableProxy if callable(obj) else PyProxy
    return kind(obj, double, capture_this)


def bound(function: Any, this: Any) -> Callable[..., Any]:
    """A callback that JavaScript calls with ``this``."""
    if isinstance(function, CallableProxy) and function._capture_this:
        return functools.partial(function._get(), this)
    return function  # type: ignore[no-any-return]


def _next(target: Any, _value: Any = None) -> Any:
    """`next()` of a Python generator in JavaScript's hands."""
    from .object import JsObject  # objects hold callbacks, not the other way

    if not hasattr(target, "__anext__"):
        for value in target:
            return JsObject({"value": value, "done": False})
        return JsObject({"value": None, "done": True})

    async def step() -> JsObject:
        try:
            return JsObject({"value": await anext(target), "done": False})
        except StopAsyncIteration:
            return JsObject({"value": None, "done": True})

    return invoke(step)


class OnceCallable(CallableProxy, js_name="Function", raw=True):
    """What `create_once_callable(f)` gives: it may be called once, then is gone."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        function = self._get()
        self._target, self._dead = None, ONCE
        return function(*args, **kwargs)

    def destroy(self, *_: Any, **__: Any) -> None:
        self._target, self._dead = None, ONCE


class Expired:
    """A borrowed Python object after its call: whoever still reaches for it gets the error."""

    __slots__ = ("code", "label", "message")

    def __init__(self, target: Any, message: str = BORROWED) -> None:
        self.label = getattr(target, "__name__", type(target).__name__)
        self.code = getattr(target, "__code__", None)
        self.message = message

    def __call__(self, *_: Any, **__: Any) -> Never:
        exc = error(self.message)
        if self.code is not None and self.message is BORROWED:
            # Nothing of the script is on the stack, so the place has to be told.
            place = f"{self.code.co_filename}:{self.code.co_firstlineno}"
            exc.add_note(f"hint: write `create_proxy({self.label})` for what is defined at {place}")
        raise exc


class _Hole:
    """An array's item that was never set: undefined when read, absent when asked for."""

    __slots__ = ()

    def __str__(self) -> str:
        return "undefined"


HOLE: Final = _Hole()


def create_proxy(obj: Any, /, *, capture_this: bool = False, roundtrip: bool = True) -> PyProxy:
    """A handle to ``obj`` that JavaScript may keep (`pyodide.ffi.create_proxy`)."""
    return proxy_of(obj, roundtrip, capture_this)


def create_once_callable(obj: Callable[..., Any], /, **_: Any) -> Any:
    """A handle to ``obj`` that may be called once (`pyodide.ffi.create_once_callable`)."""
    return OnceCallable(obj)


def destroy_proxies(proxies: Any) -> None:
    """Destroy each PyProxy of a JavaScript array (`pyodide.ffi.destroy_proxies`)."""
    for proxy in getattr(proxies, "_items", proxies):
        if isinstance(proxy, PyProxy):
            proxy.destroy()


def retain(value: Any, message: str = BORROWED) -> Any:
    """``value`` as JavaScript may keep it after the call: a borrowed one is expired."""
    if is_primitive(value) or isinstance(value, (Expired, _Hole)):
        return value
    if isinstance(value, JsProxy):
        if value._is_options:
            value._expire()
        return value
    if getattr(value, "_asyncio_future_blocking", None) is not None:
        return value  # a promise is a JavaScript object
    return Expired(value, message)


def iterated(value: Any) -> Any:
    """An item of a Python iterable as JavaScript may keep it: borrowed while it iterates."""
    if is_primitive(value) or isinstance(value, (JsProxy, Expired, _Hole)):
        return value
    return Expired(value, ITERATED)


def recall(value: Any) -> Any:
    """A kept value on its way back to Python: what `to_js` wrapped is unwrapped."""
    kind = type(value)
    if kind not in _RECALLED:
        return value
    if kind is float:
        return number(value)
    if kind is Expired:
        raise error(value.message)
    if kind is PyProxy or kind is CallableProxy:
        return value if value._double else value._get()
    return None if value is HOLE else null()


_RECALLED = frozenset({float, Expired, PyProxy, CallableProxy, type(jsnull), _Hole})


def keep(function: Any) -> Callable[..., Any]:
    """A callback to be called later, after the function that takes it has returned."""
    if isinstance(function, (JsProxy, Expired)):
        return function  # type: ignore[return-value]
    return Expired(function)


def is_callable(value: Any) -> bool:
    """JavaScript's IsCallable for a value that came from Python."""
    return callable(value)


def invoke(function: Callable[..., Any], *args: Any) -> Any:
    """Call a script's callback as JavaScript does: a coroutine is scheduled, and is a promise."""
    result = function(*args)
    if result is not None and isinstance(result, Coroutine):
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
