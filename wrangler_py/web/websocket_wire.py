"""Where WebSocket ends meet the network, or a Durable Object: what only the runtime may do.

Implements: https://developers.cloudflare.com/workers/runtime-apis/websockets/
"""

from __future__ import annotations

from typing import Any, Protocol

from ..js.errors import error, type_error
from .websocket import WebSocket
from .websocket_flow import arrive, arrive_message, forward, hold_while_open
from .websocket_state import Arrival, Kind, State, waiting_size


class Sink(Protocol):
    """The network side of an end: gets everything that the peer sends, in order."""

    @property
    def buffered(self) -> int:
        """Bytes that wait to be written."""

    def send(self, data: str | bytes) -> None:
        """Write a text or binary message."""

    def close(self, code: int | None, reason: str) -> None:
        """Write a Close frame; None is one without a body."""

    def abort(self) -> None:
        """End the connection without a Close frame (after one, if it was written)."""


class Receiver(Protocol):
    """A Durable Object that accepted an end with the hibernation API."""

    waiting: int
    """Bytes of messages that arrived and no code has looked at yet."""

    @property
    def holder(self) -> str:
        """The object, as a person is told of it."""

    def arrive(self, end: WebSocket, item: Arrival) -> None:
        """An event for ``end``."""


class Wire:
    """What the network tells about the other side of a coupled end."""

    __slots__ = ("_far",)

    def __init__(self, far: WebSocket) -> None:
        self._far = far

    @property
    def far(self) -> WebSocket:
        """The end that hears this wire: the one that stayed in the worker."""
        return self._far

    @property
    def waiting(self) -> int:
        """Bytes that arrived at the far end and went no further: whoever reads should pause."""
        far = self._far
        if far._sink is not None:
            return far._sink.buffered
        if far._receiver is not None:
            return far._receiver.waiting
        return sum(map(waiting_size, far._inbox or ()))

    def message(self, data: str | bytes) -> None:
        """A whole text or binary message came."""
        arrive_message(self._far, data)

    def closed(self, code: int | None, reason: str) -> None:
        """A Close frame came; None is one without a body."""
        arrive(self._far, (Kind.CLOSE, code, reason))

    def dropped(self) -> None:
        """The connection ended without a Close frame."""
        arrive(self._far, (Kind.DROP, None, None))

    def failed(self, code: int, description: str) -> None:
        """The client broke the protocol; it was sent a Close frame with ``code``."""
        text = (
            f"WebSocket protocol error; protocolError.statusCode = {code}; "
            f"protocolError.description = {description}"
        )
        arrive(self._far, (Kind.ERROR, error(text), None))


def check_returnable(end: WebSocket) -> None:
    """Whether ``end`` may be returned in a Response.

    Raises:
        JsException: TypeError with production's text.
    """
    if end._url is not None:
        raise type_error(_CANNOT_RETURN[State.CONNECTING])
    if end._state is not State.AWAITING:
        raise type_error(_CANNOT_RETURN[end._state])


_CANNOT_RETURN = {
    State.RELEASED: "Can't return WebSocket that was already used in a response.",
    State.ACCEPTED: "Can't return WebSocket in a Response after calling accept().",
    State.HIBERNATABLE: "Can't return WebSocket in a Response after calling acceptWebSocket().",
    State.CONNECTING: (
        "Can't return WebSocket in a Response if it was created with `new WebSocket()`"
    ),
}


def was_returned(end: WebSocket) -> bool:
    """Whether a Response has taken ``end`` already."""
    return end._state is State.RELEASED


def couple(end: WebSocket, sink: Sink) -> Wire:
    """Hand ``end`` to the network; ``sink`` gets every event from now on, in order.

    Raises:
        JsException: the end is accepted, hibernatable or coupled already.
    """
    check_returnable(end)
    far = end._peer
    if far is None:
        raise type_error("WebSocket has no peer.")
    end._state = State.RELEASED
    end._sink = sink
    waiting, end._inbox = end._inbox, None
    for item in waiting or ():
        forward(sink, item)
    hold_while_open(far)
    if far._failed:  # its context ended before the handshake did
        sink.abort()
    return Wire(far)


def attach(end: WebSocket, receiver: Receiver) -> None:
    """Make ``end`` hibernatable: ``receiver`` gets its events, listeners get none."""
    end._state = State.HIBERNATABLE
    end._receiver = receiver
    waiting, end._inbox = end._inbox, None
    for item in waiting or ():
        receiver.arrive(end, item)


def is_hibernatable(wire: Wire) -> bool:
    """Whether the worker's end of ``wire`` outlives the code that accepted it."""
    return wire._far._state is State.HIBERNATABLE


def adopt_connection(end: WebSocket, connected: WebSocket) -> None:
    """Let ``end``, made by `new WebSocket(url)`, take the place of a fetched socket."""
    peer: Any = connected._peer
    end._peer, peer._peer = peer, end
    end._inbox = connected._inbox
    # The wire knows `connected`: from now on that is another proxy of the same socket.
    connected.__dict__ = end.__dict__


__all__ = ["Receiver", "Sink", "Wire", "adopt_connection", "attach", "check_returnable", "couple"]
