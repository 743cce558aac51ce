"""A client's WebSocket: couples a connection's bytes to an end of the worker.

No tasks: a frame is parsed, delivered and answered in the turn in which its bytes came. Back
pressure goes both ways: while the client does not read, or the worker does not take what is
there, the client's socket is not read either.

Implements: RFC 6455, sections 5.5 and 7; https://developers.cloudflare.com/workers/runtime-apis/websockets/
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ..log import log
from ..web.websocket import WebSocket
from ..web.websocket_state import ABNORMAL
from ..web.websocket_wire import Wire, couple, is_hibernatable
from .deflate import Agreement, Deflater, Inflater
from .socket_life import Life, Passed
from .traffic import Conversation, Side
from .wire import BINARY, PONG, TEXT, FrameReader, WireError, close_frame, frame

__all__ = ["Socket"]

HIGH_WATER = 256 * 1024
"""Unsent bytes above which the client is not read."""
_WARN_ABOVE = 16 * 1024 * 1024
_LINGER = 2.0
"""Seconds for which a client may take to end its side once we have ended ours."""
_RECHECK = 0.02
"""Seconds after which a worker that let messages pile up is looked at again."""
_SMALL = 64 * 1024
_SHORT = 126
_TEXT_HEADS = tuple(bytes((0x80 | TEXT, size)) for size in range(_SHORT))
_SLOW_READER = (
    "a WebSocket client reads slower than the worker sends: over 16 MiB wait in memory for it. "
    "On Cloudflare this counts against the worker's 128 MB"
)


_last_text: tuple[str, bytes] = ("", frame(TEXT, b""))
"""What was sent last, and its frame: a broadcast sends the same to one socket after another."""


class Socket:
    """The network side of one WebSocket: a `Sink`.

    Lives in one of three states: open (``_reader`` is set), half closed (one Close frame has
    gone one way), ended (``_ended``: the TCP connection is on its way out).
    """

    __slots__ = (
        "__weakref__",
        "_busy",
        "_corked",
        "_counted",
        "_deflater",
        "_ended",
        "_got_close",
        "_loop",
        "_on_end",
        "_reader",
        "_reading_held",
        "_sent",
        "_sent_bytes",
        "_sent_close",
        "_timer",
        "_transport",
        "life",
        "talk",
        "wire",
    )

    wire: Wire

    def __init__(
        self,
        transport: asyncio.Transport,
        loop: asyncio.AbstractEventLoop,
        agreement: Agreement | None,
        on_end: Callable[[Socket], None],
        life: Life | None = None,
    ) -> None:
        """``life`` None: nobody is told of its end."""
        self._transport = transport
        self._loop = loop
        self._on_end = on_end
        self._deflater = None if agreement is None else Deflater(agreement)
        inflater = None if agreement is None else Inflater(agreement)
        self._counted = FrameReader(_nobody, self._on_ping, self._on_close, inflater)
        """The reader, also when nothing is read any more: it knows what came."""
        self._reader: FrameReader | None = self._counted
        self._sent = self._sent_bytes = 0
        self.life = life
        self._corked: list[bytes] | None = None
        """While a turn's frames are collected to be written at once."""
        self._busy = False
        """The client does not read: it holds more than `HIGH_WATER` of ours up."""
        self._reading_held = False
        self._sent_close = False
        self._got_close = False
        self._ended = False
        self._timer: asyncio.TimerHandle | None = None
        self.talk: Conversation | None = None
        """What is told of, when somebody watches."""

    def open(self, end: WebSocket, head: bytes) -> None:
        """Take over ``end``; ``head`` goes out first, then what the worker has sent so far.

        Raises:
            JsException: ``end`` cannot be returned to a client; nothing was written.
        """
        corked = self._corked = [head]
        try:
            self.wire = couple(end, self)
        except BaseException:
            self._corked = None
            raise
        if self._reader is not None:
            deliver = self.wire.message
            self._reader.on_message = deliver if self.talk is None else self.talk.hearing(deliver)
        self._transport.set_write_buffer_limits(high=HIGH_WATER)
        self._uncork(corked)

    def belongs_to(self, worker: object) -> bool:
        """Whether a listener in ``worker``'s code hears this socket, and would die with it."""
        owner = self.wire.far._owner
        if owner is None or owner.worker is not worker or owner.keeps_code:
            return False
        return not is_hibernatable(self.wire)

    def is_owned_by(self, owner: object) -> bool:
        """Whether a listener in code of the context ``owner`` hears this socket."""
        return self.wire.far._owner is owner and not is_hibernatable(self.wire)

    @property
    def is_closing(self) -> bool:
        """Whether one side has said that it is to end."""
        return self._sent_close or self._got_close or self._ended

    @property
    def received(self) -> Passed:
        """What the client said."""
        return Passed(self._counted.messages, self._counted.size)

    @property
    def sent(self) -> Passed:
        """What the worker said."""
        return Passed(self._sent, self._sent_bytes)

    @property
    def held_by(self) -> str:
        """Who hears it, for a person."""
        far = self.wire.far
        if far._receiver is not None:
            return f"{far._receiver.holder}, hibernatable"
        owner = far._owner
        if owner is None:
            return "not accepted" if far._sink is None else "passed on"
        return "plain" if owner.input is None else f"{owner.label}, not hibernatable"

    # What the worker does.

    @property
    def buffered(self) -> int:
        """Bytes that wait to be written."""
        corked = self._corked
        waiting = sum(map(len, corked)) if corked else 0
        return waiting + self._transport.get_write_buffer_size()

    def send(self, data: str | bytes) -> None:
        """Write a message; without effect once the socket is closing."""
        if self._sent_close or self._ended:
            return
        if self.talk is not None:
            self.talk.message(Side.WORKER, data)
        deflater = self._deflater
        if deflater is not None:
            opcode, payload = (TEXT, data.encode()) if isinstance(data, str) else (BINARY, data)
            self._sent_bytes += len(payload)
            self._write(frame(opcode, deflater.compress(payload), compressed=True))
        elif isinstance(data, str):
            made = _text_frame(data)
            size = len(made)
            self._sent_bytes += size - (2 if size < 128 else 4 if size < 0x10004 else 10)
            self._write(made)
        else:
            self._sent_bytes += len(data)
            self._write(frame(BINARY, data))
        self._sent += 1

    def close(self, code: int | None, reason: str, by: Side = Side.WORKER) -> None:
        """Send the Close frame, once. When both sides have, the connection ends."""
        if self._sent_close or self._ended:
            return
        if self.talk is not None:
            self.talk.closed(by, code, reason)
        if self.life is not None:
            self.life.ending(code, reason, by)
        self._sent_close = True
        self._write(close_frame(code, reason))
        if self._got_close:
            self._end()

    def abort(self) -> None:
        """End the connection without a Close frame, behind what was sent before."""
        if self.talk is not None and not self._sent_close and not self._ended:
            self.talk.lost(Side.WORKER)
        if self.life is not None:
            self.life.ending(ABNORMAL, "", Side.WORKER)
        self._end()

    # What the client does.

    def feed(self, data: bytes) -> None:
        """Bytes came."""
        reader = self._reader
        if reader is None:
            return  # after its Close frame, or ours for an error: not looked at
        if self._corked is not None:
            reader.feed(data)  # a callback of ours is at work up the stack
            return
        corked: list[bytes] = []
        self._corked = corked
        try:
            reader.feed(data)
        except WireError as error:
            self._fail(error)
        finally:
            self._uncork(corked)
        far = self.wire.far
        if (far._inbox or far._sink is not None) and self._reader is not None:
            self._check_backlog()

    def pause_writing(self) -> None:
        """Too much is unsent: no further message is taken in."""
        self._busy = True
        self._hold_reading()
        if self._transport.get_write_buffer_size() > _WARN_ABOVE:
            log.warn_once(_SLOW_READER)

    def resume_writing(self) -> None:
        """The client reads again."""
        self._busy = False
        self._resume_reading()

    def lost(self) -> None:
        """The TCP connection is gone."""
        if self._timer is not None:
            self._timer.cancel()
        told = self._ended or (self._got_close and self._sent_close)
        self._ended = True
        self._reader = None
        self._on_end(self)
        if self.life is not None:
            self.life.ended(self.received, self.sent)
        if not told:
            if self.talk is not None:
                self.talk.lost(Side.CLIENT)
            self.wire.dropped()

    def kill(self) -> None:
        """End the TCP connection now, whatever is unsent."""
        self._transport.abort()

    def _on_ping(self, payload: bytes) -> None:
        if not self._sent_close and not self._ended:
            self._write(frame(PONG, payload))

    def _on_close(self, code: int | None, reason: str) -> None:
        if self.talk is not None:
            self.talk.closed(Side.CLIENT, code, reason)
        if self.life is not None:
            self.life.ending(code, reason, Side.CLIENT)
        self._got_close = True
        self._reader = None
        self._resume_reading()  # to see the end of the connection
        self.wire.closed(code, reason)
        if self._sent_close:
            self._end()

    def _fail(self, error: WireError) -> None:
        """The client broke the protocol: tell both sides, and end."""
        self._reader = None
        if not self._sent_close:
            self._sent_close = True
            if self.talk is not None:
                self.talk.closed(Side.TOOL, error.code, error.description)
            self._write(close_frame(error.code, error.description))
        if self.life is not None:
            self.life.ending(error.code, error.description, Side.TOOL)
        already_told = self._ended or self._got_close
        self._end()
        if not already_told:
            self.wire.failed(error.code, error.description)

    def _write(self, data: bytes) -> None:
        corked = self._corked
        if corked is not None:
            corked.append(data)
            if len(data) < _SMALL and len(corked) < 64:
                return
            # Written early, so that back pressure is felt in the middle of a turn.
            data = b"".join(corked)
            corked.clear()
        transport = self._transport
        transport.write(data)
        if self._busy and transport.get_write_buffer_size() > _WARN_ABOVE:
            log.warn_once(_SLOW_READER)

    def _uncork(self, corked: list[bytes]) -> None:
        self._corked = None
        if corked:
            self._transport.write(corked[0] if len(corked) == 1 else b"".join(corked))
        if self._ended:
            self._finish()

    def _end(self) -> None:
        """Nothing more is sent. Our side of the TCP connection ends, then the client's."""
        if self._ended:
            return
        self._ended = True
        self._reader = None
        if self._corked is None:
            self._finish()

    def _finish(self) -> None:
        """End our side behind what is written; wait a moment for the client to end its own.

        To close with its bytes unread would reset the connection, and lose our Close frame.
        """
        transport = self._transport
        if transport.is_closing() or self._timer is not None:
            return
        self._timer = self._loop.call_later(_LINGER, transport.abort)
        self._resume_reading()
        try:
            transport.write_eof()
        except (OSError, RuntimeError, NotImplementedError):
            transport.close()

    # Reading stops while anything downstream is full.

    def _hold_reading(self) -> None:
        reader = self._reader
        if reader is None:
            return
        reader.paused = True
        if not self._reading_held:
            self._reading_held = True
            self._transport.pause_reading()

    def _resume_reading(self) -> None:
        """Take in what was kept; read on unless that filled something up again."""
        reader = self._reader
        if reader is not None and reader.paused:
            reader.paused = False
            self.feed(b"")
            reader = self._reader
        if self._reading_held and (reader is None or not reader.paused):
            self._reading_held = False
            if not self._transport.is_closing():
                self._transport.resume_reading()

    def _check_backlog(self) -> None:
        """The worker has not taken messages: wait if they are many."""
        if self.wire.waiting > HIGH_WATER:
            self._hold_reading()
            self._loop.call_later(_RECHECK, self._recheck_backlog)

    def _recheck_backlog(self) -> None:
        if self._reader is None or self._busy:
            return
        if self.wire.waiting > HIGH_WATER:
            self._loop.call_later(_RECHECK, self._recheck_backlog)
        else:
            self._resume_reading()


def _text_frame(text: str) -> bytes:
    global _last_text
    last, made = _last_text
    if text is last:
        return made
    payload = text.encode()
    size = len(payload)
    made = _TEXT_HEADS[size] + payload if size < _SHORT else frame(TEXT, payload)
    if size < _SMALL:  # a large one would stay in memory for long
        _last_text = text, made
    return made


def _nobody(_data: str | bytes) -> None:
    """Stands in until the worker's end is known."""
