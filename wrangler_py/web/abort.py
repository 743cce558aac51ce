"""AbortController and AbortSignal.

Implements: https://dom.spec.whatwg.org/#aborting-ongoing-activities
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ..js.array import JsArray
from ..js.callbacks import recall, retain
from ..js.convert import to_number
from ..js.errors import dom_exception, thrown, type_error
from ..js.null import null
from ..js.proxy import JsProxy
from .events import EventTarget, dispatch, listener, plain_event, report
from .idl import bad_argument, without_new

ABORTED = "The operation was aborted"
TIMED_OUT = "The operation was aborted due to timeout"


class AbortSignal(EventTarget):
    """Tells whoever holds it that the work is no longer wanted."""

    def __init__(self) -> None:
        super().__init__()
        self._aborted = False
        self._reason: Any = None
        self._actions: list[Callable[[], None]] = []
        self._handler: Any = None

    @classmethod
    def _construct(cls, *_: Any) -> AbortSignal:
        raise type_error("Illegal constructor")

    @property
    def aborted(self) -> bool:
        return self._aborted

    @property
    def reason(self) -> Any:
        return recall(self._reason)

    @property
    def onabort(self) -> Any:
        return null() if self._handler is None else self._handler

    @onabort.setter
    def onabort(self, handler: Any) -> None:
        # `dispatch` finds the handler of an event among the target's own attributes.
        self._handler = self.__dict__["onabort"] = handler

    def throwIfAborted(self) -> None:
        if self._aborted:
            raise thrown(self.reason)

    @staticmethod
    def abort(*args: Any) -> AbortSignal:
        signal = AbortSignal()
        abort(signal, *args[:1])
        return signal

    @staticmethod
    def timeout(*args: Any) -> AbortSignal:
        if not args or args[0] is None:
            raise bad_argument("AbortSignal", "timeout", 1, "number")
        from .timers import start  # few signals have a clock

        signal = AbortSignal()
        error = dom_exception(TIMED_OUT, "TimeoutError")
        start(partial(abort, signal, error), to_number(args[0]) / 1000)
        return signal

    @staticmethod
    def any(*args: Any) -> AbortSignal:
        if not args or not isinstance(args[0], (JsArray, list, tuple)):
            raise bad_argument("AbortSignal", "any", 1, "Array")
        sources = list(args[0])
        for index, source in enumerate(sources):
            if not isinstance(source, AbortSignal):
                raise type_error(
                    f"Incorrect type for array element {index}: "
                    "the provided value is not of type 'AbortSignal'."
                )
        signal = AbortSignal()
        for source in sources:
            when_aborted(source, partial(_follow, signal, source))
            if signal._aborted:
                break
        return signal


class AbortController(JsProxy):
    """Aborts its signal."""

    _called_without_new = without_new("AbortController")

    def __init__(self) -> None:
        self._signal = AbortSignal()

    @classmethod
    def _construct(cls, *_: Any) -> AbortController:
        return cls()

    @property
    def signal(self) -> AbortSignal:
        return self._signal

    def abort(self, reason: Any = None) -> None:
        abort(self._signal, reason)


def abort(signal: AbortSignal, reason: Any = None) -> None:
    """Abort ``signal``, once: first our own actions, then the script's listeners."""
    if signal._aborted:
        return
    signal._aborted = True
    signal._reason = dom_exception(ABORTED, "AbortError") if reason is None else retain(reason)
    actions, signal._actions = signal._actions, []
    for act in actions:
        act()
    for error in dispatch(signal, plain_event("abort")):
        report(error, listener("abort"))


def _follow(signal: AbortSignal, source: AbortSignal) -> None:
    abort(signal, source._reason)


def when_aborted(signal: AbortSignal, act: Callable[[], None]) -> Callable[[], None]:
    """Call ``act`` when ``signal`` aborts, now if it has; returns what forgets about it."""
    if signal._aborted:
        act()
        return lambda: None
    signal._actions.append(act)

    def forget() -> None:
        if act in signal._actions:
            signal._actions.remove(act)

    return forget
