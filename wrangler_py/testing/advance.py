"""Let time pass for a worker, without waiting for it: everything that is due happens in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from ..durable.objects import Objects
from .clock import MovableClock

if TYPE_CHECKING:
    from ..bindings.workflows import Workflows
    from ..durable.actor import Actor

__all__ = ["Advance"]

TURNS = 25
"""Turns of the loop that what happened gets, before time goes on."""
PATIENCE = 2.0
"""Seconds that an alarm's handler gets which waits for something else than time."""
BRIEFLY = 0.05
"""The same, when it may be waiting for time; also what a workflow's step gets."""
MOST_ROUNDS = 1000
"""Of turns, for workflows that go on and on."""


class Advance:
    """One stretch of time."""

    def __init__(
        self,
        clock: MovableClock,
        objects: Sequence[Objects],
        seconds: float,
        workflows: Workflows | None = None,
    ) -> None:
        self._clock, self._objects, self._workflows = clock, objects, workflows
        self._end = clock.elapsed() + seconds
        self._ringing: set[asyncio.Future[Any]] = set()
        self._looked: dict[Actor, float] = {}
        """Objects that were asked whether they are idle, and after which event."""

    async def run(self) -> None:
        """Go from one thing that is due to the next, up to the end."""
        await self._settle()
        while (step := self._next()) is not None:
            due, happen = step
            self._go_to(due)
            happen()
            await self._settle()
        self._go_to(self._end)
        self._ring()
        for actor in self._awake():
            actor.look_now()
        await self._settle()

    def _next(self) -> tuple[float, Callable[[], None]] | None:
        """What is due first, of all that is due before the end."""
        due = [step for step in self._steps() if step[0] <= self._end]
        return min(due, key=lambda step: step[0], default=None)

    def _steps(self) -> list[tuple[float, Callable[[], None]]]:
        steps: list[tuple[float, Callable[[], None]]] = [
            (timer.due, timer.fire) for timer in self._clock.timers
        ]
        for alarm in (each.alarms.next_ms for each in self._objects):
            if alarm is not None:
                left = (alarm - self._clock.now_ms()) / 1000
                steps.append((self._clock.elapsed() + left, self._ring))
        for actor in self._awake():
            if self._looked.get(actor) != actor.last_event:
                steps.append((actor.sleeps_at, partial(self._look, actor)))
        return steps

    def _go_to(self, moment: float) -> None:
        self._clock.move(max(moment - self._clock.elapsed(), 0))

    def _ring(self) -> None:
        for each in self._objects:
            self._ringing.update(each.alarms.fire())

    def _awake(self) -> list[Actor]:
        return [actor for each in self._objects for actor in each.awake()]

    def _look(self, actor: Actor) -> None:
        self._looked[actor] = actor.last_event
        actor.look_now()

    async def _settle(self) -> None:
        """Let what has begun come to where it waits for time, or to its end."""
        for _ in range(TURNS):
            await asyncio.sleep(0)
        if self._workflows is not None:
            await self._let_work(self._workflows)
        if self._ringing:
            patience = BRIEFLY if self._clock.timers else PATIENCE
            _, self._ringing = await asyncio.wait(self._ringing, timeout=patience)

    async def _let_work(self, workflows: Workflows) -> None:
        """Until each instance waits for time or for an event, or has ended."""
        for _ in range(MOST_ROUNDS):
            before = workflows.turns
            if workflows.attempts:
                await asyncio.wait(workflows.attempts, timeout=BRIEFLY)
            for _ in range(TURNS):
                await asyncio.sleep(0)
            if workflows.turns == before:
                return
