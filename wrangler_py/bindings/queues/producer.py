"""`env.QUEUE` as a script sees it.

Implements: https://developers.cloudflare.com/queues/configuration/javascript-apis/
"""

from __future__ import annotations

from asyncio import Future
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn

from ...config.bindings import QueueProducer
from ...config.model import Config
from ...js.callbacks import member
from ...js.convert import is_primitive, to_string
from ...js.date import Date
from ...js.errors import JsException, error, type_error
from ...js.iterators import iterate
from ...js.null import is_nullish
from ...js.object import JsObject
from ...js.promise import rejected
from ...js.proxy import JsProxy
from ...web.idl import MISSING, bad_argument, to_int32
from ..operation import operation
from .broker import Broker, Metrics
from .message import ContentType, Message, content_type, serialize

__all__ = ["WorkerQueue", "bindings", "rows"]

MESSAGE_SIZE = 128_000
BATCH_SIZE = 288_000
BATCH_COUNT = 100
LONGEST_DELAY = 86_400


class WorkerQueue(JsProxy):
    """A queue to send to. Each method returns a promise."""

    def __init__(self, broker: Callable[[], Broker], settings: QueueProducer) -> None:
        self._broker, self._settings = broker, settings

    @classmethod
    def _construct(cls, *_: Any) -> NoReturn:
        raise type_error("Illegal constructor")

    def send(self, body: Any = MISSING, options: Any = None) -> Future[Any]:
        try:
            if body is MISSING:
                raise bad_argument("WorkerQueue", "send", 1, "Value")
            _check_options(options, "send", "SendOptions")
            kind = member(options, "contentType")
            data = _data(body, "json" if kind is None else content_type(to_string(kind)))
            _check_size(len(data[1]))
            delay = _delay(options)
        except JsException as exc:
            return rejected(exc)
        return operation(self._put, [(data, delay)])

    def sendBatch(self, messages: Any = MISSING, options: Any = None) -> Future[Any]:
        try:
            _check_options(options, "sendBatch", "SendBatchOptions")
            entries = _sequence(messages)
            if not entries:
                raise type_error("sendBatch() requires at least one message")
            found = [_entry(each) for each in entries]
            _check_batch([len(data[1]) for data, _ in found])
            usual = _delay(options)
        except JsException as exc:
            return rejected(exc)
        delayed = [(data, usual if delay is None else delay) for data, delay in found]
        return operation(self._put, delayed)

    def metrics(self) -> Future[Any]:
        return operation(lambda: _shown(self._broker().metrics(self._settings.queue)))

    def _put(self, found: list[tuple[tuple[ContentType, bytes], int | None]]) -> JsObject:
        broker, queue = self._broker(), self._settings.queue
        metrics = _shown(broker.metrics(queue))
        for (kind, data), delay in found:
            after = self._settings.delivery_delay or 0 if delay is None else delay
            broker.put(queue, Message(kind, data, broker.clock.now_ms()), after)
        return JsObject({"metadata": JsObject({"metrics": metrics})})


def _sequence(messages: Any) -> list[Any]:
    wrong = bad_argument("WorkerQueue", "sendBatch", 1, "Sequence")
    if messages is MISSING or is_primitive(messages) or is_nullish(messages):
        raise wrong
    try:
        return list(iterate(messages))
    except JsException:
        raise wrong from None


def _entry(entry: Any) -> tuple[tuple[ContentType, bytes], int | None]:
    if is_primitive(entry) or is_nullish(entry):
        raise type_error("Incorrect type: the provided value is not of type 'MessageSendRequest'.")
    asked = member(entry, "contentType")
    kind: ContentType = "json"
    if asked is not None:
        kind = content_type(to_string(asked))
        if kind != to_string(asked):  # in a batch, upper case passes the first check only
            raise type_error(f"Unsupported queue message content type: {to_string(asked)}")
    return _data(member(entry, "body"), kind), _delay(entry)


def _data(body: Any, kind: ContentType) -> tuple[ContentType, bytes]:
    if body is None:
        raise type_error("Message body cannot be undefined")
    data = serialize(body, kind)
    if data is None:
        raise _refused("a function or symbol has no JSON")
    return kind, data


def _check_options(options: Any, method: str, kind: str) -> None:
    if is_primitive(options) and not is_nullish(options):
        raise bad_argument("WorkerQueue", method, 2, kind)


def _delay(options: Any) -> int | None:
    value = member(options, "delaySeconds")
    if value is None:
        return None
    seconds = to_int32(value)
    if not 0 <= seconds <= LONGEST_DELAY:
        raise _refused(f"a delay is 0 to {LONGEST_DELAY} seconds, not {seconds}")
    return seconds


def _check_size(size: int) -> None:
    if size > MESSAGE_SIZE:
        raise _refused(f"the message has {size} bytes; at most {MESSAGE_SIZE} are taken")


def _check_batch(sizes: list[int]) -> None:
    if len(sizes) > BATCH_COUNT:
        raise _refused(f"the batch has {len(sizes)} messages; at most {BATCH_COUNT} are taken")
    _check_size(max(sizes))
    if sum(sizes) > BATCH_SIZE:
        raise _refused(f"the batch has {sum(sizes)} bytes; at most {BATCH_SIZE} are taken")


def _refused(reason: str) -> JsException:
    """What the service answers, and why."""
    exc = error("Unknown Internal Error (15000)")
    exc.add_note(f"hint: {reason}")
    return exc


def _shown(metrics: Metrics) -> JsObject:
    oldest = metrics.oldest
    return JsObject(
        {
            "backlogCount": metrics.messages,
            "backlogBytes": metrics.size,
            "oldestMessageTimestamp": None if oldest is None else Date(oldest),
        }
    )


def bindings(config: Config, worker: Any) -> Iterator[tuple[str, Any]]:
    """The queues that ``config`` sends to."""
    for each in config.bindings.queue_producers:
        yield each.binding, WorkerQueue(lambda: worker.stores.keep(Broker), each)


def rows(config: Config, _classes: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Each producer with its queue."""
    for each in config.bindings.queue_producers:
        yield f"env.{each.binding} ({each.queue})", "Queue", "local"
