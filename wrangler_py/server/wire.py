"""WebSocket frames, without sockets: bytes in, messages out, and back.

Strict where RFC 6455 is; the runtime's own texts where it has one.

Implements: RFC 6455, section 5 and 7
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from aiohttp._websocket.helpers import websocket_mask

if TYPE_CHECKING:
    from .deflate import Inflater

__all__ = ["MAX_MESSAGE", "FrameReader", "WireError", "close_frame", "frame", "too_large"]

MAX_MESSAGE = 32 * 1024 * 1024
"""Bytes in one message, all its fragments together; also after decompression."""

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
_FIN, _RSV1, _RSV23, _OPCODE, _MASKED = 0x80, 0x40, 0x30, 0x0F, 0x80
_UNCOMPRESSED: Final = 0xBF
"""The largest first byte of a final frame without RSV1."""
_KNOWN = frozenset({CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG})
_MAX_CONTROL = 125
_MAX_REASON: Final = 123
_NOT_NEGOTIATED = (
    "Received a WebSocket frame whose compression bit was set, but the compression extension "
    "was not negotiated for this connection."
)
_PROTOCOL_ERROR, _BAD_DATA, _TOO_BIG = 1002, 1007, 1009


class WireError(Exception):
    """The client broke the protocol: close with ``code``, and ``description`` as the reason."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


def too_large(size: int) -> str:
    return f"Message is too large: {size} > {MAX_MESSAGE}"


class FrameReader:
    """Parses what a client sends.

    Each callback runs as soon as its message is complete. While ``paused``, which a callback
    may set, what comes is kept unparsed.
    """

    __slots__ = (
        "_buffer",
        "_compressed",
        "_inflater",
        "_message",
        "_needed",
        "_opcode",
        "_plain",
        "messages",
        "on_close",
        "on_message",
        "on_ping",
        "paused",
        "size",
    )

    def __init__(
        self,
        on_message: Callable[[str | bytes], None],
        on_ping: Callable[[bytes], None],
        on_close: Callable[[int | None, str], None],
        inflater: Inflater | None = None,
    ) -> None:
        self.on_message = on_message
        self.on_ping = on_ping
        self.on_close = on_close
        self.paused = False
        self.messages = self.size = 0
        """How many messages were delivered, and their bytes."""
        self._inflater = inflater
        # First bytes of a whole data message: nothing about it needs a closer look.
        self._plain = _PLAIN if inflater is None else _PLAIN_COMPRESSED
        self._buffer: bytearray | None = None
        self._needed = 0
        """How long ``_buffer`` must be for the next step."""
        self._opcode = CONTINUATION
        """Of the message whose fragments are coming; CONTINUATION: there is none."""
        self._compressed = False
        self._message: bytearray | None = None
        """The fragments so far."""

    @property
    def held(self) -> int:
        """Bytes that are kept, of messages not yet delivered."""
        return len(self._buffer or b"") + len(self._message or b"")

    def feed(self, data: bytes) -> None:
        """Take in what the socket gave; b"" after a pause.

        Raises:
            WireError: the client broke the protocol; nothing may be fed afterwards.
        """
        buffer = self._buffer
        if buffer is None:
            size = len(data) - 6
            if (
                0 <= size <= _MAX_CONTROL
                and data[1] == _MASKED + size
                and data[0] in self._plain
                and not (self.paused or self._opcode)
            ):
                # One small message and nothing else: what most reads are.
                payload = bytearray(data[6:])
                websocket_mask(data[2:6], payload)
                self._deliver(data[0] & _OPCODE, data[0] > _UNCOMPRESSED, payload)
                return
            if self.paused:
                self._buffer, self._needed = bytearray(data), 0
                return
            used = self._parse(data)
            if used < len(data):
                self._buffer = bytearray(memoryview(data)[used:])
            return
        buffer += data
        if self.paused or len(buffer) < self._needed:
            return
        self._buffer = None
        used = self._parse(buffer)
        if used < len(buffer):
            del buffer[:used]
            self._buffer = buffer

    def _parse(self, data: bytes | bytearray) -> int:
        """Handle each whole frame of ``data``; returns how many bytes that took."""
        position, end = 0, len(data)
        plain = self._plain
        while not self.paused:
            start = position + 6
            if end - position < 2:
                self._needed = 2
                break
            first, size = data[position], data[position + 1] - _MASKED
            if first not in plain or size < 0 or self._opcode:
                self._check_head(first, size)
            if size > _MAX_CONTROL:
                width = 2 if size == 126 else 8
                start += width
                if end < start - 4:
                    self._needed = start - position
                    break
                size = _long_size(data, start - 4 - width, width)
            if size > _MAX_CONTROL or self._opcode:
                self._check_size(size)
            stop = start + size
            if end < stop:
                self._needed = stop - position
                break
            payload = bytearray(data[start:stop])
            websocket_mask(bytes(data[start - 4 : start]), payload)
            position = stop
            if first in plain and not self._opcode:
                self._deliver(first & _OPCODE, first > _UNCOMPRESSED, payload)
            else:
                self._handle(first, payload)
        return position

    def _check_head(self, first: int, size: int) -> None:
        opcode = first & _OPCODE
        if first & _RSV23:
            raise WireError(_PROTOCOL_ERROR, "Received frame had RSV bits 2 or 3 set")
        if opcode not in _KNOWN:
            raise WireError(_PROTOCOL_ERROR, f"Unknown opcode {opcode}")
        if size < 0:
            raise WireError(_PROTOCOL_ERROR, "Received a frame that is not masked")
        if first & _RSV1 and self._inflater is None:
            raise WireError(_PROTOCOL_ERROR, _NOT_NEGOTIATED)
        if opcode >= CLOSE:
            if not first & _FIN:
                raise WireError(_PROTOCOL_ERROR, "Received fragmented control frame")
            if size > _MAX_CONTROL:
                raise WireError(_PROTOCOL_ERROR, "Received a control frame above 125 bytes")
        elif opcode == CONTINUATION and not self._opcode:
            raise WireError(_PROTOCOL_ERROR, "Unexpected continuation frame")
        elif opcode != CONTINUATION and self._opcode:
            raise WireError(_PROTOCOL_ERROR, "Missing continuation frame")
        if first & _RSV1 and opcode not in (TEXT, BINARY):
            text = "Received a frame whose compression bit was set, but does not start a message"
            raise WireError(_PROTOCOL_ERROR, text)

    def _check_size(self, size: int) -> None:
        """The limit counts a message as a whole, and holds before its payload comes."""
        total = size + len(self._message or b"")
        if total > MAX_MESSAGE:
            raise WireError(_TOO_BIG, too_large(total))

    def _handle(self, first: int, payload: bytearray) -> None:
        """A control frame or a fragment."""
        opcode = first & _OPCODE
        if opcode == PING:
            self.on_ping(bytes(payload))
        elif opcode == CLOSE:
            self.paused = True  # whatever follows a Close frame is not looked at
            self.on_close(*_read_close(payload))
        elif opcode != PONG:
            self._add_fragment(first, payload)

    def _add_fragment(self, first: int, payload: bytearray) -> None:
        message = self._message
        if message is None:
            message, self._opcode = payload, first & _OPCODE
            self._compressed = bool(first & _RSV1)
        else:
            message += payload
        if first & _FIN:
            opcode, self._opcode, self._message = self._opcode, CONTINUATION, None
            self._deliver(opcode, self._compressed, message)
        else:
            self._message = message

    def _deliver(self, opcode: int, compressed: bool, payload: bytes | bytearray) -> None:
        if compressed and self._inflater is not None:
            payload = self._inflater.decompress(payload)
        self.messages += 1
        self.size += len(payload)
        data: str | bytes
        if opcode == BINARY:
            data = bytes(payload)
        else:
            try:
                data = payload.decode()
            except UnicodeDecodeError:
                raise WireError(_BAD_DATA, "Received a text message that is not UTF-8") from None
        self.on_message(data)


_PLAIN = frozenset({_FIN | TEXT, _FIN | BINARY})
_PLAIN_COMPRESSED = frozenset({*_PLAIN, *(first | _RSV1 for first in _PLAIN)})


def _long_size(data: bytes | bytearray, position: int, width: int) -> int:
    size = int.from_bytes(data[position : position + width], "big")
    if size < (126 if width == 2 else 0x10000):
        raise WireError(_PROTOCOL_ERROR, "Received a frame length that is not minimal")
    return size


def _read_close(payload: bytearray) -> tuple[int | None, str]:
    """Code and reason of a Close frame; (None, "") for an empty one."""
    if not payload:
        return None, ""
    code = int.from_bytes(payload[:2], "big")
    if len(payload) < 2 or not _may_be_received(code):
        raise WireError(_PROTOCOL_ERROR, "Received an invalid close code")
    try:
        return code, payload[2:].decode()
    except UnicodeDecodeError:
        raise WireError(_BAD_DATA, "Received a close reason that is not UTF-8") from None


def _may_be_received(code: int) -> bool:
    """RFC 6455, section 7.4, and the codes registered since (1012 to 1014)."""
    return 1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999


# What we send. A server does not mask.


def frame(opcode: int, payload: bytes, *, compressed: bool = False) -> bytes:
    """One final frame."""
    size = len(payload)
    first = _FIN | opcode | (_RSV1 if compressed else 0)
    if size < 126:
        return bytes((first, size)) + payload
    if size < 0x10000:
        return bytes((first, 126, size >> 8, size & 0xFF)) + payload
    return bytes((first, 127)) + size.to_bytes(8, "big") + payload


def close_frame(code: int | None, reason: str) -> bytes:
    """A Close frame; the reason is cut to what fits into one."""
    if code is None:
        return frame(CLOSE, b"")
    text = reason.encode("utf-8", "replace")
    if len(text) > _MAX_REASON:
        text = text[:_MAX_REASON].decode("utf-8", "ignore").encode()
    return frame(CLOSE, code.to_bytes(2, "big") + text)
