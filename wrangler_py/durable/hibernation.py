"""The sockets that outlive an object's instance: `acceptWebSocket` and what follows from it.

Implements: https://developers.cloudflare.com/durable-objects/best-practices/websockets/#durable-objects-hibernation-websocket-api
Differs: a Close frame of the client's is never answered by itself, as in workerd.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from functools import partial
from typing import TYPE_CHECKING, Any

from ..js.buffers import ArrayBuffer
from ..js.errors import JsException, error
from ..log import log
from ..web.events import same_object
from ..web.websocket import WebSocket
from ..web.websocket_flow import cut, transmit
from ..web.websocket_state import ABNORMAL, DROPPED, NO_STATUS, Arrival, Kind, State, waiting_size
from ..web.websocket_wire import attach
from .instance import Event, Instance

if TYPE_CHECKING:
    from .actor import Actor

MAX_SOCKETS = 32_768
TOO_MANY = f"only {MAX_SOCKETS} websockets can be accepted on a single Durable Object instance"
_UNANSWERED = (
    "{0}: a client's Close frame was not answered, so its connection ended only when the object "
    "went to sleep\nhint: call ws.close(code, reason) in webSocketClose"
)
_KEPT = (
    "_peer",
    "_state",
    "_receiver",
    "_half_open",
    "_sent_close",
    "_got_close",
    "_dropped",
    "_failed",
    "_attachment",
)
"""What a socket keeps while the object sleeps; all else starts anew."""


class HibernatableSocket:
    """One accepted end, and what is known about it: the `Receiver` of what arrives there."""

    __slots__ = ("_hibernation", "end", "tags", "timestamp", "waiting")

    def __init__(self, hibernation: Hibernation, end: WebSocket, tags: tuple[str, ...]) -> None:
        self._hibernation = hibernation
        self.end = end
        self.tags = tags
        self.waiting = 0
        self.timestamp: int | None = None
        """When the last automatic answer was asked for, in milliseconds."""

    @property
    def holder(self) -> str:
        return self._hibernation._actor.short_label

    def arrive(self, _end: WebSocket, item: Arrival) -> None:
        self._hibernation.arrived(self, item)

    def renew(self, instance: Instance) -> None:
        """A new JavaScript object for the same socket, which belongs to ``instance``."""
        end = self.end
        old = end.__dict__
        end.__dict__ = {name: old[name] for name in _KEPT if name in old}
        end._listeners = {}
        self.belong_to(instance)

    def belong_to(self, instance: Instance) -> None:
        self.end._owner, self.end._output = instance.context, instance.output


class Hibernation:
    """All hibernatable sockets of one object, and what is to be done without waking it."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self.sockets: dict[HibernatableSocket, None] = {}
        """The oldest first."""
        self.by_tag: dict[str, dict[HibernatableSocket, None]] = {}
        self.auto_response: tuple[str, str] | None = None
        self.event_timeout_ms: int | None = None
        self._unanswered: list[HibernatableSocket] = []
        """Closed by the client, and not by the object."""

    def accept(self, end: WebSocket, tags: tuple[str, ...], instance: Instance) -> None:
        """Take ``end`` over.

        Raises:
            JsException: there are too many.
        """
        if len(self.sockets) >= MAX_SOCKETS:
            raise error(TOO_MANY)
        peer = end._peer
        canonical = peer._peer if peer is not None and peer._peer is not None else end
        socket = HibernatableSocket(self, canonical, tags)
        self.sockets[socket] = None
        for tag in tags:
            self.by_tag.setdefault(tag, {})[socket] = None
        socket.belong_to(instance)
        attach(canonical, socket)

    def matching(self, tag: str | None) -> list[WebSocket]:
        """Fresh proxies: all sockets, newest first, or those with a tag, oldest first."""
        found = reversed(self.sockets) if tag is None else iter(self.by_tag.get(tag, ()))
        return [same_object(socket.end) for socket in found]

    def forget(self, socket: HibernatableSocket) -> None:
        """It is listed no more."""
        self.sockets.pop(socket, None)
        for tag in socket.tags:
            with_tag = self.by_tag.get(tag)
            if with_tag is not None:
                with_tag.pop(socket, None)
                if not with_tag:
                    del self.by_tag[tag]

    def renew(self, instance: Instance) -> None:
        """The object wakes: its sockets are new objects of the new instance."""
        for socket in self.sockets:
            socket.renew(instance)

    def end_unanswered(self) -> None:
        """The object is evicted: closes that it left without an answer end the connection."""
        unanswered, self._unanswered = self._unanswered, []
        for socket in unanswered:
            if not socket.end._sent_close:
                log.warn_once(_UNANSWERED.format(self._actor.class_name))
                cut(socket.end)

    def drop_forgotten(self) -> None:
        """The object is evicted, and with it ends that it kept to itself: theirs are dropped."""
        for socket in list(self.sockets):
            peer = socket.end._peer
            if peer is not None and peer._state is State.AWAITING and not peer._offered:
                cut(peer)

    def end_all(self) -> None:
        """The object was reset: every connection ends without a Close frame."""
        self.end_unanswered()
        for socket in list(self.sockets):
            self.forget(socket)
            cut(socket.end)

    # What arrives.

    def arrived(self, socket: HibernatableSocket, item: Arrival) -> None:
        kind, data, _ = item
        if kind is Kind.MESSAGE and self.auto_response is not None:
            request, response = self.auto_response
            if data == request:
                self._answer_in_turn(socket, response)
                return
        timeout = None if self.event_timeout_ms is None else self.event_timeout_ms / 1000
        size = waiting_size(item)
        socket.waiting += size

        async def run(instance: Instance) -> None:
            socket.waiting -= size
            await _RUN[kind](self, socket, item, instance)

        lost = None if kind is Kind.MESSAGE else lambda: self._ended(socket)
        self._actor.deliver(
            Event(_HANDLER[kind], run, None, timeout, lost, "webSocket", _facts(item))
        )

    def _answer_in_turn(self, socket: HibernatableSocket, response: str) -> None:
        """Answer in place of the object, which may sleep on; behind events that came before."""
        actor = self._actor
        socket.timestamp = actor.objects.clock.now_ms()
        if not actor.queue and (actor.instance is None or not actor.instance.scheduled):
            self._answer(socket, response)
            return

        async def run(_: Instance) -> None:
            self._answer(socket, response)

        actor.deliver(Event("auto response", run))

    def _answer(self, socket: HibernatableSocket, response: str) -> None:
        end = socket.end
        if end._sent_close or end._peer is None:
            return
        instance = self._actor.instance
        if instance is not None and instance.output.closed:
            instance.output.hold(transmit, end._peer, response)
        else:
            transmit(end._peer, response)

    async def _message(self, socket: HibernatableSocket, item: Arrival, to: Instance) -> None:
        end = socket.end
        if end._got_close or end._failed:
            return
        data = item[1] if isinstance(item[1], str) else ArrayBuffer._of(item[1])
        await _call(to, "webSocketMessage", socket, data)

    async def _closed(self, socket: HibernatableSocket, item: Arrival, to: Instance) -> None:
        _, code, reason = item
        socket.end._got_close = True
        if not socket.end._sent_close:
            self._unanswered.append(socket)
        code = NO_STATUS if code is None else code
        await self._last(socket, _call(to, "webSocketClose", socket, code, reason, True))

    async def _dropped(self, socket: HibernatableSocket, _: Arrival, to: Instance) -> None:
        socket.end._got_close = socket.end._dropped = True
        await self._last(socket, _call(to, "webSocketClose", socket, ABNORMAL, DROPPED, False))

    async def _failed(self, socket: HibernatableSocket, item: Arrival, to: Instance) -> None:
        socket.end._got_close = socket.end._dropped = True
        await self._last(socket, _call(to, "webSocketError", socket, item[1]))

    def _last(self, socket: HibernatableSocket, call: Coroutine[Any, Any, None]) -> _FirstStep:
        """Run the handler of a socket's last event, which sees it listed until it first waits."""
        return _FirstStep(call, lambda: self.forget(socket))

    def _ended(self, socket: HibernatableSocket) -> None:
        """Its last event could not be handled."""
        socket.end._got_close = True
        self.forget(socket)
        if not socket.end._sent_close:
            self._unanswered.append(socket)


class _FirstStep:
    """A coroutine, and what is to be done when it first waits, or is done before that."""

    def __init__(self, coroutine: Coroutine[Any, Any, None], then: Callable[[], None]) -> None:
        self._coroutine, self._then = coroutine, then

    def __await__(self) -> Generator[Any, Any, None]:
        try:
            yielded = self._coroutine.send(None)
        except StopIteration:
            return
        finally:
            self._then()
        while True:
            try:
                sent = yield yielded
            except BaseException as exc:
                resume = partial(self._coroutine.throw, exc)
            else:
                resume = partial(self._coroutine.send, sent)
            try:
                yielded = resume()
            except StopIteration:
                return


def _facts(item: Arrival) -> tuple[Any, ...]:
    """What tail consumers hear of it."""
    kind, code, _ = item
    if kind is Kind.CLOSE:
        return "close", NO_STATUS if code is None else code, True
    if kind is Kind.DROP:
        return "close", ABNORMAL, False
    return (kind.value,)


async def _call(instance: Instance, name: str, socket: HibernatableSocket, *rest: Any) -> None:
    args = (same_object(socket.end), *rest)
    try:
        instance.handler(name, len(args))
    except JsException as exc:
        log.warn_once(f"{instance.actor.class_name}: {exc.message}; the event is dropped")
        return
    await instance.call(name, args)


_HANDLER = {
    Kind.MESSAGE: "webSocketMessage",
    Kind.CLOSE: "webSocketClose",
    Kind.DROP: "webSocketClose",
    Kind.ERROR: "webSocketError",
}
_RUN = {
    Kind.MESSAGE: Hibernation._message,
    Kind.CLOSE: Hibernation._closed,
    Kind.DROP: Hibernation._dropped,
    Kind.ERROR: Hibernation._failed,
}


def socket_of(end: WebSocket) -> HibernatableSocket | None:
    """What is known about a script's socket, if it is hibernatable."""
    receiver = end._receiver if end._state is State.HIBERNATABLE else None
    return receiver if isinstance(receiver, HibernatableSocket) else None
