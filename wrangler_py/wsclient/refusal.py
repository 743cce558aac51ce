"""Why there is no connection: what the server answered instead, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import WranglerError

__all__ = ["Answer", "refused", "unreachable"]

_LINES = 5
_WIDTH = 200


@dataclass(slots=True)
class Answer:
    """What came instead of a 101."""

    reason: str = ""
    body: bytes = b""


_HINTS = {
    400: "the handshake misses something that the Worker wants: a header (-H), a --protocol?",
    401: 'it wants to know who asks: -H "Authorization: Bearer ..."',
    403: 'who asks is not let in: -H "Authorization: ...", --origin?',
    404: "is the path right?",
    426: "the Worker did not take this for a WebSocket's handshake: which path, and which value of "
    'the header `Upgrade` ("websocket"), does it look for?',
    429: "too many requests; try again later",
}


def refused(
    url: str, status: int, message: str, headers: Mapping[str, str], answer: Answer
) -> WranglerError:
    """The server answered, but not with a WebSocket."""
    if status == 101:
        return WranglerError(f"{url} answered 101, but not as a WebSocket: {message}")
    head = f"{url} answered {status} {answer.reason}".rstrip()
    place = headers.get("Location")
    if place and 300 <= status < 400:
        return WranglerError(head, hint=f"it points to {place}")
    text = answer.body.decode(errors="replace")
    lines = [line[:_WIDTH] for line in text.splitlines() if line.strip()]
    shown = [f"| {line}" for line in lines[:_LINES]]
    more = ["| ..."] if len(lines) > _LINES else []
    return WranglerError("\n".join([head, *shown, *more]), hint=_hint(status))


def _hint(status: int) -> str | None:
    if 200 <= status < 300:
        return (
            "it took the handshake for a usual request: at this path, does the Worker return "
            "Response(None, status=101, web_socket=client)?"
        )
    if status >= 500:
        return "the terminal of `pywrangler dev` says where it failed"
    return _HINTS.get(status)


def unreachable(url: str, exc: Exception) -> WranglerError:
    """Nobody answered at all."""
    os_error = getattr(exc, "os_error", exc)
    why = getattr(os_error, "strerror", None) or str(exc) or type(exc).__name__
    # `localhost` is two addresses, whose failures come as one.
    if isinstance(os_error, ConnectionRefusedError) or "Connect call failed" in why:
        why = "nobody listens there"
    return WranglerError(f"cannot connect to {url}: {why}", hint="is `pywrangler dev` running?")
