"""The `queue` event: a batch of messages for a consumer.

Implements: https://developers.cloudflare.com/queues/configuration/javascript-apis/#consumer
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..bindings.queues.broker import Consumed, Metrics
from ..bindings.queues.message import Message
from ..js.array import JsArray
from ..js.callbacks import member
from ..js.date import Date
from ..js.object import JsObject
from ..js.proxy import JsProxy
from ..log import log
from ..web.idl import to_int32
from .handling import begin, call_handler, run

if TYPE_CHECKING:
    from .worker import Worker

__all__ = ["run_queue"]

NO_HANDLER = "Handler does not export a queue() function."


class QueueMessage(JsProxy):
    """One message of a batch."""

    def __init__(self, message: Message, consumed: Consumed) -> None:
        self._message, self._consumed = message, consumed
        self._timestamp, self._body = Date(message.timestamp), message.body()

    @property
    def id(self) -> str:
        return self._message.id

    @property
    def timestamp(self) -> Date:
        return self._timestamp

    @property
    def body(self) -> Any:
        return self._body

    @property
    def attempts(self) -> int:
        return self._message.failed + 1

    def ack(self) -> None:
        done = self._consumed
        if done.ack_all:
            return
        if done.retry_all:
            _without_effect("ack()", "retryAll()", self.id)
        elif self.id in done.retries:
            _without_effect("ack()", "retry()", self.id)
        else:
            done.acks.add(self.id)

    def retry(self, options: Any = None) -> None:
        done = self._consumed
        if done.ack_all:
            _without_effect("retry()", "ackAll()", self.id)
        elif self.id in done.acks:
            _without_effect("retry()", "ack()", self.id)
        else:
            delay = _delay(options)
            done.retries[self.id] = done.retries.get(self.id) if delay is None else delay


class QueueController(JsProxy):
    """The batch, as the handler gets it."""

    def __init__(
        self, queue: str, messages: list[Message], metrics: Metrics, consumed: Consumed
    ) -> None:
        self._queue, self._consumed = queue, consumed
        self._messages = JsArray([QueueMessage(each, consumed) for each in messages])
        known: dict[str, Any] = {"backlogCount": metrics.messages, "backlogBytes": metrics.size}
        if metrics.oldest is not None:
            known["oldestMessageTimestamp"] = Date(metrics.oldest)
        self._metadata = JsObject({"metrics": JsObject(known)})

    @property
    def queue(self) -> str:
        return self._queue

    @property
    def messages(self) -> JsArray:
        return self._messages

    @property
    def metadata(self) -> JsObject:
        return self._metadata

    def ackAll(self) -> None:
        if self._consumed.retry_all:
            _without_effect("ackAll()", "retryAll()")
        else:
            self._consumed.ack_all = True

    def retryAll(self, options: Any = None) -> None:
        if self._consumed.ack_all:
            _without_effect("retryAll()", "ackAll()")
            return
        self._consumed.retry_all = True
        delay = _delay(options)
        if delay is not None:
            self._consumed.retry_delay = delay


def _delay(options: Any) -> int | None:
    value = member(options, "delaySeconds")
    return None if value is None else to_int32(value)


def _without_effect(call: str, before: str, message: str = "") -> None:
    on = f" on message {message}" if message else ""
    on_a = " on a message" if message else ""
    log.warn(
        f"Received a call to {call}{on} after {before} was already called. "
        f"Calling {call}{on_a} after calling {before} has no effect."
    )


async def run_queue(
    worker: Worker, queue: str, messages: list[Message], metrics: Metrics
) -> Consumed:
    """Run the handler as an event of its own; an exception in it is an outcome."""
    consumed, owner = Consumed(), begin(worker, "queue", queue, len(messages))

    async def handle() -> None:
        batch = QueueController(queue, messages, metrics, consumed)
        await call_handler(worker, owner, "queue", batch, missing=NO_HANDLER)

    consumed.failed = await run(owner, "queue", handle(), queue) is not None
    owner.answered()
    return consumed
