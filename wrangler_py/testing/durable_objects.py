"""What a test may do to the Durable Objects of the worker that it runs.

Named as Cloudflare's test helpers are; an object is meant by its binding and its name.

Source: https://developers.cloudflare.com/workers/testing/vitest-integration/test-apis/
"""

from __future__ import annotations

import asyncio
import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..durable.instance import Event, Instance
from ..durable.namespace import DurableObjectNamespace
from ..js.promise import pending

if TYPE_CHECKING:
    from ..durable.actor import Actor
    from ..runtime.worker import Worker

__all__ = ["DurableObjectTests"]

PATIENCE = 2.0
"""Seconds that an object gets to become idle."""
BUSY = (
    "a Durable Object does not become idle: a handler is running, a timer is set, or a socket "
    "was taken with accept() instead of ctx.acceptWebSocket()"
)


class DurableObjectTests(ABC):
    """The part of a running worker that reaches into its Durable Objects."""

    @abstractmethod
    def _loaded(self) -> Worker:
        """The worker under test."""

    async def evict_durable_object(self, binding: str, name: str) -> None:
        """Drop the instance of `env.BINDING.getByName(name)`, as when it hibernates.

        Hibernatable sockets stay open, and the next event runs the constructor first. What is
        running is waited for.

        Raises:
            AssertionError: it does not become idle.
        """
        await _until(self._actor(binding, name).hibernate)

    async def evict_all_durable_objects(self) -> None:
        """Drop every instance; see `evict_durable_object`."""
        objects = self._loaded().objects
        await _until(lambda: objects.hibernate() == 0)

    async def run_durable_object_alarm(self, binding: str, name: str) -> bool:
        """Run the alarm that is set, before its time; whether there was one.

        Raises:
            JsException: the handler failed; it will be tried again.
        """
        actor = self._actor(binding, name)
        running = self._loaded().objects.alarms.ring(actor.class_name, actor.id.toString())
        if running is None:
            return False
        await running
        return True

    async def run_in_durable_object(
        self, binding: str, name: str, callback: Callable[[Any], Any]
    ) -> Any:
        """What ``callback`` returns, called with the script's object, as an event of it.

        Storage is `instance.ctx.storage`, as in the script. ``callback`` may be a coroutine
        function. What it raises is raised here, and what the constructor raises, too.
        """
        outcome: list[tuple[Any, Exception | None]] = []

        async def run(instance: Instance) -> None:
            try:
                value = callback(instance.object)
                outcome.append((await value if inspect.isawaitable(value) else value, None))
            except Exception as exc:  # raised below, as it is
                outcome.append((None, exc))

        done = pending()
        self._actor(binding, name).deliver(Event("the test", run, done))
        await done
        ((value, failure),) = outcome
        if failure is not None:
            raise failure
        return value

    def _actor(self, binding: str, name: str) -> Actor:
        worker = self._loaded()
        namespace = getattr(worker.env, binding, None)
        if not isinstance(namespace, DurableObjectNamespace):
            raise LookupError(f"env.{binding} is no Durable Object binding")
        actor_id = namespace.idFromName(name)
        return worker.objects.actor(namespace._class_name, actor_id)


async def _until(condition: Callable[[], bool]) -> None:
    """Wait for objects to be idle: handlers that run come to their end."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not condition():  # noqa: ASYNC110 - no event tells of idleness
                await asyncio.sleep(0.001)
    except TimeoutError:
        raise AssertionError(BUSY) from None
