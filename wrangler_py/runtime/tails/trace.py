"""What one event did: collected while it runs, told when it is over.

Differs: `scriptName` is the Worker's name, as in production, where local workerd has null; what
`print` says counts as a `console.log`, as there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any

from ...clock import Clock
from ...js.array import JsArray
from ...js.convert import to_string
from ...js.date import Date
from ...js.errors import JsException, python_error
from ...js.json import parse, stringify
from ...js.object import JsObject
from .items import Facts, TraceException, TraceItem, TraceLog, response_info

__all__ = ["Trace"]

MAX_BYTES = 256 * 1024
_PER_LINE = 84
"""About what workerd counts for a line besides its text."""
_TOO_MUCH = (
    "Log size limit exceeded: More than 256KB of data (across console.log statements, exception, "
    "request metadata and headers) was logged during a single request. Subsequent data for this "
    "request will not be recorded in logs, appear when tailing this Worker's logs, or in Tail "
    "Workers."
)


class Trace:
    """One event, as its Worker's tail consumers will hear of it."""

    def __init__(
        self,
        event: Facts,
        clock: Clock,
        tell: Callable[[TraceItem], None],
        *,
        script: str,
        entrypoint: str | None = None,
        object_id: str | None = None,
    ) -> None:
        """``object_id``: of the Durable Object whose event it is."""
        self.outcome = "ok"
        self._event, self._clock, self._tell = event, clock, tell
        self._script, self._entrypoint, self._object_id = script, entrypoint, object_id
        self._began = clock.now_ms()
        self._logs: list[TraceLog] = []
        self._exceptions: list[TraceException] = []
        self._bytes = len(stringify(event) or "")
        self._is_full = self._is_over = False

    def log(self, level: str, args: Sequence[Any]) -> None:
        """A line of `console.<level>`."""
        message = [_logged(arg) for arg in args]
        if self._takes(len(json.dumps(message))):
            errors = [_error_info(arg) for arg in args]
            self._add_log(level, message, errors if any(errors) else None)

    def exception(self, exc: BaseException, *, is_outcome: bool) -> None:
        """Nobody caught ``exc``; ``is_outcome``: the handler's own."""
        if is_outcome:
            self.outcome = "exception"
        shown = python_error(exc)
        if self._takes(len(shown.name) + len(shown.message)):
            self._exceptions.append(
                TraceException(
                    {
                        "name": shown.name,
                        "message": shown.message,
                        "stack": shown.stack,
                        "timestamp": self._clock.now_ms(),
                    }
                )
            )

    def answered(self, status: int) -> None:
        """A client got its response."""
        self._event._props["response"] = response_info(status)

    def end(self) -> None:
        """The event is over: tell of it, once."""
        if not self._is_over:
            self._is_over = True
            self._tell(self._item())

    def _takes(self, size: int) -> bool:
        if self._is_full or self._is_over:
            return False
        self._bytes += size + _PER_LINE
        if self._bytes > MAX_BYTES:
            self._is_full = True
            self._add_log("warn", [_TOO_MUCH], None)
        return not self._is_full

    def _add_log(self, level: str, message: list[Any], errors: list[Any] | None) -> None:
        line = {
            "timestamp": self._clock.now_ms(),
            "level": level,
            "message": parse(json.dumps(message)),
            "errorInfo": None if errors is None else JsArray(errors),
        }
        self._logs.append(TraceLog(line))

    def _item(self) -> TraceItem:
        return TraceItem(
            {
                "wallTime": self._clock.now_ms() - self._began,
                "cpuTime": 0,
                "truncated": self._is_full,
                "executionModel": "stateless" if self._object_id is None else "durableObject",
                "outcome": self.outcome,
                "durableObjectId": self._object_id,
                "preview": None,
                "tailAttributes": None,
                "scriptTags": None,
                "dispatchNamespace": None,
                "scriptVersion": None,
                "entrypoint": self._entrypoint,
                "scriptName": self._script,
                "diagnosticsChannelEvents": JsArray([]),
                "exceptions": JsArray(self._exceptions),
                "logs": JsArray(self._logs),
                "eventTimestamp": self._began,
                "event": self._event,
            }
        )


def _logged(value: Any) -> Any:
    """``value`` as a log line keeps it: JSON, with text for what JSON has not."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, JsException):
        return value.toString()
    if isinstance(value, Date) or type(value) in (JsObject, JsArray):
        try:
            return json.loads(stringify(value) or "null")
        except Exception:  # it holds itself, or a BigInt
            pass
    return to_string(value)


def _error_info(value: Any) -> JsObject | None:
    if not isinstance(value, JsException):
        return None
    return JsObject({"name": value.name, "message": value.message, "stack": value.stack})
