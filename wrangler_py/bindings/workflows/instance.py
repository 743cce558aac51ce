"""One instance: what may be asked of it, whether its code runs or not.

Implements: https://developers.cloudflare.com/workflows/build/workers-api/#workflowinstance
Differs: a pause and an end stop the code where it waits; in wrangler it goes on to its next step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...js import json
from ...js.array import JsArray
from ...js.callbacks import member
from ...js.convert import to_string
from ...js.date import Date
from ...js.errors import JsException
from ...js.null import is_nullish, jsnull
from ...js.object import JsObject
from ...log import log, printable
from .errors import refusal
from .file import InstanceFile
from .life import Life
from .records import Event, Status

if TYPE_CHECKING:
    from .workflows import Definition, Workflows

__all__ = ["Instance"]

_STARTS = {
    "do": Event.STEP_START,
    "sleep": Event.SLEEP_START,
    "waitForEvent": Event.WAIT_START,
}


class Instance:
    """An instance of a workflow; its file is open."""

    def __init__(
        self, workflows: Workflows, definition: Definition, instance_id: str, file: InstanceFile
    ) -> None:
        self.workflows, self.definition = workflows, definition
        self.id, self.file = instance_id, file
        self.life: Life | None = None

    @property
    def title(self) -> str:
        """What a person is told."""
        return f"{self.definition.name} {self.id}"

    @property
    def exists(self) -> bool:
        return self.file.metadata is not None

    def create(self, params: Any) -> None:
        """
        Raises:
            JsException: a DataCloneError.
        """
        try:
            self.file.create(self.id, self.definition.name, params)
        except JsException:
            self.workflows.forget(self)
            raise
        self.tell("started")
        self.start(is_new=True)

    def start(self, *, is_new: bool = False) -> None:
        """Let its code run, if it is to run and there is some.

        Without its class a new one fails; an older one waits for it, as a save may bring it.
        """
        status = self.file.status
        if status is Status.WAITING_FOR_PAUSE and self.life is None:
            self.file.pause()
            return
        code = self.definition.code()
        if self.life is not None or status.has_ended or status is Status.PAUSED or code is None:
            return
        if not is_new and self.definition.class_name not in code.exported.workflows:
            self.workflows.wait_for_class(self)
            return
        self.file.timers.remove_past(code.clock.now_ms())
        self.file.status = Status.RUNNING
        self.life = Life(self, code)
        self.life.begin()

    def life_ended(self, life: Life) -> None:
        if self.life is life:
            self.life = None
            self.workflows.rest(self)

    def tell(self, outcome: str) -> None:
        """One line for what became of it."""
        name, now = self.definition.name, self.workflows.clock.now_ms()
        began = member(self.file.metadata.event, "timestamp").getTime()
        ms = None if outcome == "started" else now - began
        took = "" if ms is None else f" ({ms:.0f}ms)"
        text = f"WORKFLOW {printable(name)} {printable(self.id)} {outcome}{took}"
        log.event("workflow", text, prefix=True, workflow=name, id=self.id, status=outcome, ms=ms)

    # What a script may ask.

    def status(self) -> JsObject:
        """A status as a script gets it."""
        outputs, output, failure = [], jsnull, None
        wanted = (
            Event.STEP_SUCCESS,
            Event.WAIT_COMPLETE,
            Event.WORKFLOW_SUCCESS,
            Event.WORKFLOW_FAILURE,
        )
        for entry in self.file.history.entries(*wanted):
            facts = json.parse(entry.facts)
            if entry.event == Event.STEP_SUCCESS:
                stream = member(facts, "streamOutput")
                shown = None if stream is None else self.file.pieces.preview(stream)
                outputs.append(member(facts, "result") if stream is None else shown)
            elif entry.event == Event.WAIT_COMPLETE:
                outputs.append(member(facts, "payload"))
            elif entry.event == Event.WORKFLOW_SUCCESS:
                found = member(facts, "result")
                output = jsnull if found is None else found
            else:
                failure = member(facts, "error")
        return JsObject(
            {
                "status": self.file.status.text,
                "__LOCAL_DEV_STEP_OUTPUTS": JsArray(outputs),
                "output": output,
                "error": failure,
            }
        )

    def pause(self) -> None:
        if self.file.status not in (Status.RUNNING, Status.WAITING):
            return
        self.file.status = Status.WAITING_FOR_PAUSE
        if self.life is None or self.life.hold():
            self.pause_now()

    def pause_now(self) -> None:
        """No step is being carried out."""
        self.file.pause()
        if self.life is not None:
            self.life.end()

    def resume(self) -> None:
        status = self.file.status
        if status is Status.WAITING_FOR_PAUSE:
            self.file.status = Status.RUNNING
            if self.life is not None:
                self.life.release()
        elif status is Status.PAUSED:
            self.file.resume()
            self.start()

    def terminate(self) -> None:
        """
        Raises:
            JsException: it has ended.
        """
        if self.file.status.has_ended:
            raise refusal(
                "Cannot terminate instance since its on a finite state", "instance.cannot_terminate"
            )
        with self.file.transaction():
            trigger = JsObject({"source": 0})
            self.file.history.add(Event.WORKFLOW_TERMINATED, facts={"trigger": trigger})
            self.file.status = Status.TERMINATED
        self.tell("terminated")
        if self.life is not None:
            self.life.end()

    def restart(self, origin: Any = None) -> None:
        """Run anew; ``origin``: only from this step on (`name`, `count`, `type`).

        Raises:
            JsException: there was no such step.
        """
        keys = None if is_nullish(origin) else self._steps_from(origin)
        life, self.life = self.life, None
        if life is not None:
            life.end()
        with self.file.transaction():
            self.file.forget(keys)
            if keys is None:
                self.file.log_start(member(self.file.metadata.event, "payload"))
        self.tell("started")
        self.start()

    def _steps_from(self, origin: Any) -> set[str]:
        name, count = to_string(member(origin, "name")), member(origin, "count")
        kind = member(origin, "type")
        wanted = _STARTS.get("do" if kind is None else to_string(kind))
        left, keys = 1 if count is None else count, set[str]()
        for entry in self.file.history.entries(*_STARTS.values()):
            title, _, number = (entry.target or "").rpartition("-")
            title = title if number.isdecimal() and title else entry.target or ""
            if not keys and title == name and entry.event == wanted:
                left -= 1
            if (keys or left == 0) and entry.key is not None:
                keys.add(entry.key)
        if not keys:
            raise refusal(
                f'Step "{name}" not found in execution history', "instance.cannot_restart"
            )
        return keys

    def send(self, kind: str, payload: Any) -> None:
        """
        Raises:
            JsException: a DataCloneError.
        """
        now = Date(self.workflows.clock.now_ms())
        self.file.inbox.add(kind, JsObject({"payload": payload, "type": kind, "timestamp": now}))
        if self.life is None:
            self.start()
        else:
            self.life.wake(kind)

    def delete(self) -> None:
        """
        Raises:
            JsException: there is none.
        """
        if not self.exists:
            raise refusal("Instance does not exist", "instance.not_found")
        life, self.life = self.life, None
        if life is not None:
            life.end()
        self.file.erase()
        self.workflows.forget(self)
