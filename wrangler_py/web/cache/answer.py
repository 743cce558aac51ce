"""What `match` makes of a response that is kept: all of it, a part, or "not modified".

Implements: https://www.rfc-editor.org/rfc/rfc9110#section-13, #section-14, as wrangler's local
cache does: any one condition that holds is enough, and a part of an error is a 206, too.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator, Iterator
from typing import BinaryIO, NamedTuple

from ...js.date import parse
from ..headers import Headers
from ..response import Response, fetched
from ..status_text import status_text
from .store import Kept

__all__ = ["respond"]

_CHUNK = 1 << 18
_UNIT = re.compile(" *bytes *=", re.IGNORECASE)
_RANGE = re.compile(r" *(\d+)? *- *(\d+)? *", re.ASCII)
_ETAG = re.compile(r'(?:W/)?"(.+)"')
_DATE = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) "
    r"\d{4} \d\d:\d\d:\d\d GMT"
)
_HIT = ("cf-cache-status", "HIT")
_COMMON = frozenset(
    """
    accept-charset accept-encoding accept-language accept-ranges accept access-control-allow-origin
    age allow authorization cache-control content-disposition content-encoding content-language
    content-length content-location content-range content-type cookie date etag expect expires from
    host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified link
    location max-forwards proxy-authenticate proxy-authorization range referer refresh retry-after
    server set-cookie strict-transport-security transfer-encoding user-agent vary via
    www-authenticate
    """.split()
)
"""Headers that workerd's HTTP knows: without a value they are not there."""

Pairs = list[tuple[str, str]]


class Span(NamedTuple):
    """A part of a body."""

    start: int
    end: int
    """The first byte after it."""


class _Unsatisfiable(Exception):
    """No such part."""


def respond(asked: Headers, kept: Kept) -> Response:
    """The response to a request with the headers ``asked``."""
    pairs: Pairs = [pair for pair in kept.headers if pair[0] != _HIT[0]]
    pairs = [(name, value.strip()) for name, value in pairs]
    pairs = [pair for pair in pairs if pair[1] or pair[0] not in _COMMON] + [_HIT]
    try:
        spans = _spans(asked._find("range"), kept.size)
    except _Unsatisfiable:
        kept.body.close()
        return _made(416, [("content-range", f"bytes */{kept.size}"), _HIT], b"")
    if _unchanged(asked, dict(kept.headers)):
        kept.body.close()
        return _made(304, pairs, None)
    if not spans:
        return _made(kept.status, pairs, _opened(kept.body, [Span(0, kept.size)]))
    if len(spans) == 1:
        return _made(206, _of_part(pairs, spans[0], kept.size), _opened(kept.body, spans))
    return _several(kept, pairs, spans)


def _made(status: int, pairs: Pairs, body: bytes | _Reader | None) -> Response:
    response = fetched(status, status_text(status), pairs, body)
    if not isinstance(body, bytes):
        response._source_length = None if body is None else body.length
    return response


# --- conditions


def _unchanged(asked: Headers, kept: dict[str, str]) -> bool:
    return _same_etag(asked._find("if-none-match"), kept.get("etag")) or _not_newer(
        asked._find("if-modified-since"), kept.get("last-modified")
    )


def _same_etag(asked: str | None, kept: str | None) -> bool:
    etag = _etag(kept)
    if asked is None or etag is None:
        return False
    return asked.strip() == "*" or any(_etag(each) == etag for each in asked.split(","))


def _etag(text: str | None) -> str | None:
    found = _ETAG.fullmatch((text or "").strip())
    return None if found is None else found[1]


def _not_newer(asked: str | None, kept: str | None) -> bool:
    if asked is None or kept is None or not (_DATE.fullmatch(asked) and _DATE.fullmatch(kept)):
        return False
    return parse(kept) <= parse(asked)


# --- parts


def _spans(header: str | None, size: int) -> list[Span]:
    """The parts that a `Range` header asks for; none: all of it.

    Raises: _Unsatisfiable.
    """
    if header is None:
        return []
    unit = _UNIT.match(header)
    if unit is None:
        raise _Unsatisfiable
    rest = header[unit.end() :]
    spans: list[Span] = []
    for each in rest.split(",") if rest.strip() else ():
        found = _RANGE.fullmatch(each)
        if found is None or found[0].strip() == "-":
            raise _Unsatisfiable
        first, last = found.groups()
        if first is None:
            if int(last) >= size:
                return []
            if int(last):
                spans.append(Span(size - int(last), size))
            continue
        end = size if last is None else min(int(last) + 1, size)
        if int(first) >= size or (last is not None and int(first) > int(last)):
            raise _Unsatisfiable
        spans.append(Span(int(first), end))
    return spans


def _of_part(pairs: Pairs, span: Span, size: int) -> Pairs:
    own = [pair for pair in pairs if pair[0] not in ("content-range", "content-length")]
    own.append(("content-range", f"bytes {span.start}-{span.end - 1}/{size}"))
    own.append(("content-length", str(span.end - span.start)))
    return own


def _several(kept: Kept, pairs: Pairs, spans: list[Span]) -> Response:
    boundary = f"miniflare-boundary-{uuid.uuid4()}"
    kind = next((value for name, value in pairs if name == "content-type"), None)
    own = [pair for pair in pairs if pair[0] not in ("content-type", "content-length")]
    own.append(("content-type", f"multipart/byteranges; boundary={boundary}"))
    pieces: list[bytes | Span] = []
    for number, span in enumerate(spans):
        lines = [f"--{boundary}", *([] if kind is None else [f"Content-Type: {kind}"])]
        lines += [f"Content-Range: bytes {span.start}-{span.end - 1}/{kept.size}", "", ""]
        pieces += [("\r\n" if number else "").encode() + "\r\n".join(lines).encode(), span]
    pieces.append(f"\r\n--{boundary}--".encode())
    return _made(206, own, _opened(kept.body, pieces))


def _opened(file: BinaryIO, pieces: list[bytes | Span] | list[Span]) -> bytes | _Reader:
    """A body: in memory where it is small."""
    reader = _Reader(file, pieces)
    return b"".join(reader.read()) if reader.length <= _CHUNK else reader


class _Reader:
    """Reads a file piece by piece, when somebody asks."""

    def __init__(self, file: BinaryIO, pieces: list[bytes | Span] | list[Span]) -> None:
        self._file = file
        self._pieces = pieces
        self._chunks = self.read()
        self.length = sum(
            len(each) if isinstance(each, bytes) else each.end - each.start for each in pieces
        )

    def read(self) -> Iterator[bytes]:
        with self._file as file:
            for piece in self._pieces:
                if isinstance(piece, bytes):
                    yield piece
                    continue
                file.seek(piece.start)
                left = piece.end - piece.start
                while left and (chunk := file.read(min(left, _CHUNK))):
                    left -= len(chunk)
                    yield chunk

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        for chunk in self._chunks:
            return chunk
        raise StopAsyncIteration

    async def aclose(self) -> None:
        self._file.close()

    def __del__(self) -> None:
        self._file.close()
