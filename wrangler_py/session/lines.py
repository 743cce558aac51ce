"""One event as one line of JSON, and back.

A line says when (`t`, seconds since the recording began), in which conversation (`id`), who did it
(`from`), and then what: `request`, `status`, `text`, `binary`, `close`, `lost`, or a `body`.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from ..server.traffic import (
    Answered,
    Asked,
    Closed,
    Ended,
    Event,
    Lost,
    Message,
    Pairs,
    Piece,
    Side,
)

__all__ = ["LIMIT", "Digest", "Entry", "decoded", "encoded", "headers_of"]

LIMIT = 1024 * 1024
"""Bytes above which what the worker sent is told by its length and hash only."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What stands for data that is too long to be kept."""

    length: int
    sha256: str

    @classmethod
    def of(cls, data: str | bytes) -> Digest:
        raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        return cls(len(raw), hashlib.sha256(raw).hexdigest())


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as a file has it; ``event.at`` is its `t`."""

    line: int
    event: Event
    digest: Digest | None = None
    """Instead of the event's data."""
    raw: Mapping[str, Any] | None = None
    """The line's object, as read."""


def encoded(event: Event, digest: Digest | None = None) -> dict[str, Any]:
    """The object of a line. What a client sent is kept whole: it is to be sent again."""
    row: dict[str, Any] = {"t": round(event.at, 4), "id": event.id, "from": event.by.value}
    bounded = event.by is not Side.CLIENT
    match event:
        case Asked():
            row["request"] = f"{event.method} {event.path}"
            row["headers"] = _as_object(event.headers)
            row |= _body(event.body, bounded)
        case Answered():
            row["status"] = event.status
            if event.reason != _phrase(event.status):
                row["reason"] = event.reason
            row["headers"] = _as_object(event.headers)
            row |= _body(event.body, bounded)
        case Piece():
            row |= _body(event.data, bounded)
        case Ended():
            row["end"] = True
        case Message():
            row |= _message(event.data, bounded)
        case Closed():
            row |= {"close": event.code, "reason": event.reason}
        case Lost():
            row["lost"] = True
    return row | ({"truncated": _of_digest(digest)} if digest else {})


def decoded(row: Mapping[str, Any], line: int) -> Entry:
    """The entry of a line's object.

    Raises:
        KeyError, TypeError, ValueError: it is none.
    """
    base = int(row["id"]), float(row["t"]), Side(row["from"])
    cut = row.get("truncated")
    digest = Digest(int(cut["length"]), str(cut["sha256"])) if cut else None
    return Entry(line, _event(row, base, cut=digest is not None), digest, row)


def _event(row: Mapping[str, Any], base: tuple[int, float, Side], *, cut: bool) -> Event:
    if "request" in row:
        method, _, path = row["request"].partition(" ")
        return Asked(*base, method, path, headers_of(row["headers"]), _data(row, cut=cut))
    if "status" in row:
        status = int(row["status"])
        reason = row.get("reason", _phrase(status))
        return Answered(*base, status, reason, headers_of(row["headers"]), _data(row, cut=cut))
    if "close" in row:
        return Closed(*base, row["close"], row.get("reason", ""))
    if "text" in row:
        return Message(*base, str(row["text"]))
    if "binary" in row:
        return Message(*base, base64.b64decode(row["binary"], validate=True))
    if row.get("lost"):
        return Lost(*base)
    if row.get("end"):
        return Ended(*base)
    if (data := _data(row, cut=False)) is not None:
        return Piece(*base, data)
    if cut:
        return Message(*base, "")
    raise ValueError("it says nothing that is known")


def _body(data: bytes | None, bounded: bool) -> dict[str, Any]:
    """None: the body follows in pieces, and nothing is said; b"" is said by `body` being there."""
    if data is None:
        return {}
    if bounded and len(data) > LIMIT:
        return {"truncated": _of_digest(Digest.of(data))}
    try:
        return {"body": data.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}


def _data(row: Mapping[str, Any], *, cut: bool) -> bytes | None:
    if "body" in row:
        return str(row["body"]).encode("utf-8", "surrogatepass")
    if "base64" in row:
        return base64.b64decode(row["base64"], validate=True)
    return b"" if cut else None


def _message(data: str | bytes, bounded: bool) -> dict[str, Any]:
    if bounded and len(data) > LIMIT:
        return {"truncated": _of_digest(Digest.of(data))}
    if isinstance(data, str):
        return {"text": data}
    return {"binary": base64.b64encode(data).decode()}


def _of_digest(digest: Digest) -> dict[str, Any]:
    return {"length": digest.length, "sha256": digest.sha256}


def _as_object(pairs: Pairs) -> dict[str, Any]:
    """Headers as an object; a name that is there more than once has a list."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        before = found.get(name)
        if before is None:
            found[name] = value
        else:
            found[name] = [*before, value] if isinstance(before, list) else [before, value]
    return found


def headers_of(given: Mapping[str, Any]) -> Pairs:
    """The pairs of such an object."""

    def values(value: Any) -> Iterable[Any]:
        return value if isinstance(value, list) else [value]

    return tuple((name, str(each)) for name, value in given.items() for each in values(value))


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
