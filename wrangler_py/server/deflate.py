"""permessage-deflate: what is agreed on, and the two halves of the compression.

Implements: RFC 7692
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from .wire import MAX_MESSAGE, WireError, too_large

__all__ = ["Agreement", "Deflater", "Inflater", "negotiate"]

_NAME = "permessage-deflate"
_TAIL = b"\x00\x00\xff\xff"
_WINDOW = 1 << 15
# A message that is cut into many final blocks costs much time and is never sent by a client.
_MAX_MEMBERS = 64
# Our own compressor may use a smaller window than the agreed one: 24 KiB a socket, not 268.
_WINDOW_BITS, _MEMORY_LEVEL = 12, 4


@dataclass(frozen=True, slots=True)
class Agreement:
    """The parameters that both sides follow; None for a window: not mentioned."""

    server_no_context_takeover: bool = False
    client_no_context_takeover: bool = False
    server_max_window_bits: int | None = None
    client_max_window_bits: int | None = None

    def header(self) -> str:
        """The value of Sec-WebSocket-Extensions in the 101."""
        parts = [_NAME]
        for name in ("server_no_context_takeover", "client_no_context_takeover"):
            if getattr(self, name):
                parts.append(name)
        for name in ("server_max_window_bits", "client_max_window_bits"):
            if (bits := getattr(self, name)) is not None:
                parts.append(f"{name}={bits}")
        return "; ".join(parts)


def negotiate(offered: str, wished: str) -> Agreement | None:
    """What to answer to the client's header; ``wished`` is the one that the worker set.

    None: no compression.
    """
    for offer in _offers(offered):
        agreement = _accept(offer)
        if agreement is None:
            continue
        wishes = next(_offers(wished), None)
        return agreement if wishes is None else _honour(wishes, offer, agreement)
    return None


_Parameters = dict[str, str | None]


def _offers(header: str) -> Iterator[_Parameters]:
    """The parameters of each well-formed offer."""
    for extension in header.split(","):
        name, *items = (item.strip(" \t") for item in extension.split(";"))
        if name.lower() != _NAME:
            continue
        parameters: _Parameters = {}
        for item in items:
            key, equals, value = item.partition("=")
            key = key.rstrip(" \t").lower()
            if key in parameters or not key:
                break
            parameters[key] = value.strip(' \t"') if equals else None
        else:
            if all(_is_valid(key, value) for key, value in parameters.items()):
                yield parameters


def _is_valid(key: str, value: str | None) -> bool:
    if key in ("server_no_context_takeover", "client_no_context_takeover"):
        return value is None
    if key == "client_max_window_bits" and value is None:
        return True
    if key in ("server_max_window_bits", "client_max_window_bits"):
        return value is not None and value in _BITS
    return False


_BITS = {str(bits): bits for bits in range(8, 16)}


def _accept(offer: _Parameters) -> Agreement | None:
    server_bits = _BITS.get(offer.get("server_max_window_bits") or "")
    if server_bits is not None and server_bits < 9:
        return None  # zlib cannot write a window of 256 bytes
    client_bits: int | None = None
    if "client_max_window_bits" in offer:
        client_bits = _BITS.get(offer["client_max_window_bits"] or "15")
    return Agreement(
        server_no_context_takeover="server_no_context_takeover" in offer,
        client_no_context_takeover="client_no_context_takeover" in offer,
        server_max_window_bits=server_bits,
        client_max_window_bits=client_bits,
    )


def _honour(wishes: _Parameters, offer: _Parameters, agreement: Agreement) -> Agreement:
    """Add what the worker asks for and the client can follow."""
    server_bits = _BITS.get(wishes.get("server_max_window_bits") or "")
    limit = agreement.server_max_window_bits or 15
    if server_bits is not None and 9 <= server_bits <= limit:
        agreement = replace(agreement, server_max_window_bits=server_bits)
    client_bits = _BITS.get(wishes.get("client_max_window_bits") or "")
    if client_bits is not None and client_bits <= (agreement.client_max_window_bits or 0):
        agreement = replace(agreement, client_max_window_bits=client_bits)
    return replace(
        agreement,
        server_no_context_takeover=agreement.server_no_context_takeover
        or "server_no_context_takeover" in wishes,
        client_no_context_takeover=agreement.client_no_context_takeover
        or "client_no_context_takeover" in wishes,
    )


class Deflater:
    """Compresses what we send. Holds no memory before the first message."""

    __slots__ = ("_bits", "_state", "_takeover")

    def __init__(self, agreement: Agreement) -> None:
        self._bits = min(agreement.server_max_window_bits or 15, _WINDOW_BITS)
        self._takeover = not agreement.server_no_context_takeover
        self._state: zlib._Compress | None = None

    def compress(self, payload: bytes) -> bytes:
        if not payload:
            return b"\x00"
        state = self._state
        if state is None:
            # Speed before size: the wire is a loopback interface.
            state = zlib.compressobj(zlib.Z_BEST_SPEED, zlib.DEFLATED, -self._bits, _MEMORY_LEVEL)
            if self._takeover:
                self._state = state
        data = state.compress(payload) + state.flush(zlib.Z_SYNC_FLUSH)
        return data[:-4]


class Inflater:
    """Decompresses what a client sends, never to more than one message may have."""

    __slots__ = ("_state", "_takeover")

    def __init__(self, agreement: Agreement) -> None:
        self._takeover = not agreement.client_no_context_takeover
        self._state: zlib._Decompress | None = None

    def decompress(self, payload: bytes | bytearray, limit: int = MAX_MESSAGE) -> bytes:
        """One message.

        Raises:
            WireError: it is corrupt, or longer than ``limit``.
        """
        state = self._state or zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            data = state.decompress(payload + _TAIL, limit + 1)
            if state.eof:
                data, state = _continue(data, state, limit)
        except zlib.error:
            raise WireError(1007, "Received a message with corrupt compressed data") from None
        if len(data) > limit:
            raise WireError(1009, too_large(limit + 1))
        if self._takeover:
            self._state = state
        return data


def _continue(data: bytes, state: zlib._Decompress, limit: int) -> tuple[bytes, zlib._Decompress]:
    """A message may hold several final blocks: go on behind one, with the same window."""
    for _ in range(_MAX_MEMBERS):
        rest = state.unused_data
        state = zlib.decompressobj(-zlib.MAX_WBITS, zdict=data[-_WINDOW:])
        # The empty block that we appended may itself stand behind a final one, cut short.
        data += state.decompress(rest, limit + 1 - min(len(data), limit))
        if not state.eof:
            return data, state
    raise zlib.error("too many final blocks")
