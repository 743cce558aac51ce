"""All queues of a project: what waits in them, and who is given it.

In memory, as in `wrangler dev`. It outlives the code on both ends.

Source: https://developers.cloudflare.com/queues/configuration/batching-retries/
Differs: without `max_concurrency` one batch is delivered at a time; on Cloudflare it grows.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from ...config.bindings import QueueConsumer
from ...log import log, printable
from ...stores.stores import Stores
from .message import Message

__all__ = ["Broker", "Consumed", "Consumer", "Metrics"]


class Metrics(NamedTuple):
    """What waits in a queue."""

    messages: int
    size: int
    oldest: int | None
    """When it was sent, in milliseconds since 1970."""


@dataclass(slots=True)
class Consumed:
    """What a handler did with a batch. What is said of a message goes before all else."""

    failed: bool = False
    ack_all: bool = False
    retry_all: bool = False
    retry_delay: int | None = None
    acks: set[str] = field(default_factory=set)
    retries: dict[str, int | None] = field(default_factory=dict)

    def again(self, message: Message) -> bool:
        """Whether ``message`` is to be delivered again."""
        if message.id in self.acks:
            return False
        if message.id in self.retries:
            return True
        return not self.ack_all and (self.failed or self.retry_all)

    def delay(self, message: Message, usual: float) -> float:
        """Seconds until then."""
        asked = self.retries.get(message.id)
        if asked is None:
            asked = self.retry_delay
        return usual if asked is None else asked


class Consumer(Protocol):
    """A worker that takes batches."""

    config: Any
    retired: bool

    async def call_queue(self, queue: str, messages: list[Message], metrics: Metrics) -> Consumed:
        """Deliver a batch."""


class Broker:
    """The queues of one project; `stores.keep(Broker)` is the one."""

    def __init__(self, stores: Stores) -> None:
        self.clock = stores.clock
        self._queues: dict[str, Queue] = {}
        self._timers: set[Any] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def consume(self, worker: Consumer) -> None:
        """``worker`` takes what its configuration says, instead of its code before."""
        for queue in self._queues.values():
            if queue.worker is not None and queue.worker.config.name == worker.config.name:
                queue.worker = None
        for settings in worker.config.bindings.queue_consumers:
            queue = self._queue(settings.queue)
            queue.worker, queue.settings = worker, settings
            queue.look_anew()

    def put(self, name: str, message: Message, delay: float = 0) -> None:
        """Deliver ``message`` after ``delay`` seconds, or later."""
        queue = self._queue(name)
        if delay > 0:
            self.later(delay, lambda: queue.arrive(message))
        else:
            queue.arrive(message)

    def metrics(self, name: str) -> Metrics:
        """What waits in a queue."""
        return self._queue(name).metrics()

    def later(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        """Call ``call`` as nobody's code, by the worker's clock; what takes that back."""
        loop, timers = asyncio.get_running_loop(), self._timers

        def due() -> None:
            timers.discard(timer)
            call()

        def cancel() -> None:
            timers.discard(timer)
            timer.cancel()

        start = Context().run  # or it would be the timer of the event that sends
        timer = start(self.clock.start, loop.call_later, seconds, due, context=Context())
        timers.add(timer)
        return cancel

    def run(self, queue: Queue, batch: list[Message]) -> None:
        """Deliver ``batch`` in the background."""
        task = asyncio.create_task(queue.deliver(batch))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """Deliver nothing more."""
        for each in (*self._timers, *self._tasks):
            each.cancel()
        self._timers.clear()

    def _queue(self, name: str) -> Queue:
        if name not in self._queues:
            self._queues[name] = Queue(self, name)
        return self._queues[name]


class Queue:
    """One queue."""

    def __init__(self, broker: Broker, name: str) -> None:
        self.name = name
        self.worker: Consumer | None = None
        self.settings = QueueConsumer(name)
        self._broker = broker
        self._waiting: deque[Message] = deque()
        self._running = 0
        self._cancel: Callable[[], None] | None = None
        """Takes back the delivery that was agreed on."""
        self._is_urgent = False

    def metrics(self) -> Metrics:
        oldest = self._waiting[0].timestamp if self._waiting else None
        return Metrics(len(self._waiting), sum(len(each.data) for each in self._waiting), oldest)

    def arrive(self, message: Message) -> None:
        """``message`` is due."""
        if self._consumer() is None:
            log.info_once(f'nobody consumes the queue "{self.name}" here: messages are dropped')
            return
        self._waiting.append(message)
        self.look()

    def _consumer(self) -> Consumer | None:
        if self.worker is not None and self.worker.retired:
            self.worker = None
        return self.worker

    def look_anew(self) -> None:
        """The settings are others: what was agreed on before does not hold."""
        if self._cancel is not None:
            self._cancel()
            self._cancel = None
        self.look()

    def look(self) -> None:
        """Agree on when the next batch is delivered."""
        if not self._waiting or self._running >= (self.settings.max_concurrency or 1):
            return
        is_full = len(self._waiting) >= self.settings.max_batch_size
        if self._cancel is not None:
            if self._is_urgent or not is_full:
                return
            self._cancel()
        self._is_urgent = is_full
        wait = 0 if is_full else self.settings.max_batch_timeout
        self._cancel = self._broker.later(wait, self._flush)

    def _flush(self) -> None:
        self._cancel = None
        if self._consumer() is None:
            self._waiting.clear()
            return
        batch = list(self._first(self.settings.max_batch_size))
        self._running += 1
        self._broker.run(self, batch)
        self.look()

    def _first(self, most: int) -> Iterator[Message]:
        while self._waiting and most > 0:
            yield self._waiting.popleft()
            most -= 1

    async def deliver(self, batch: list[Message]) -> None:
        """Give ``batch`` to the handler, and do what it says."""
        assert self.worker is not None
        started = time.perf_counter()
        try:
            consumed = await self.worker.call_queue(self.name, batch, self.metrics())
        finally:
            self._running -= 1
        again = [each for each in batch if consumed.again(each)]
        self._tell(len(batch) - len(again), len(batch), (time.perf_counter() - started) * 1000)
        for message in again:
            self._fail(message, consumed.delay(message, self.settings.retry_delay))
        self.look()

    def _tell(self, acked: int, total: int, ms: float) -> None:
        text = f"QUEUE {printable(self.name)} {acked}/{total} ({ms:.0f}ms)"
        log.event(
            "queue", text, prefix=True, queue=self.name, acked=acked, total=total, ms=round(ms, 3)
        )

    def _fail(self, message: Message, delay: float) -> None:
        message.failed += 1
        most, dead = self.settings.max_retries + 1, self.settings.dead_letter_queue
        attempts = f"after {most} failed attempt{'' if most == 1 else 's'}"
        named = f'message "{message.id}" on queue "{self.name}"'
        if message.failed < most:
            log.debug(f"Retrying {named}...")
            self._broker.put(self.name, message, delay)
        elif dead is None:
            log.warn(f"Dropped {named} {attempts}!")
        else:
            log.warn(f'Moving {named} to dead letter queue "{dead}" {attempts}...')
            message.failed = 0
            self._broker.put(dead, message)
