"""Events and their targets.

Implements: https://dom.spec.whatwg.org/#events, https://html.spec.whatwg.org/#errorevent
Differs: there is no tree, so no capturing or bubbling.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from .. import compat, context
from ..js.array import JsArray
from ..js.callbacks import invoke, is_callable, keep, member, retain
from ..js.convert import to_boolean, to_string
from ..js.errors import JsException, python_error, type_error
from ..js.null import is_nullish, null
from ..js.proxy import JsProxy


def same_object(proxy: JsProxy) -> Any:
    """Another proxy of the same JavaScript object: `==`, but not `is`.

    Pyodide makes a new proxy at each read, so code that compares sockets with `is` fails in
    production; the places where scripts do that hand out one of these.
    """
    other = object.__new__(type(proxy))
    other.__dict__ = proxy.__dict__
    return other


class Event(JsProxy):
    """Something that happened, for the listeners of one target."""

    NONE, CAPTURING_PHASE, AT_TARGET, BUBBLING_PHASE = range(4)
    # Defaults stand on the class: an event that the platform sends sets only what differs.
    bubbles = cancelable = composed = defaultPrevented = isTrusted = False
    _stopped = False
    _target: Any = None

    def __init__(self, type: Any, init: Any = None) -> None:
        self.type = to_string(type)
        if not is_nullish(init):
            self.bubbles = to_boolean(member(init, "bubbles"))
            self.cancelable = to_boolean(member(init, "cancelable"))
            self.composed = to_boolean(member(init, "composed"))

    @property
    def target(self) -> Any:
        return null() if self._target is None else same_object(self._target)

    currentTarget = srcElement = target

    @property
    def eventPhase(self) -> int:
        return Event.NONE if self._target is None else Event.AT_TARGET

    @property
    def timeStamp(self) -> float:
        return time.time() * 1000

    @property
    def returnValue(self) -> bool:
        return not self.defaultPrevented

    @property
    def cancelBubble(self) -> bool:
        return False

    def composedPath(self) -> JsArray:
        return JsArray([] if self._target is None else [self.target])

    def preventDefault(self) -> None:
        self.defaultPrevented = self.defaultPrevented or self.cancelable

    def stopImmediatePropagation(self) -> None:
        self._stopped = True

    def stopPropagation(self) -> None: ...


class MessageEvent(Event):
    """A message; ``data`` is a string, an ArrayBuffer or a Blob."""

    def __init__(self, type: Any, init: Any = None) -> None:
        super().__init__(type, init)
        self.data = retain(member(init, "data"))

    origin = property(lambda self: null())
    source = property(lambda self: null())
    lastEventId = ""

    @property
    def ports(self) -> JsArray:
        return JsArray([])


class CloseEvent(Event):
    """The end of a WebSocket."""

    def __init__(self, type: Any, init: Any = None) -> None:
        super().__init__(type, init)
        self.code = member(init, "code") or 0
        self.reason = to_string(member(init, "reason") or "")
        self.wasClean = to_boolean(member(init, "wasClean"))


class ErrorEvent(Event):
    """An error; ``message`` is "Uncaught " and the error's text."""

    filename = ""
    lineno = colno = 0

    def __init__(self, type: Any, init: Any = None) -> None:
        super().__init__(type, init)
        self.message = to_string(member(init, "message") or "")
        self.error = member(init, "error")


class CustomEvent(Event):
    """An event of the script's own, with ``detail``."""

    def __init__(self, type: Any, init: Any = None) -> None:
        super().__init__(type, init)
        detail = member(init, "detail")
        self.detail = null() if detail is None else retain(detail)


class _TrustedMessage(MessageEvent, js_name="MessageEvent"):
    """The hot one: an incoming message, built without its constructor."""

    constructor = MessageEvent.constructor
    type = "message"
    isTrusted = True


def message_event(data: Any) -> MessageEvent:
    """A `message` event of the platform's own; without `__init__`: every WebSocket takes it."""
    event = object.__new__(_TrustedMessage)
    event.data = data
    return event


def plain_event(kind: str) -> Event:
    """An event of the platform's own without data (`open`, `abort`)."""
    event = Event(kind)
    event.isTrusted = True
    return event


def close_event(code: int, reason: str, was_clean: bool) -> CloseEvent:
    event = CloseEvent("close")
    event.code, event.reason, event.wasClean, event.isTrusted = code, reason, was_clean, True
    return event


def error_event(error: BaseException) -> ErrorEvent:
    event = ErrorEvent("error")
    event.error = python_error(error)
    event.message, event.isTrusted = f"Uncaught {uncaught_text(event.error)}", True
    return event


def uncaught_text(error: JsException) -> str:
    """An error as an error event's message prints it; old Pyodide profiles say it their way."""
    if error.name == "PythonError" and compat.current().profile.name != "314":
        return f"Error: {error}"
    return str(error)


class _Listener:
    """One registration; it is itself alone, so that lists find it by identity."""

    __slots__ = ("call", "callback", "capture", "once", "removed")

    def __init__(
        self, callback: Any, call: Callable[[Any], Any], once: bool, capture: bool
    ) -> None:
        self.callback, self.call = callback, call
        self.once, self.capture = once, capture
        self.removed = False


class EventTarget(JsProxy):
    """Something that listeners can be added to."""

    def __init__(self) -> None:
        self._listeners: dict[str, list[_Listener]] = {}

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, EventTarget) and self.__dict__ is other.__dict__)

    __hash__ = None

    def addEventListener(self, type: Any, listener: Any, options: Any = None) -> None:
        if is_nullish(listener):
            return
        if not _is_listener(listener):
            raise type_error(
                "Failed to execute 'addEventListener' on 'EventTarget': "
                "parameter 2 is not of type 'EventListener'."
            )
        capture, once, signal = _options(options)
        if signal is not None and signal.aborted:
            return
        listeners = self._listeners.setdefault(to_string(type), [])
        if _find(listeners, listener, capture) is not None:
            return
        listeners.append(_Listener(listener, _caller(listener), once, capture))
        if signal is not None:
            _remove_when_aborted(signal, self, type, listener, options)

    def removeEventListener(self, type: Any, listener: Any, options: Any = None) -> None:
        listeners = self._listeners.get(to_string(type), [])
        found = _find(listeners, listener, _options(options)[0])
        if found is not None:
            found.removed = True
            listeners.remove(found)

    def _described(self) -> str | None:
        """What an error in a listener names; None: the event that is being handled."""
        return None

    def dispatchEvent(self, event: Any) -> bool:
        if not isinstance(event, Event):
            raise type_error(
                "Failed to execute 'dispatchEvent' on 'EventTarget': "
                "parameter 1 is not of type 'Event'."
            )
        errors = dispatch(self, event)
        if errors and not compat.current().has("spec_compliant_dispatch_exceptions"):
            raise errors[0]
        for error in errors:
            report(error, listener(event.type), self._described())
        return not event.defaultPrevented


def _is_listener(listener: Any) -> bool:
    return is_callable(listener) or hasattr(listener, "handleEvent")


def _caller(listener: Any) -> Callable[[Any], Any]:
    if is_callable(listener):
        return keep(listener)
    return lambda event: listener.handleEvent(event)


def _options(options: Any) -> tuple[bool, bool, Any]:
    """``(capture, once, signal)`` of addEventListener's third argument."""
    if options is None or isinstance(options, bool):
        return bool(options), False, None
    capture, once = member(options, "capture"), member(options, "once")
    return to_boolean(capture), to_boolean(once), member(options, "signal")


def _find(listeners: list[_Listener], callback: Any, capture: bool) -> _Listener | None:
    for listener in listeners:
        if listener.callback is callback and listener.capture == capture:
            return listener
    return None


def _remove_when_aborted(signal: Any, target: EventTarget, *listener: Any) -> None:
    def aborted(_event: Any) -> None:
        target.removeEventListener(*listener)

    signal._listeners.setdefault("abort", []).append(_Listener(aborted, aborted, True, False))


def add_listener(target: EventTarget, kind: str, call: Callable[[Any], Any]) -> None:
    """Let ``call`` hear events of ``kind`` for ever."""
    target._listeners.setdefault(kind, []).append(_Listener(call, call, False, False))


def has_listener(target: EventTarget, kind: str) -> bool:
    """Whether anybody would hear an event of ``kind``."""
    return bool(target._listeners.get(kind)) or f"on{kind}" in target.__dict__


def dispatch(target: EventTarget, event: Event) -> list[BaseException]:
    """Call every listener in order, the `on*` attribute first; what they raised.

    An async listener is scheduled as a task; its failure is shown in the terminal, and
    changes nothing for the target, as in production.
    """
    event._target = target
    errors: list[BaseException] = []
    kind = event.type
    handler = target.__dict__.get("on" + kind)
    if handler is not None and is_callable(handler):
        _call(handler, event, errors)
    listeners = target._listeners.get(kind)
    if not listeners:
        return errors
    for listener in tuple(listeners):
        if event._stopped or (errors and _stops_at_errors()):
            break
        if listener.removed:
            continue
        if listener.once:
            listener.removed = True
            listeners.remove(listener)
        _call(listener.call, event, errors)
    return errors


def _stops_at_errors() -> bool:
    return not compat.current().has("spec_compliant_dispatch_exceptions")


def _call(function: Callable[[Any], Any], event: Event, errors: list[BaseException]) -> None:
    try:
        result = invoke(function, event)
    except BaseException as exc:  # `sys.exit()`, or endless code that was broken off
        if context.is_ctrl_c(exc):
            raise
        errors.append(exc)
        return
    if result is not None and isinstance(result, asyncio.Task):
        result.add_done_callback(_Reporter(event))


class _Reporter:
    """Shows what an async listener raised: nobody else would."""

    __slots__ = ("context", "event")

    def __init__(self, event: Event) -> None:
        self.event = event
        self.context = context.current()

    def __call__(self, task: asyncio.Task[Any]) -> None:
        exc = None if task.cancelled() else task.exception()
        if exc is not None and self.context is not None:
            event = self.event
            self.context.report(exc, listener(event.type), event._target._described())


def listener(kind: str) -> str:
    """What failed, for an error message."""
    return f'a "{kind}" listener'


def report(error: BaseException, where: str, of: str | None = None) -> None:
    """Show an exception that no code of the script will see."""
    owner = context.current()
    if owner is not None:
        owner.report(error, where, of)
