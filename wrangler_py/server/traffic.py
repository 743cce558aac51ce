"""What passes between clients and the worker, told to whoever watches.

Each request, with the WebSocket that may become of it, is one `Conversation`. Its events are in
the order in which the server met them, and so are those of different conversations: what a client
may have seen before it said something stands above it. With nobody watching no conversation is
made, and each place that would tell of something costs a look at one attribute.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from time import monotonic

__all__ = [
    "Answered",
    "Asked",
    "Closed",
    "Conversation",
    "Ended",
    "Event",
    "Lost",
    "Message",
    "Pairs",
    "Piece",
    "Side",
    "Traffic",
]

Pairs = tuple[tuple[str, str], ...]


class Side(StrEnum):
    """Who did it."""

    CLIENT = "client"
    WORKER = "worker"
    TOOL = "tool"
    """The development server itself: an error page, sockets closed by a reload or at the end."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened in conversation ``id``, at ``at`` on the monotonic clock."""

    id: int
    at: float
    by: Side


@dataclass(frozen=True, slots=True)
class Asked(Event):
    """A request. Its body is there (b"" for none), or None: `Piece`s and `Ended` tell it."""

    method: str
    path: str
    """Path and query as sent."""
    headers: Pairs
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Answered(Event):
    """A response, 101 among them; its body as for `Asked`."""

    status: int
    reason: str
    headers: Pairs
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Piece(Event):
    """A part of a body: the request's as the worker takes it, the response's as it is sent."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Ended(Event):
    """A body that came in pieces is complete."""


@dataclass(frozen=True, slots=True)
class Message(Event):
    """A WebSocket message."""

    data: str | bytes


@dataclass(frozen=True, slots=True)
class Closed(Event):
    """A Close frame; each side sends one. ``code`` is None when the frame had no body."""

    code: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Lost(Event):
    """One side ended the connection without saying so: a body is cut, a Close frame missing."""


class Traffic:
    """Numbers conversations and tells each watcher of each event."""

    def __init__(self) -> None:
        self._watchers: list[Callable[[Event], None]] = []
        self._numbers = count(1)

    def add(self, watcher: Callable[[Event], None]) -> None:
        """Tell ``watcher``, which must not raise, of conversations that begin from now on."""
        self._watchers.append(watcher)

    def tell(self, event: Event) -> None:
        for watcher in self._watchers:
            watcher(event)

    def begin(self, method: str, path: str, headers: Pairs, body: bytes | None) -> Conversation:
        """A request came in."""
        talk = Conversation(self, next(self._numbers))
        self.tell(Asked(talk.id, monotonic(), Side.CLIENT, method, path, headers, body))
        return talk


class Conversation:
    """One request and what follows from it: the server calls this when somebody watches."""

    __slots__ = ("_tell", "id")

    def __init__(self, traffic: Traffic, number: int) -> None:
        self._tell = traffic.tell
        self.id = number

    def piece(self, by: Side, data: bytes) -> None:
        """A part of a body."""
        if data:
            self._tell(Piece(self.id, monotonic(), by, data))

    def ended(self, by: Side) -> None:
        """A body that came in pieces is complete."""
        self._tell(Ended(self.id, monotonic(), by))

    def answered(self, head: bytes, body: bytes | None, by: Side = Side.WORKER) -> None:
        """The response begins with ``head``, as it goes over the wire."""
        first, *lines = head.decode("utf-8", "surrogateescape").rstrip("\r\n").split("\r\n")
        _, status, reason = first.split(" ", 2)
        split = (line.partition(":") for line in lines)
        pairs = tuple((name, value.strip()) for name, _, value in split)
        self._tell(Answered(self.id, monotonic(), by, int(status), reason, pairs, body))

    def message(self, by: Side, data: str | bytes) -> None:
        """A WebSocket message."""
        self._tell(Message(self.id, monotonic(), by, data))

    def hearing(self, deliver: Callable[[str | bytes], None]) -> Callable[[str | bytes], None]:
        """``deliver``, for a client's messages, with what it is given told first."""

        def heard(data: str | bytes) -> None:
            self.message(Side.CLIENT, data)
            deliver(data)

        return heard

    def closed(self, by: Side, code: int | None, reason: str) -> None:
        """A Close frame."""
        self._tell(Closed(self.id, monotonic(), by, code, reason))

    def lost(self, by: Side) -> None:
        """``by`` ended the connection, in the middle of something."""
        self._tell(Lost(self.id, monotonic(), by))
