"""What a smoke test asks for, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["DEFAULT", "METHODS", "SOCKET", "UPGRADE_REQUIRED", "Check", "Place", "Step"]

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SOCKET = "WS"
SWITCHING = 101
UPGRADE_REQUIRED = 426
_CLIENT_ERROR, _SERVER_ERROR = 400, 500

Place = tuple[str, int]
"""A file and a line."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing of a conversation over a WebSocket."""

    kind: Literal["send", "expect"]
    text: str


@dataclass(frozen=True, slots=True)
class Check:
    """One request or one WebSocket, and what must come of it."""

    method: str
    """One of `METHODS`, or `SOCKET`."""
    path: str
    status: int | None = None
    """None: anything below 400, or 426; of a WebSocket: 101."""
    headers: tuple[tuple[str, str], ...] = ()
    """What the request says."""
    data: str | None = None
    contains: tuple[str, ...] = ()
    expected_headers: tuple[tuple[str, str], ...] = ()
    """What the answer must say: a name, and a part of its value."""
    steps: tuple[Step, ...] = ()
    is_lenient: bool = False
    """Any answer will do that is no server error."""
    is_probe: bool = False
    """Nobody asked for it: that nothing is there is not worth a word."""
    place: Place | None = None
    """Where it is written down."""

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_socket(self) -> bool:
        return self.method == SOCKET

    @property
    def expects_failure(self) -> bool:
        """Whether the worker is meant to fail: then its exceptions are no surprise."""
        return (self.status or 0) >= _SERVER_ERROR

    def status_problem(self, status: int) -> str | None:
        """What is wrong with an answer of ``status``; None: nothing."""
        wanted = self.status or (SWITCHING if self.is_socket else None)
        if wanted is not None:
            return None if status == wanted else f"expected status {wanted}, got {status}"
        limit = _SERVER_ERROR if self.is_lenient else _CLIENT_ERROR
        if status < limit or status == UPGRADE_REQUIRED:
            return None
        return f"expected a status below {limit}, got {status}"

    def upgraded(self) -> Check:
        """The WebSocket at the same place: what a 426 says is there."""
        return Check(SOCKET, self.path, headers=self.headers, place=self.place)


DEFAULT = (
    Check("GET", "/", is_lenient=True),
    Check("GET", "/ws", is_lenient=True, is_probe=True),
)
"""When nobody asks for anything; where the answer is 426, a WebSocket is opened as well."""
