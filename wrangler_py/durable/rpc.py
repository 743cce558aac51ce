"""Values that cross from one worker or object to another: copied, moved, or stood in for.

Data is copied as structured clone does; a function stays where it is, and the other side gets
a stub that calls it; bodies and streams move.

Implements: https://developers.cloudflare.com/workers/runtime-apis/rpc/
Differs: no promise pipelining, which Python cannot express either on Cloudflare; stubs need no
disposal.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Never

from .. import compat, context
from ..js.callbacks import CallableProxy, is_callable
from ..js.convert import is_primitive
from ..js.errors import ERROR_CLASSES, JsException, error, python_error
from ..js.promise import PyodideFuture, future_of, pending, rejected, spawn
from ..js.proxy import JsClass, JsFunction, JsProxy, fold
from ..web import v8_tags as tag
from ..web.clone import _HOSTS as _COPIED
from ..web.v8_reader import Reader
from ..web.v8_writer import Writer

MAX_BYTES = 32 * 1024 * 1024
RESERVED = frozenset({"constructor", "dup"})
_MOVED = frozenset({"Request", "Response"})
_PASSED = frozenset(
    {
        "AbortSignal",
        "DurableObject",
        "DurableObjectNamespace",
        "Fetcher",
        "ReadableStream",
        "WritableStream",
    }
)
_INNER = frozenset({"then", "to_py", "constructor"})


class RpcStub(JsProxy, js_name="JsRpcStub", raw=True):
    """A function that lives elsewhere: calling it is a call over there."""

    def __init__(self, target: Callable[..., Any], home: context.IoContext | None) -> None:
        self._target, self._home, self._disposed = target, home, False

    def __call__(self, *args: Any, **options: Any) -> PyodideFuture:
        if options:
            args = fold(args, options)
        return _call(self._live(), self._home, args)

    def dup(self) -> RpcStub:
        return RpcStub(self._live(), self._home)

    def _live(self) -> Callable[..., Any]:
        if self._disposed:
            raise error("RPC stub used after being disposed.")
        return self._target

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in _INNER:
            raise AttributeError(name)
        return JsFunction(lambda *_: _no_method(name), name)

    def destroy(self, *_: Any) -> None:
        self._disposed = True


def _no_method(name: str) -> PyodideFuture:
    message = f'The RPC receiver does not implement the method "{name}".'
    return rejected(error(message, "TypeError"))


def _call(
    target: Callable[..., Any], home: context.IoContext | None, args: tuple[Any, ...]
) -> PyodideFuture:
    """Call a function of another context; it runs as code of that one, in a later turn."""
    caller = context.current()
    result = answer_for(caller)
    values = [transfer(arg) for arg in args]

    async def run() -> None:
        try:
            value = target(*values)
            promise = future_of(value)
            value = await promise if promise is not None else value
            settle_with(result, transfer(value, caller))
        except Exception as exc:
            fail_with(result, exc)

    if home is None:
        spawn(run())
    elif home.closed:
        fail_with(result, error("The destination execution context for this RPC was canceled."))
    else:
        home.run(spawn, run())
    return result


def answer_for(caller: context.IoContext | None) -> PyodideFuture:
    """A promise that ``caller`` waits for; somebody else settles it."""
    result = pending()
    if caller is not None:
        caller.pending_io += 1

        def answered(done: asyncio.Future[Any]) -> None:
            caller.pending_io -= 1
            if not done.cancelled() and done._exception is not None:
                context.blame(done, caller)

        result.add_done_callback(answered)
    return result


def settle_with(result: PyodideFuture, value: Any) -> None:
    """Fulfil ``result`` with ``value``, unless its caller has given up."""
    if not result.done():
        result.set_result(value)


def fail_with(result: PyodideFuture, exc: BaseException) -> None:
    """Reject ``result`` with ``exc`` as the other side gets it."""
    if not result.done():
        result.set_exception(crossing(exc))


def crossing(exc: BaseException) -> JsException:
    """An exception as the caller catches it: a copy without its stack."""
    wrapped = python_error(exc)
    copy = JsException(wrapped.name, wrapped.message)
    if wrapped.name == "PythonError" and compat.current().profile.name != "314":
        copy = JsException("Error", f"{wrapped.name}: {wrapped.message}")
    elif wrapped.name not in ERROR_CLASSES:
        copy = error(wrapped.message)
        copy.name, copy.constructor = wrapped.name, wrapped.constructor  # type: ignore[misc]
    copy.remote = True  # type: ignore[attr-defined]
    copy.__cause__ = wrapped.__cause__
    return remembering(copy, exc, wrapped)


def remembering(copy: JsException, exc: BaseException, wrapped: JsException) -> JsException:
    """``copy`` with what people are told of ``exc``, which is ``wrapped`` to JavaScript."""
    copy.__wrangler_origin__ = exc  # type: ignore[attr-defined]
    for note in getattr(wrapped, "__notes__", ()):
        copy.add_note(note)
    return copy


def transfer(value: Any, receiver: context.IoContext | None = None) -> Any:
    """``value`` as the other side gets it; functions in it live as long as ``receiver``.

    Raises:
        JsException: a DataCloneError, or it is too large.
    """
    if value is None or is_primitive(value):
        return value
    taken: list[Any] = []
    writer = _Writer(taken, receiver)
    writer.write(value)
    if len(writer.data) > MAX_BYTES:
        raise error(
            "Serialized RPC arguments or return values are limited to 32MiB, but the size of this "
            f"value was: {len(writer.data)} bytes."
        )
    return Reader(bytes(writer.data), taken.__getitem__).read()


class _Writer(Writer):
    """Structured clone, with what RPC allows beyond it."""

    def __init__(self, taken: list[Any], receiver: context.IoContext | None) -> None:
        super().__init__(self._take)
        self._taken, self._receiver = taken, receiver
        self._here = context.current()

    def write(self, value: Any) -> None:
        if _is_function(value):
            number = self._keep(self._stub_of(value))
            self._write_host(number)
        else:
            super().write(value)

    def _stub_of(self, function: Any) -> RpcStub:
        if isinstance(function, RpcStub):
            return function.dup()
        target = function._get() if isinstance(function, CallableProxy) else function
        if self._here is not None:
            self._here.outlive(self._receiver)
        return RpcStub(target, self._here)

    def _take(self, host: Any) -> int | None:
        name = type(host)._js_name
        if name in _MOVED:
            return self._keep(move_message(host))
        if name in _PASSED:
            return self._keep(host)
        copy = _COPIED.get(name)
        return None if copy is None else self._keep(copy(host))

    def _keep(self, value: Any) -> int:
        self._taken.append(value)
        return len(self._taken) - 1

    def _write_host(self, number: int) -> None:
        # The reader counts it among the objects, as every host object.
        self._ids[id(self._taken[number])] = len(self._ids)
        self.data.append(tag.HOST_OBJECT)
        self._varint(number)


def _is_function(value: Any) -> bool:
    if isinstance(value, JsProxy):
        return isinstance(value, (RpcStub, CallableProxy)) or (
            isinstance(value, JsFunction) and not isinstance(value, JsClass)
        )
    return is_callable(value) and not isinstance(value, type) and not is_primitive(value)


def move_message(message: Any) -> Any:
    """A Request or Response for the other side; its body goes along, and is used up here."""
    moved = object.__new__(type(message))
    moved.__dict__.update(message.__dict__)
    moved.__dict__.pop("_home", None)
    socket = getattr(message, "_web_socket", None)
    if socket is not None:
        socket._home = None
    if message._data is not None or message._source is not None or message._stream is not None:
        message.__dict__.update(_data=None, _source=None, _stream=None)
        message.__dict__["_data"] = b""
        message._used = True
    return moved


def refuse(name: str) -> Never:
    """A method that nobody may call over RPC, or that is not there."""
    raise error(f"Method {name} does not exist", "TypeError")
