"""What happens on a connection: frames both ways, and its end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

__all__ = ["Closed", "Frame", "Kind", "meaning"]


class Kind(Enum):
    """What a frame is."""

    TEXT = "text"
    BINARY = "binary"
    PING = "ping"
    PONG = "pong"


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame; ``at`` counts seconds since the connection was opened."""

    kind: Kind
    data: str | bytes
    at: float
    sent: bool
    """Whether it went to the server."""
    after: float | None = None
    """Of a pong: seconds since our ping."""

    @property
    def size(self) -> int:
        """Bytes on the wire."""
        return len(self.data if isinstance(self.data, bytes) else self.data.encode())


@dataclass(frozen=True, slots=True)
class Closed:
    """How a connection ended: as the server said, or 1006 when it said nothing."""

    code: int
    reason: str
    at: float
    by_us: bool
    answer: int | None = None
    """The server's answer to our close."""

    @property
    def is_normal(self) -> bool:
        """Whether it ended as we asked for, or with a goodbye that is no complaint."""
        return self.by_us or self.code in (1000, 1001, 1005)


_MEANINGS = {
    1000: "normal",
    1001: "going away: the server stops",
    1002: "protocol error",
    1003: "this kind of data is not accepted",
    1005: "no code was given",
    1006: "lost: the connection ended without a close",
    1007: "text that is not UTF-8",
    1008: "against a rule of the server",
    1009: "message too big",
    1010: "an extension is missing",
    1011: "the server failed; its terminal says why",
    1012: "the code was reloaded: connect again",
    1013: "try again later",
    1014: "bad gateway",
    1015: "TLS failed",
}


def meaning(code: int) -> str:
    """What ``code`` says, in a few words.

    Source: https://www.iana.org/assignments/websocket/websocket.xhtml#close-code-number
    """
    if 4000 <= code <= 4999:
        return "the application's own"
    return _MEANINGS.get(code, "a library's own" if 3000 <= code <= 3999 else "unknown")
