"""A step that gives a stream: its bytes are kept in pieces, and are read again from there.

Implements: https://developers.cloudflare.com/workflows/build/workers-api/#step
Differs: a stream of strings is refused; in wrangler they are bytes once they have left the Worker.
"""

from __future__ import annotations

import codecs
from collections.abc import AsyncIterator
from typing import Any

from ...js.callbacks import member
from ...js.object import JsObject
from ...js.proxy import JsProxy
from ...web.streams.source import chunks, stream_of
from .handles import Handle

__all__ = ["Pieces", "is_stream", "meta_of"]

PIECE = 256 * 1024
_PREVIEW = 1024
"""Characters."""
_INSERT = "INSERT OR REPLACE INTO streaming_step_chunks VALUES (?, ?, ?, ?)"
_SELECT = (
    "SELECT chunk FROM streaming_step_chunks WHERE cache_key = ? AND attempt = ? "
    "ORDER BY chunk_index"
)
_SELECT_ONE = (
    "SELECT chunk FROM streaming_step_chunks WHERE cache_key = ? AND attempt = ? "
    "AND chunk_index = ?"
)


def is_stream(value: Any) -> bool:
    return isinstance(value, JsProxy) and type(value)._js_name == "ReadableStream"


def meta_of(attempt: int, count: int, size: int, began_ms: int, now_ms: int) -> JsObject:
    """What is kept beside the pieces."""
    facts = {"version": 1, "state": "complete", "attempt": attempt, "startedAt": began_ms}
    facts |= {"chunkCount": count, "totalBytes": size, "committedAt": now_ms}
    return JsObject(facts)


class Pieces:
    """The streams of an instance's steps."""

    def __init__(self, database: Handle) -> None:
        self._database = database

    async def write(self, key: str, attempt: int, stream: Any) -> tuple[int, int]:
        """Read ``stream`` to its end; how many pieces it has, and bytes.

        Raises:
            JsException: it could not be read.
        """
        self.forget(key)
        count = size = 0
        pending = bytearray()
        async for data in chunks(stream):
            pending += data
            size += len(data)
            while len(pending) >= PIECE:
                self._database.execute(_INSERT, (key, attempt, count, bytes(pending[:PIECE])))
                del pending[:PIECE]
                count += 1
        if pending:
            self._database.execute(_INSERT, (key, attempt, count, bytes(pending)))
            count += 1
        return count, size

    def forget(self, key: str) -> None:
        self._database.execute("DELETE FROM streaming_step_chunks WHERE cache_key = ?", (key,))

    def stream(self, key: str, meta: JsObject) -> Any:
        """A fresh stream of what was kept."""
        return stream_of(self._read(key, meta), length=member(meta, "totalBytes"))

    async def _read(self, key: str, meta: JsObject) -> AsyncIterator[bytes]:
        for index in range(member(meta, "chunkCount")):
            which = key, member(meta, "attempt"), index
            yield self._database.execute(_SELECT_ONE, which).fetchone()[0]

    def preview(self, output: Any) -> Any:
        """The first of a stream, for a person; ``output`` is what the log says of it."""
        key, meta = member(output, "cacheKey"), member(output, "meta")
        total, data = member(meta, "totalBytes"), b""
        for (piece,) in self._database.execute(_SELECT, (key, member(meta, "attempt"))):
            data += piece[: 4 * _PREVIEW - len(data)]
            if len(data) == 4 * _PREVIEW:
                break
        is_cut = total > len(data)
        try:
            text = codecs.getincrementaldecoder("utf-8")().decode(data, final=not is_cut)
        except UnicodeDecodeError:
            return f"[ReadableStream (binary): {total} bytes]"
        is_cut = is_cut or len(text) > _PREVIEW
        return f"{text[:_PREVIEW]}[truncated output]" if is_cut else text
