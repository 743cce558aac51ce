"""Bodies that come compressed: gzip and Brotli, as production decodes them, and no others.

Implements: https://developers.cloudflare.com/workers/runtime-apis/fetch/#how-the-accept-encoding-header-is-handled
"""

from __future__ import annotations

import importlib.util
import zlib
from typing import Any, Protocol

from ..log import log

__all__ = ["ACCEPTED", "Decoder", "acceptable", "decoder_for"]

_PIECE = 256 * 1024
"""Bytes; a chunk that decompresses to more comes in several."""
_GZIP = 16 + zlib.MAX_WBITS

_BROTLI = next((name for name in ("brotli", "brotlicffi") if importlib.util.find_spec(name)), None)
ACCEPTED = "gzip" if _BROTLI is None else "gzip, br"
"""The Accept-Encoding that is sent when the script sets none."""
_NO_BROTLI = (
    "fetch: a response is compressed with Brotli, which Cloudflare decodes and this Python "
    "cannot; `pip install brotli`"
)


class Decoder(Protocol):
    """Compressed bytes in, plain ones out, a bounded piece at a time."""

    @property
    def finished(self) -> bool:
        """Nothing is missing."""

    def decode(self, data: bytes) -> bytes:
        """Take in what came; the first piece of what it stands for.

        Raises:
            ValueError: it is corrupt.
        """

    def more(self) -> bytes:
        """The next piece of what is already there; b"" when more input is needed."""


def acceptable(accept_encoding: str) -> str:
    """A script's Accept-Encoding (the edge's own, in a request passed on), less what we lack."""
    if _BROTLI is not None or "br" not in accept_encoding:
        return accept_encoding
    wanted = [item.strip() for item in accept_encoding.split(",")]
    return ", ".join(item for item in wanted if item.partition(";")[0].strip() != "br")


def decoder_for(encoding: str) -> Decoder | None:
    """The decoder for a Content-Encoding; None: the body is handed over as it comes."""
    if encoding == "gzip":
        return _Gzip()
    if encoding == "br":
        return _NoBrotli() if _BROTLI is None else _Brotli(_BROTLI)
    return None


class _Gzip:
    """gzip, of several members too."""

    def __init__(self) -> None:
        self._state = zlib.decompressobj(_GZIP)
        self._started = False
        self._full = False
        """The last piece was as long as it may be: there may be more without more input."""

    @property
    def finished(self) -> bool:
        return self._state.eof or not self._started

    def decode(self, data: bytes) -> bytes:
        self._started = True
        if self._state.eof:
            self._state = zlib.decompressobj(_GZIP)
        try:
            piece = self._state.decompress(data, _PIECE)
        except zlib.error as exc:
            raise ValueError(str(exc)) from exc
        self._full = len(piece) == _PIECE
        return piece

    def more(self) -> bytes:
        while rest := self._rest():
            if piece := self.decode(rest):
                return piece  # a member may be empty
        return self.decode(b"") if self._full and not self._state.eof else b""

    def _rest(self) -> bytes:
        """Input that is not used yet: of this member, or the next ones."""
        return self._state.unused_data if self._state.eof else self._state.unconsumed_tail


class _Brotli:
    def __init__(self, module: str) -> None:
        self._state: Any = importlib.import_module(module).Decompressor()
        # Older versions cannot be told how much to give at once.
        limited = hasattr(self._state, "can_accept_more_data")
        self._limit = {"output_buffer_limit": _PIECE} if limited else {}
        self._started = False
        self._full = False

    @property
    def finished(self) -> bool:
        return not self._started or bool(self._state.is_finished())

    def decode(self, data: bytes) -> bytes:
        self._started = True
        try:
            piece: bytes = self._state.process(data, **self._limit)
        except Exception as exc:  # each of the modules has an error of its own
            raise ValueError(str(exc)) from exc
        self._full = bool(self._limit) and len(piece) >= _PIECE
        return piece

    def more(self) -> bytes:
        return self.decode(b"") if self._full and not self._state.is_finished() else b""


class _NoBrotli:
    """Stands in where no module can decode Brotli: says so, and fails the body."""

    finished = True

    def decode(self, data: bytes) -> bytes:
        log.warn_once(_NO_BROTLI)
        raise ValueError("Brotli")

    def more(self) -> bytes:
        return b""
