"""`instance.subscribe()`: what has happened to an instance, and what happens from now on.

Implements: https://developers.cloudflare.com/workflows/build/subscribe-to-instance-events/
"""

from __future__ import annotations

import asyncio
from asyncio import Future
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from ...js import json
from ...js.array import JsArray
from ...js.callbacks import member
from ...js.convert import is_bigint
from ...js.errors import error
from ...js.object import JsObject
from ...js.proxy import JsProxy
from ..operation import operation
from .file import InstanceFile
from .history import LogEntry
from .records import Event
from .workflows import Definition, Workflows

__all__ = ["Subscription", "read_options"]

_NAMES = {
    Event.WORKFLOW_QUEUED: "workflow_queued",
    Event.WORKFLOW_START: "workflow_started",
    Event.WORKFLOW_RUNNING: "workflow_running",
    Event.WORKFLOW_PAUSED: "workflow_paused",
    Event.WORKFLOW_WAITING_FOR_PAUSE: "workflow_waiting_for_pause",
    Event.WORKFLOW_WAITING: "workflow_waiting",
    Event.WORKFLOW_SUCCESS: "workflow_completed",
    Event.WORKFLOW_FAILURE: "workflow_errored",
    Event.WORKFLOW_TERMINATED: "workflow_terminated",
    Event.STEP_START: "step_started",
    Event.STEP_SUCCESS: "step_completed",
    Event.STEP_FAILURE: "step_errored",
    Event.ATTEMPT_START: "attempt_started",
    Event.ATTEMPT_SUCCESS: "attempt_completed",
    Event.ATTEMPT_FAILURE: "attempt_errored",
    Event.SLEEP_START: "sleep_started",
    Event.SLEEP_COMPLETE: "sleep_completed",
    Event.WAIT_START: "wait_started",
    Event.WAIT_COMPLETE: "wait_completed",
    Event.WAIT_TIMED_OUT: "wait_timed_out",
}
_ROLLBACKS = (
    "rollback_started rollback_step_started rollback_step_completed rollback_step_errored "
    "rollback_attempt_started rollback_attempt_completed rollback_attempt_errored "
    "rollback_completed rollback_errored"
)
_KNOWN = {*_NAMES.values(), *_ROLLBACKS.split()}
_LAST = (Event.WORKFLOW_SUCCESS, Event.WORKFLOW_FAILURE, Event.WORKFLOW_TERMINATED)
_FACTS = {
    Event.WORKFLOW_FAILURE: {"error": "error"},
    Event.ATTEMPT_START: {"attempt": "attempt"},
    Event.ATTEMPT_SUCCESS: {"attempt": "attempt"},
    Event.ATTEMPT_FAILURE: {"attempt": "attempt", "error": "error", "retryDelayMs": "retryDelayMs"},
    Event.SLEEP_START: {"durationMs": "durationMs"},
    Event.WAIT_START: {"eventType": "event"},
}
"""What an event takes from the log as it is, each with its name there."""


def read_options(options: Any) -> tuple[int, set[str] | None]:
    """Where it begins, after which event, and the types that are wanted; None: all.

    Raises:
        JsException: the options are wrong.
    """
    if options is None:
        return -1, None
    props = dict(options._entries()) if isinstance(options, JsObject) else {"": None}
    cursor, wanted = props.get("cursor"), props.get("filter")
    right = props.keys() <= {"cursor", "filter"} and (cursor is None or _is_number(cursor))
    if wanted is not None:
        right = right and isinstance(wanted, JsArray)
        wanted = list(wanted) if right else []
        right = right and all(isinstance(each, str) and each in _KNOWN for each in wanted)
    if not right:
        raise error("Invalid Workflow subscription options")
    return -1 if cursor is None else int(cursor), None if wanted is None else set(wanted)


def _is_number(value: Any) -> bool:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and not is_bigint(value) and value >= 0 and value == int(value)


class Subscription(JsProxy, js_name="JsRpcStub", raw=True):
    """Events, one at a time."""

    def __init__(
        self,
        registry: Callable[[], tuple[Workflows, Definition]],
        instance_id: str,
        cursor: int,
        wanted: set[str] | None,
    ) -> None:
        self._registry, self._id = registry, instance_id
        self._last, self._wanted = cursor, wanted
        self._closed = False
        self._turn = asyncio.Lock()

    def next(self) -> Future[Any]:
        """`{done, value}`; it waits for an event."""
        return operation(self._next)

    def destroy(self, *_: Any) -> None:
        self._closed = True

    async def _next(self) -> JsObject:
        workflows, definition = self._registry()
        async with self._turn:
            while not self._closed and workflows.exists(definition, self._id):
                happened = workflows.happened(definition, self._id)
                with workflows.at(definition, self._id) as instance:
                    entry = instance.file.history.entry_after(self._last)
                    if entry is None and instance.file.history.has_entry(self._last, *_LAST):
                        self._closed = True
                        break
                    event = None if entry is None else self._taken(instance.file, entry)
                if entry is None:
                    await happened
                elif event is not None:
                    return JsObject({"done": False, "value": event})
        return JsObject({"done": True, "value": None})

    def _taken(self, file: InstanceFile, entry: LogEntry) -> JsObject | None:
        """What is told of an entry; None: nothing."""
        self._last = entry.id
        self._closed = entry.event in _LAST
        name = _NAMES.get(Event(entry.event)) if entry.event in _NAMES else None
        if name is None or (self._wanted is not None and name not in self._wanted):
            return None
        return _event(file, entry, self._id, name)


def _event(file: InstanceFile, entry: LogEntry, instance_id: str, name: str) -> JsObject:
    moment = datetime.fromisoformat(entry.timestamp).replace(tzinfo=UTC)
    shown: dict[str, Any] = {
        "instanceId": instance_id,
        "eventId": entry.id,
        "timestamp": round(moment.timestamp() * 1000),
        "type": name,
    }
    if entry.target is not None:
        shown["stepName"] = entry.target
    facts = json.parse(entry.facts)
    for ours, theirs in _FACTS.get(Event(entry.event), {}).items():
        if ours != "retryDelayMs" or member(facts, theirs) is not None:
            shown[ours] = member(facts, theirs)
    if entry.event == Event.WORKFLOW_START:
        shown["params"] = file.metadata.event.payload
    elif entry.event == Event.WORKFLOW_SUCCESS:
        shown["output"] = file.output
    elif entry.event == Event.STEP_START:
        shown["config"] = file.get(f"{entry.key}-config")
    elif entry.event == Event.STEP_SUCCESS:
        output = _output(file, str(entry.key))
        if output is not None:
            shown["output"] = output
    return JsObject(shown)


def _output(file: InstanceFile, key: str) -> Any:
    if member(file.get(f"{key}-config"), "sensitive") == "output":
        return "[REDACTED]"
    stream = file.get(f"{key}-value-stream-meta")
    if stream is not None:
        return file.pieces.stream(key, stream)
    return member(file.get(f"{key}-value"), "value")
