"""The bytes of an object: how they come in and how they are read.

A stream is written to disk as it comes, and a file is read as its reader goes on: neither is ever
in memory as a whole, but for what a script collects.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from ...js.buffers import JsBuffer
from ...js.errors import type_error
from ...js.proxy import JsProxy
from ...stores.blobs import Blobs
from ...web.body_init import encode
from ...web.streams.source import chunks, stream_of, whole
from .ranges import Span
from .store import Piece, R2Store, Written

__all__ = ["ALGORITHMS", "UNKNOWN_LENGTH", "content_of", "opened", "write", "write_pieces"]

ALGORITHMS = {
    "md5": "MD5",
    "sha1": "SHA-1",
    "sha256": "SHA-256",
    "sha384": "SHA-384",
    "sha512": "SHA-512",
}
UNKNOWN_LENGTH = (
    "Provided readable stream must have a known length (request/response body or readable half "
    "of FixedLengthStream)"
)
_SPOOL = 1 << 20
"""So much of a stream is in memory before it goes to a file."""
_CHUNK = 1 << 18
_AT_ONCE = 64
"""So many files are opened before anybody reads, that they may be deleted meanwhile."""


def content_of(value: Any) -> Any:
    """Bytes or a ReadableStream; None for what R2 does not take."""
    if isinstance(value, str):
        return encode(value)
    if isinstance(value, JsBuffer):
        return value.to_bytes()
    if isinstance(value, JsProxy):
        if type(value)._js_name == "ReadableStream":
            return value
        if type(value)._js_name in ("Blob", "File"):
            return value._data
    return None


async def write(store: R2Store, content: Any, algorithms: Iterable[str] = ()) -> Written:
    """Keep ``content``, a stream.

    Raises: JsException: nobody knows its length, or it fails.
    """
    if content._expected_length is None:
        raise type_error(UNKNOWN_LENGTH)
    data = whole(content)
    if data is not None:
        return write_pieces(store, [data], algorithms)
    from tempfile import SpooledTemporaryFile  # costs to import; few write streams

    with SpooledTemporaryFile(_SPOOL) as spool:
        async for chunk in chunks(content):
            spool.write(chunk)
        spool.seek(0)
        return write_pieces(store, iter(lambda: spool.read(_CHUNK), b""), algorithms)


def write_pieces(
    store: R2Store, pieces: Iterable[bytes], algorithms: Iterable[str] = ()
) -> Written:
    """Keep bytes; on disk when it returns, but of no object yet."""
    digests = {name: hashlib.new(name, usedforsecurity=False) for name in {"md5", *algorithms}}
    size = 0

    def counted() -> Iterator[bytes]:
        nonlocal size
        for piece in pieces:
            size += len(piece)
            for each in digests.values():
                each.update(piece)
            yield piece

    blob = store.blobs.write(counted())
    return Written(blob, size, {name: each.digest() for name, each in digests.items()})


def opened(blobs: Blobs, pieces: Sequence[Piece], span: Span) -> Any:
    """A stream of a part of an object.

    Raises: FileNotFoundError: somebody took a blob away.
    """
    reader = _Reader(blobs, list(_within(pieces, span)))
    if span.length <= _CHUNK:
        return stream_of(b"".join(reader))
    return stream_of(reader, length=span.length)


def _within(pieces: Sequence[Piece], span: Span) -> Iterator[tuple[str, Span]]:
    """What to read of which blob."""
    start, end = span.offset, span.offset + span.length
    at = 0
    for blob, size in pieces:
        first, last = max(start, at), min(end, at + size)
        if first < last:
            yield blob, Span(first - at, last - first)
        at += size


class _Reader:
    """Reads spans of blobs one after the other."""

    def __init__(self, blobs: Blobs, spans: list[tuple[str, Span]]) -> None:
        self._blobs, self._spans = blobs, spans
        self._files: dict[str, BinaryIO] = {}
        for blob, _ in spans[:_AT_ONCE]:
            self._files[blob] = blobs.open(blob)
        self._done = 0

    def __iter__(self) -> Iterator[bytes]:
        while piece := self._next():
            yield piece

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        piece = self._next()
        if not piece:
            raise StopAsyncIteration
        return piece

    async def aclose(self) -> None:
        self._close()

    def __del__(self) -> None:
        self._close()

    def _next(self) -> bytes:
        while self._spans:
            blob, span = self._spans[0]
            file = self._files.get(blob)
            if file is None:
                file = self._files[blob] = self._blobs.open(blob)
            if self._done == 0:
                file.seek(span.offset)
            piece = file.read(min(_CHUNK, span.length - self._done))
            self._done += len(piece)
            if piece:
                return piece
            self._files.pop(blob).close()
            self._done = 0
            del self._spans[0]
        return b""

    def _close(self) -> None:
        self._spans = []
        files, self._files = self._files, {}
        for file in files.values():
            file.close()
