"""Bodies that come compressed: gzip and Brotli, as production decodes them, and no others.

Implements: https://developers.cloudflare.com/workers/runtime-apis/fetch/#how-the-accept-encoding-header-is-handled
"""

from __future__ import annotations

import importlib.util
import zlib
from typing import Any, Protocol

__all__ = ["ACCEPTED", "Decoder", "decoder_for"]

_PIECE = 256 * 1024
"""Bytes; a chunk that decompresses to more comes in several."""
_GZIP = 16 + zlib.MAX_WBITS

_BROTLI = next((name for name in ("brotli", "brotlicffi") if importlib.util.find_spec(name)), None)
ACCEPTED = "gzip" if _BROTLI is None else "gzip, br"
"""The Accept-Encoding that is sent when the script sets none."""


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


def decoder_for(encoding: str) -> Decoder | None:
    """The decoder for a Content-Encoding; None: the body is handed over as it comes."""
    if encoding == "gzip":
        return _Gzip()
    if encoding == "br" and _BROTLI is not None:
        return _Brotli()
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
        state = self._state
        rest = state.unused_data if state.eof else state.unconsumed_tail
        return self.decode(rest) if rest or (self._full and not state.eof) else b""


class _Brotli:
    def __init__(self) -> None:
        self._state: Any = importlib.import_module(_BROTLI or "brotli").Decompressor()
        self._started = False

    @property
    def finished(self) -> bool:
        return not self._started or bool(self._state.is_finished())

    def decode(self, data: bytes) -> bytes:
        self._started = True
        try:
            return self._state.process(data)  # type: ignore[no-any-return]
        except Exception as exc:
            raise ValueError(str(exc)) from exc

    def more(self) -> bytes:
        return b""
