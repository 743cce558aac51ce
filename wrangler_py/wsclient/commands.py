"""What a typed line asks for: text to send, or a command that begins with a slash."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["HELP", "Action", "CloseIt", "Help", "Ping", "Quit", "Send", "parse"]

HELP = """\
text                  send it; an empty line sends nothing
//text                send a line that begins with a slash
/binary 01 02 ff      send bytes; /binary @file sends a file's
/ping [text]          ping; the pong shows how long it took
/close [CODE [WHY]]   close, for example /close 4001 bye
/quit                 close with 1000 and leave, as Ctrl-D and Ctrl-C do
/help                 this"""

_CONTROL_LIMIT = 125
"""Bytes in a control frame: RFC 6455, section 5.5."""


@dataclass(frozen=True, slots=True)
class Send:
    data: str | bytes


@dataclass(frozen=True, slots=True)
class Ping:
    data: bytes


@dataclass(frozen=True, slots=True)
class CloseIt:
    code: int = 1000
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Quit:
    pass


@dataclass(frozen=True, slots=True)
class Help:
    pass


Action = Send | Ping | CloseIt | Quit | Help


def parse(line: str) -> Action | None:
    """What ``line`` asks for; None: nothing.

    Raises:
        ValueError: it cannot be done; the message is for the user.
    """
    if not line.startswith("/"):
        return Send(line) if line else None
    if line.startswith("//"):
        return Send(line[1:])
    name, _, rest = line[1:].partition(" ")
    match name:
        case "ping":
            return Ping(_short(rest.encode(), "a ping", _CONTROL_LIMIT))
        case "close":
            return _close(rest.strip())
        case "binary":
            return Send(_bytes(rest.strip()))
        case "quit" | "exit":
            return Quit()
        case "help":
            return Help()
    raise ValueError(f"there is no command /{name}; /help lists them, /{line} sends it as text")


def _close(rest: str) -> CloseIt:
    code, _, reason = rest.partition(" ")
    if not code:
        return CloseIt()
    if not code.isascii() or not code.isdigit() or not _may_send(int(code)):
        raise ValueError(f"a close code is 1000 or 3000 to 4999, not {code}: /close 4001 bye")
    _short(reason.encode(), "a reason", _CONTROL_LIMIT - 2)
    return CloseIt(int(code), reason)


def _may_send(code: int) -> bool:
    """RFC 6455, section 7.4: the protocol's own codes too, but for those that are never sent."""
    return (1000 <= code <= 1014 and code not in (1004, 1005, 1006)) or 3000 <= code <= 4999


def _short(data: bytes, what: str, limit: int) -> bytes:
    if len(data) > limit:
        raise ValueError(f"{what} holds {limit} bytes at most, not {len(data)}")
    return data


def _bytes(given: str) -> bytes:
    if given.startswith("@"):
        try:
            return Path(given[1:]).expanduser().read_bytes()
        except OSError as error:
            raise ValueError(f"cannot read {given[1:]}: {error.strerror}") from None
    try:
        return bytes.fromhex(given.replace("0x", " "))
    except ValueError:
        raise ValueError("/binary takes hexadecimal digits, as in 01 02 ff, or @file") from None
