"""What a test may do to the Durable Objects of the worker that it runs.

Named as Cloudflare's test helpers are. An object is meant by a stub, or by ``(binding, name)``.

Source: https://developers.cloudflare.com/workers/testing/vitest-integration/test-apis/
"""

from __future__ import annotations

import asyncio
import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

from ..durable.instance import Event, Instance
from ..durable.namespace import DurableObjectNamespace
from ..durable.stub import DurableObject
from ..js.promise import pending
from .env import bare

if TYPE_CHECKING:
    from ..durable.actor import Actor
    from ..durable.ids import DurableObjectId
    from ..runtime.worker import Worker

__all__ = ["DurableObjectTests"]

WebSockets = Literal["hibernate", "close"]
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

    async def run_in_durable_object(
        self, stub: Any, name: str | Callable[..., Any], callback: Callable[..., Any] | None = None
    ) -> Any:
        """What ``callback(instance, state)`` returns, run as an event of the object.

        `run_in_durable_object(stub, callback)` or `run_in_durable_object(binding, name, callback)`.
        ``instance`` is the script's object, ``state`` its `ctx`. ``callback`` may be a coroutine
        function. What it raises is raised here, and what the constructor raises, too.
        """
        actor = self._actor(stub, name if isinstance(name, str) else None)
        function = callback if isinstance(name, str) else name
        if function is None:
            raise TypeError("run_in_durable_object() needs a function to run")
        outcome: list[tuple[Any, Exception | None]] = []

        async def run(instance: Instance) -> None:
            state = getattr(instance.object, "ctx", instance.state)
            try:
                value = function(instance.object, state)
                outcome.append((await value if inspect.isawaitable(value) else value, None))
            except Exception as exc:  # raised below, as it is
                outcome.append((None, exc))

        done = pending()
        actor.deliver(Event("the test", run, done))
        await done
        ((value, failure),) = outcome
        if failure is not None:
            raise failure
        return value

    async def run_durable_object_alarm(self, stub: Any, name: str | None = None) -> bool:
        """Run the alarm that is set, before its time; whether there was one.

        Raises:
            JsException: the handler failed; it will be tried again.
        """
        actor = self._actor(stub, name)
        running = self._loaded().objects.alarms.ring(actor.class_name, actor.id.toString())
        if running is None:
            return False
        await running
        return True

    async def evict_durable_object(
        self, stub: Any, name: str | None = None, *, web_sockets: WebSockets = "hibernate"
    ) -> None:
        """Drop the object's instance, as when it hibernates; what it has stored stays.

        The next event runs the constructor first. What is running is waited for.

        Args:
            web_sockets: hibernatable sockets stay open, or with `"close"` their connections end.

        Raises:
            AssertionError: it does not become idle.
        """
        await self._evict([self._actor(stub, name)], web_sockets)

    async def evict_all_durable_objects(self, *, web_sockets: WebSockets = "hibernate") -> None:
        """Drop every instance; see `evict_durable_object`."""
        await self._evict(self._loaded().objects.all(), web_sockets)

    async def list_durable_object_ids(self, namespace: Any) -> list[DurableObjectId]:
        """The objects of a binding that exist: they run, or have stored something."""
        return self._loaded().objects.ids(self._namespace(namespace)._class_name)

    async def reset(self) -> None:
        """Delete all objects with what they have stored, and their alarms; sockets end."""
        self._loaded().objects.erase()

    async def _evict(self, actors: list[Actor], web_sockets: WebSockets) -> None:
        if web_sockets not in ("hibernate", "close"):
            raise ValueError(f'web_sockets is "hibernate" or "close", not {web_sockets!r}')
        # All of them, again and again: one may wait for another.
        await _until(lambda: not [actor for actor in actors if not actor.hibernate()])
        if web_sockets == "close":
            for actor in actors:
                actor.hibernation.end_all()

    def _namespace(self, binding: Any) -> DurableObjectNamespace:
        env = self._loaded().env
        found = getattr(env, binding, None) if isinstance(binding, str) else bare(binding)
        if not isinstance(found, DurableObjectNamespace):
            raise LookupError(f"env.{binding} is no Durable Object binding")
        return found

    def _actor(self, stub: Any, name: str | None) -> Actor:
        if isinstance(stub, tuple):
            stub, name = stub
        if name is not None:
            namespace = self._namespace(stub)
            class_name, actor_id = namespace._class_name, namespace.idFromName(name)
        elif isinstance(target := bare(stub), DurableObject):
            class_name, actor_id = target._class_name, target._id
        else:
            raise LookupError(f"{stub!r} is no stub; a binding needs a name: (binding, name)")
        return self._loaded().objects.actor(class_name, actor_id)


async def _until(condition: Callable[[], bool]) -> None:
    """Wait for objects to be idle: handlers that run come to their end."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not condition():  # noqa: ASYNC110 - no event tells of idleness
                await asyncio.sleep(0.001)
    except TimeoutError:
        raise AssertionError(BUSY) from None
