"""One object, by class and id, across all its lives.

What survives an instance is here: the sockets, the queue of events, whether it is broken. An
object that was reset is replaced by a new one of the same id; stubs of the old one stay broken.

Source: https://developers.cloudflare.com/durable-objects/concepts/durable-object-lifecycle/
"""

from __future__ import annotations

import asyncio
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..js.errors import JsException, error
from ..log import Level, log, printable
from .alarm_store import AlarmIndex
from .database import Memory
from .gates import NOBODY
from .hibernation import Hibernation
from .ids import DurableObjectId
from .instance import Code, Event, Instance
from .rpc import crossing
from .storage import StorageRules

if TYPE_CHECKING:
    from .objects import Objects

CODE_UPDATED = "Durable Object reset because its code was updated."
REPLACE_GRACE = 1.0
"""Seconds that handlers which are running may go on when new code is there."""


class Actor:
    """One object."""

    def __init__(
        self,
        objects: Objects,
        class_name: str,
        actor_id: DurableObjectId,
        store: Path | Memory,
    ) -> None:
        """``store``: the folder that has the object's file, or what it has instead of a file."""
        self.objects, self.class_name, self.id = objects, class_name, actor_id
        self.folder = store if isinstance(store, Path) else None
        self.memory = None if isinstance(store, Path) else store
        self.instance: Instance | None = None
        self.queue: deque[Event] = deque()
        """Events that wait: the gate is closed, or the old code is on its way out."""
        self.broken: JsException | None = None
        self._slept = False
        """The last instance went to sleep with sockets open: the next one wakes them."""
        self.gone = False
        """Forgotten, as there was nothing to remember; a stub looks for it again."""
        self.hibernation = Hibernation(self)
        self.last_event = 0.0
        """When an event ended, or an instance was made; by the clock's `elapsed`."""
        self._idle_timer: asyncio.TimerHandle | None = None
        self._replacing: asyncio.TimerHandle | None = None
        self._deferred: asyncio.TimerHandle | None = None

    @property
    def index(self) -> AlarmIndex:
        return self.objects.alarms.index(self.class_name)

    def rules(self, code: Code) -> StorageRules:
        return self.objects.rules(code, self.class_name)

    def report(self, exc: BaseException, where: str) -> None:
        """Show an exception of the object's that no caller gets."""
        if self.instance is not None:
            self.instance.context.report(exc, where)
            return
        owner = self.objects.code.new_context(self.short_label)
        owner.report(exc, where)
        owner.close()

    # Events.

    def deliver(self, event: Event) -> None:
        """Let the object do ``event`` when it is its turn."""
        if self.broken is not None:
            event.fail(self.broken)
            return
        self.queue.append(event)
        self.pump()

    def pump(self) -> None:
        """Start what waits, if it may."""
        if self._replacing is not None:
            self._replace_if_drained()
            return
        while self.queue and self.broken is None:
            instance = self.instance or self._awake()
            if instance.input.closed:
                return
            instance.start(self.queue.popleft())

    def _awake(self) -> Instance:
        instance = self.instance = Instance(self, self.objects.code)
        self.hibernation.renew(instance)
        if self._slept:
            self._slept = False
            self._tell("woken", Level.INFO)
        self._watch_idleness()
        return instance

    def not_constructed(self, instance: Instance, event: Event, exc: BaseException) -> None:
        """The constructor raised: this event fails, the next one tries again."""
        if instance is not self.instance:
            return
        if event.result is None:
            instance.context.report(exc, "the constructor")
        instance.hold_back()
        self._drop(crossing(exc), commit=False)
        event.fail(exc)
        self.pump()

    def ended(self, instance: Instance) -> None:
        """An event is over."""
        if instance is not self.instance:
            return
        if self._replacing is not None:
            self._replace_if_drained()
        else:
            self.last_event = self.objects.clock.elapsed()

    # Hibernation.

    def _watch_idleness(self) -> None:
        self.last_event = self.objects.clock.elapsed()
        if self._idle_timer is None:
            self._look_again(self.objects.hibernate_after)

    def _look_again(self, delay: float) -> None:
        loop = asyncio.get_running_loop()
        self._idle_timer = NOBODY.run(loop.call_later, delay, self._look)

    def _look(self) -> None:
        self._idle_timer = None
        if self.instance is None:
            return
        left = self.sleeps_at - self.objects.clock.elapsed()
        if left > 0.001:
            self._look_again(left)
        elif not self.hibernate():
            self._look_again(max(self.objects.hibernate_after, 0.01))

    @property
    def sleeps_at(self) -> float:
        """When it is to be asked whether it is idle, by the clock's `elapsed`."""
        return self.last_event + self.objects.hibernate_after

    def look_now(self) -> None:
        """Time has been moved: it may be late for the next look."""
        if self._idle_timer is not None:
            self._idle_timer.cancel()
            self._look()

    def hibernate(self) -> bool:
        """Drop the instance if it is idle; whether there is none now."""
        instance = self.instance
        if instance is not None:
            if not instance.is_idle(self.objects.clock.elapsed()):
                return False
            self._drop(error(CODE_UPDATED), commit=True)
            self.hibernation.end_unanswered()
            self._slept = bool(self.hibernation.sockets)
            self._tell("hibernated", Level.INFO if self._slept else Level.DEBUG)
            self.hibernation.drop_forgotten()
        if not self.hibernation.sockets and not self.queue:
            self.gone = True
            self.objects.forget(self)
        return True

    def _drop(self, reason: JsException, *, commit: bool) -> None:
        instance, self.instance = self.instance, None
        for timer in (self._idle_timer, self._replacing, self._deferred):
            if timer is not None:
                timer.cancel()
        self._idle_timer = self._replacing = self._deferred = None
        if instance is not None:
            instance.close(reason, commit=commit)

    def _tell(self, event: str, level: Level) -> None:
        if not log.enabled(level):
            return
        count = len(self.hibernation.sockets)
        kept = f" ({count} WebSocket{'s' if count > 1 else ''} kept)" if count else ""
        log.event(
            event,
            f"{self.short_label} {event}",
            note=kept.strip(),
            level=level,
            prefix=True,
            class_name=self.class_name,
            id=self.id.toString(),
            name=self.id.name,
            sockets=count,
        )

    @property
    def short_label(self) -> str:
        """The object, as the terminal names it."""
        name = self.id.name
        called = f'"{printable(name)}"' if name else self.id.toString()[:8]
        return f"{self.class_name} {called}"

    def kept_by(self) -> str:
        """What keeps the object awake."""
        kept = self.instance and self.instance.kept_by(self.objects.clock.elapsed())
        return kept or "nothing"

    # Resets.

    def reset_by(self, exc: BaseException) -> None:
        """A critical section or a commit failed."""
        if self.broken is None:
            if self.instance is not None:
                of = f"{self.short_label}, which was reset"
                self.instance.context.report(exc, "blockConcurrencyWhile or a write", of)
            self.reset(crossing(exc))

    def reset(self, reason: JsException) -> None:
        """Break the object: everybody who waits for it gets ``reason``, its sockets end."""
        if self.broken is not None:
            return
        self.broken = reason
        self.objects.forget(self)
        self._drop(reason, commit=False)
        queue, self.queue = self.queue, deque()
        for event in queue:
            event.fail(reason)
        self.hibernation.end_all()

    # New code.

    def replace(self) -> None:
        """New code is there: evict the instance; its sockets and its queue stay."""
        instance = self.instance
        if instance is None or self._replacing is not None:
            return
        instance.hold_back()
        loop = asyncio.get_running_loop()
        self._replacing = NOBODY.run(loop.call_later, REPLACE_GRACE, self._replaced)
        self._replace_if_drained()

    def replace_later(self, delay: float) -> None:
        """New code is there, and may wait until the object sleeps, or ``delay`` is over."""
        if self.instance is not None and self._deferred is None:
            self.instance.context.keeps_code = True
            loop = asyncio.get_running_loop()
            self._deferred = NOBODY.run(loop.call_later, delay, self.replace)

    def _replace_if_drained(self) -> None:
        if self.instance is None or not self.instance.busy:
            self._replaced()

    def _replaced(self) -> None:
        if self.instance is not None:
            self.objects.on_replace(self.instance.context)
        self._drop(error(CODE_UPDATED), commit=True)
        self.pump()

    def close(self) -> None:
        """The server stops: what its last sockets say is heard by nobody."""
        self.broken = self.broken or error("The server is shutting down.")
        self._drop(self.broken, commit=True)


def abort(instance: Instance, reason: Any) -> None:
    """`ctx.abort()`."""
    if instance.actor.instance is instance:
        instance.actor.reset(error(reason))
