"""Writes what passes to a file, as it happens."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from ..log import log
from ..server.traffic import Answered, Ended, Event, Lost, Pairs, Piece, Side
from .file import create, header, to_line
from .lines import LIMIT, Digest, encoded

__all__ = ["Recorder"]


class Recorder:
    """A watcher of the server's traffic. Each event is in the file when the call returns."""

    def __init__(self, path: Path) -> None:
        """
        Raises:
            UsageError: ``path`` exists or cannot be written.
        """
        self.path = path
        self._file = create(path)
        self._since = monotonic()
        self._begun = False
        self._streams: dict[int, _Stream] = {}
        """Responses that are on their way."""

    def begin(self, **facts: Any) -> None:
        """Write the header."""
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        self._begun = True
        self._write(header(**facts, time=now))
        log.info(
            f"Recording to {self.path}: with cookies, Authorization headers and bodies, "
            "for your eyes only"
        )

    def close(self) -> None:
        """Nothing more is written; what was not begun leaves no file behind."""
        self._file.close()
        if not self._begun:
            self.path.unlink(missing_ok=True)

    def __call__(self, event: Event) -> None:
        event = replace(event, at=event.at - self._since)
        digest = None
        match event:
            case Answered(by=Side.WORKER):
                event = self._begin_body(event)
            case Piece(by=Side.WORKER):
                stream = self._streams.get(event.id)
                data = event.data if stream is None else stream.take(event.data)
                if not data:
                    return
                event = replace(event, data=data)
            case Ended(by=Side.WORKER) | Lost():
                stream = self._streams.pop(event.id, None)
                if stream is not None and stream.length > LIMIT and isinstance(event, Ended):
                    digest = Digest(stream.length, stream.sha256.hexdigest())
        self._write(encoded(event, digest))

    def _begin_body(self, event: Answered) -> Answered:
        coder = _coder(event.headers)
        if event.body is None:
            self._streams[event.id] = _Stream(coder)
            return event
        return event if coder is None else replace(event, body=_whole(coder, event.body))

    def _write(self, row: dict[str, Any]) -> None:
        if self._file.closed:
            return
        try:
            self._file.write(to_line(row))
        except OSError as error:
            self._file.close()
            log.error(f"no longer recording to {self.path}: {error.strerror}")


class _Stream:
    """A response's body in pieces: decompressed, and no longer kept when it becomes long."""

    def __init__(self, coder: Any) -> None:
        self._coder = coder
        self.length = 0
        self.sha256 = hashlib.sha256()

    def take(self, piece: bytes) -> bytes:
        """What to write of ``piece``."""
        if self._coder is not None:
            try:
                piece = self._coder.decompress(piece)
            except zlib.error:
                self._coder = None  # labelled only: the server compresses it behind us
        self.length += len(piece)
        self.sha256.update(piece)
        return piece if self.length <= LIMIT else b""


def _coder(headers: Pairs) -> Any:
    """What undoes the coding that a worker may have applied itself, for people to read."""
    coding = {name.lower(): value for name, value in headers}.get("content-encoding", "")
    if coding.strip().lower() not in ("gzip", "deflate"):
        return None
    return zlib.decompressobj(zlib.MAX_WBITS | 32)


def _whole(coder: Any, body: bytes) -> bytes:
    try:
        return bytes(coder.decompress(body) + coder.flush())
    except zlib.error:
        return body
