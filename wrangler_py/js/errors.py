"""JavaScript errors: what a script catches as `pyodide.ffi.JsException`.

One Python class carries every kind; `.name` and `.constructor` tell them apart, as they do
for a Python Worker on Cloudflare, which never sees Python's own TypeError from the platform.

Implements: https://tc39.es/ecma262/#sec-error-objects, https://webidl.spec.whatwg.org/#idl-DOMException
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .calling import fold
from .convert import to_string
from .proxy import JsClass, JsProxy

HINT = "hint: "
"""What a note of ours begins with: for the terminal, and not for a script."""
_PACKAGE = str(Path(__file__).resolve().parent.parent) + os.sep


class JsException(JsProxy, Exception, js_name="Error", type_name="JsException", raw=True):
    """A JavaScript Error object, which is an exception on the Python side."""

    def __init__(self, name: str = "Error", message: str = "", cause: Any = None) -> None:
        Exception.__init__(self)
        self.name = name
        self.message = message
        if cause is not None:
            self.cause = cause
        self.constructor = ERROR_CLASSES.get(name, _DOM_EXCEPTION)  # type: ignore[misc]
        if self.constructor is _DOM_EXCEPTION:
            self.code = DOM_CODES.get(name, 0)

    @property
    def args(self) -> tuple[Any, ...]:  # type: ignore[override]
        return (self,)

    @property
    def js_error(self) -> JsException:
        return self

    @property
    def stack(self) -> str:
        return f"{self}\n    at {self.constructor.name}"

    def toString(self) -> str:
        return f"{self.name}: {self.message}" if self.message else self.name

    def _entries(self) -> Iterator[tuple[str, Any]]:
        return iter(())


class ErrorClass(JsClass, js_name="Function", raw=True):
    """`Error`, `TypeError`, ...: constructors that may also be called."""

    def __init__(self, name: str) -> None:
        super().__init__(JsException, name)

    def new(self, *args: Any, **options: Any) -> JsException:
        message, init, *_ = (*fold(args, options), None, None)
        cause = getattr(init, "cause", None)
        if self.name == "AggregateError":
            return _aggregate(message, init)
        return JsException(self.name, "" if message is None else to_string(message), cause)

    __call__ = new


def _aggregate(errors: Any, message: Any) -> JsException:
    from .array import JsArray  # arrays raise errors

    made = JsException("AggregateError", "" if message is None else to_string(message))
    made.errors = JsArray(list(errors or ()))  # type: ignore[attr-defined]
    return made


class DOMExceptionClass(ErrorClass, js_name="Function", raw=True):
    """`DOMException(message, name)`: the name is the second argument."""

    def new(self, *args: Any, **options: Any) -> JsException:
        given: tuple[Any, ...] = (*fold(args, options), None, None)
        message, name = given[:2]
        error = JsException("Error", "" if message is None else to_string(message))
        error.name = "Error" if name is None else to_string(name)
        error.constructor = self  # type: ignore[misc]
        error.code = DOM_CODES.get(error.name, 0)
        return error

    def __call__(self, *args: Any, **options: Any) -> Any:
        return JsClass.__call__(self, *args, **options)


_ERRORS = ("Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError")
ERROR_CLASSES: dict[str, ErrorClass] = {
    name: ErrorClass(name) for name in (*_ERRORS, "URIError", "AggregateError", "PythonError")
}
_DOM_EXCEPTION = DOMExceptionClass("DOMException")
ERROR_CLASSES["DOMException"] = _DOM_EXCEPTION

DOM_CODES = {
    "IndexSizeError": 1,
    "InvalidCharacterError": 5,
    "NotFoundError": 8,
    "NotSupportedError": 9,
    "InvalidStateError": 11,
    "SyntaxError": 12,
    "InvalidAccessError": 15,
    "TypeMismatchError": 17,
    "QuotaExceededError": 22,
    "TimeoutError": 23,
    "DataCloneError": 25,
    "AbortError": 20,
}


def error(message: str, name: str = "Error") -> JsException:
    """A JavaScript error of the given ``name`` (TypeError, RangeError, ...)."""
    return JsException(name, message)


def type_error(message: str) -> JsException:
    return JsException("TypeError", message)


def range_error(message: str) -> JsException:
    return JsException("RangeError", message)


def dom_exception(message: str, name: str) -> JsException:
    """A DOMException, whose ``name`` may collide with an ECMAScript error's (SyntaxError)."""
    return _DOM_EXCEPTION.new(message, name)


def thrown(reason: Any) -> BaseException:
    """What Python catches when JavaScript throws ``reason``."""
    if isinstance(reason, BaseException):
        return reason
    return JsException("Error", to_string(reason))


def python_error(exc: BaseException) -> JsException:
    """A Python exception as JavaScript sees it: its traceback is the message."""
    return exc if isinstance(exc, JsException) else wrapped_error(exc)


def wrapped_error(exc: BaseException) -> JsException:
    """An exception of a Python future: JavaScript sees a PythonError, whatever it was."""
    wrapped = JsException("PythonError", _printed(exc))
    wrapped.type = type(exc).__name__  # type: ignore[attr-defined]
    wrapped.__cause__ = exc
    return wrapped


def _printed(exc: BaseException) -> str:
    """``exc`` as Python prints it where nothing of this package runs, and nobody gives hints."""
    shown = traceback.TracebackException.from_exception(exc)
    _strip(shown, set())
    return "".join(shown.format())


def _strip(shown: traceback.TracebackException, seen: set[int]) -> None:
    seen.add(id(shown))
    shown.stack = traceback.StackSummary.from_list(
        [frame for frame in shown.stack if not frame.filename.startswith(_PACKAGE)]
    )
    notes = getattr(shown, "__notes__", None) or ()
    shown.__notes__ = [note for note in notes if not str(note).startswith(HINT)]
    for each in (shown.__cause__, shown.__context__, *(shown.exceptions or ())):
        if each is not None and id(each) not in seen:
            _strip(each, seen)
