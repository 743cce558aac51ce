"""One HTTP request and its answer: what stands between aiohttp and `worker.answer`.

Implements: https://www.rfc-editor.org/rfc/rfc9112; what a worker sees of a request:
https://developers.cloudflare.com/fundamentals/reference/http-headers/
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from time import perf_counter
from typing import TYPE_CHECKING

from aiohttp import hdrs
from aiohttp.http import HttpVersion11, RawRequestMessage
from aiohttp.streams import EMPTY_PAYLOAD, StreamReader

from ..js.errors import JsException, error
from ..log import Level, log
from ..web.body import body_bytes, body_chunks, body_length
from ..web.request import Request
from ..web.status_text import status_text
from ..web.websocket_wire import was_returned
from .admission import CONTINUE, Refusal, Target, admit
from .answer import Head, head_of
from .incoming import cf_of, pairs_of
from .listening import in_url
from .local_endpoints import Reply
from .renamed import Renaming
from .socket_life import Life
from .traffic import Side
from .websocket import Socket

if TYPE_CHECKING:
    from ..context import IoContext
    from ..web.response import Response
    from ..web.websocket import WebSocket
    from .connection import Connection
    from .deflate import Agreement
    from .traffic import Conversation, Traffic

__all__ = ["Exchange"]

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_COALESCE = 64 * 1024
"""Bodies up to this size go out in one write with their head."""
_REFUSED_LINGER = 0.5
"""Seconds for which the rest of a refused request is read, so that the answer gets there."""
_LOST = "Network connection lost."


def _renamed(pairs: list[tuple[str, str]], renaming: Renaming | None) -> list[tuple[str, str]]:
    return pairs if renaming is None else renaming.inward(pairs)


class Exchange:
    """A request, then its response: aiohttp takes it for both."""

    __slots__ = (
        "__weakref__",
        "_body",
        "_connection",
        "_expects_continue",
        "_gone",
        "_message",
        "_pumping",
        "_renaming",
        "_since",
        "_talk",
        "_task",
        "keep_alive",
        "started",
    )

    def __init__(
        self,
        message: RawRequestMessage,
        payload: StreamReader,
        protocol: Connection,
        writer: object,
        task: asyncio.Task[None],
    ) -> None:
        self._message = message
        self._body = payload
        self._connection = protocol
        self._task: asyncio.Task[None] | None = task
        self._pumping: asyncio.Task[object] | None = None
        """The task that waits for the worker's next piece of the body."""
        self._gone = False
        self._expects_continue = False
        self._since = perf_counter()
        self._talk: Conversation | None = None
        self._renaming: Renaming | None = None
        self.keep_alive = not message.should_close
        self.started = False
        """Part of the response is written."""

    # What aiohttp calls. The response is complete when the handler has returned.

    @property
    def remote(self) -> str | None:
        address = self._connection.peername
        return address[0] if isinstance(address, tuple) else None

    async def prepare(self, request: object) -> None:
        pass

    async def write_eof(self) -> None:
        pass

    def _finish(self) -> None:
        pass

    def _cancel(self, exc: BaseException) -> None:
        """The client is gone: what reads its body or waits for the worker's, ends."""
        if self._talk is not None and not self._gone:
            stopping = isinstance(exc, asyncio.CancelledError)
            self._talk.lost(Side.TOOL if stopping else Side.CLIENT)
        self._gone = True
        self._body.set_exception(exc)
        if self._pumping is not None:
            self._pumping.cancel()

    # What the server does with a request.

    @property
    def message(self) -> RawRequestMessage:
        return self._message

    @property
    def has_body(self) -> bool:
        return self._body is not EMPTY_PAYLOAD

    def admit(self) -> Target | None:
        """Where the request goes; None if it was refused."""
        message, body = self._message, self._body
        has_body = body is not EMPTY_PAYLOAD
        target = admit(
            message, self._own_address, has_body=has_body, scheme=self._connection.scheme
        )
        if isinstance(target, Refusal):
            self.refuse(target)
            return None
        if has_body and not body.is_eof() and message.version == HttpVersion11:
            self._expects_continue = message.headers.get(hdrs.EXPECT, "").lower() == CONTINUE
        return target

    def watch(self, traffic: Traffic, target: Target) -> None:
        """Tell ``traffic`` of this request, from here on."""
        message, payload = self._message, self._body
        body: bytes | None = b""
        if payload is not EMPTY_PAYLOAD:
            body = None
            if payload.is_eof() and payload.exception() is None:
                body = payload.read_nowait()
                # What was taken out is there for the worker again.
                self._body = StreamReader(self._connection, len(body), loop=self._connection._loop)
                self._body.feed_data(body)
                self._body.feed_eof()
        headers = tuple(
            (name.decode("utf-8", "surrogateescape"), value.decode("utf-8", "surrogateescape"))
            for name, value in message.raw_headers
        )
        self._talk = traffic.begin(message.method, target.path, headers, body)

    def _own_address(self) -> str:
        """Where the request came in."""
        name = self._connection.sockname
        if not isinstance(name, tuple):
            return "localhost"
        return f"{in_url(name[0])}:{name[1]}"

    def request(self, target: Target, renaming: Renaming | None = None) -> Request:
        """The worker's view: nothing of it is parsed before a script asks.

        ``renaming``: where it seems to be sent to; None: where it was.
        """
        self._renaming = renaming
        message, connection, payload = self._message, self._connection, self._body
        body: bytes | AsyncIterator[bytes] | None = None
        if payload is not EMPTY_PAYLOAD:
            whole = payload.is_eof() and payload.exception() is None
            body = payload.read_nowait() if whole else self._body_chunks()
        return Request._incoming(
            message.method,
            target.url if renaming is None else renaming.url(target),
            lambda: _renamed(pairs_of(message.raw_headers, connection.peername), renaming),
            body,
            lambda: cf_of(message),
        )

    def outward(self, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """The worker's headers as the client sees them."""
        return pairs if self._renaming is None else self._renaming.outward(pairs)

    async def _body_chunks(self) -> AsyncGenerator[bytes, None]:
        """The body as it comes; reading it is what asks a hesitant client to send it.

        Raises:
            JsException: the client went away, or sent nonsense.
        """
        if self._expects_continue:
            self._expects_continue = False
            if not self.started and self._connection.transport is not None:
                self._connection.transport.write(_CONTINUE)
        body, talk = self._body, self._talk
        while True:
            try:
                chunk = await body.readany()
            except Exception as exc:
                raise error(_LOST) from exc
            if talk is not None:
                talk.piece(Side.CLIENT, chunk) if chunk else talk.ended(Side.CLIENT)
            if not chunk:
                return
            yield chunk

    async def respond(self, response: Response, owner: IoContext, tail: bytes = b"") -> None:
        """Write the worker's response; ``tail`` goes behind a body of HTML.

        Raises:
            JsException: it cannot be sent; nothing was written then.
            ConnectionError: the client is gone.
        """
        head = head_of(response, self._message, self._renaming)
        if tail and not (head.takes_more(response)):
            tail = b""
        is_null = response._data is None
        data = body_bytes(response)
        if data is None:
            length = body_length(response)
            if tail:
                length = None
                head.forget_length()
            await self._respond_streaming(body_chunks(response), length, owner, head, tail)
            return
        given = data
        data = head.encode(data + tail)
        if head.has_body or not (is_null or head.never_has_body):
            head.add_length(len(data))
        elif is_null:
            head.add_declared_length()
        self._write_head(head, data if head.has_body else b"", given)
        if self._connection._paused:
            await self._connection.drain()

    async def _respond_streaming(
        self,
        pieces: AsyncGenerator[bytes, None],
        length: int | None,
        owner: IoContext,
        head: Head,
        tail: bytes,
    ) -> None:
        with owner.entered():
            try:
                if head.has_body:
                    head.begin_stream(length)
                    self._write_head(head, b"", None)
                    await self._pump(pieces, head, tail)
                else:
                    head.add_declared_length()
                    self._write_head(head, b"", b"")
            except (ConnectionError, asyncio.CancelledError):
                raise
            except Exception as exc:
                # End so that the client does not take what it has for the whole.
                owner.report(exc, "response body")
                if self._talk is not None:
                    self._talk.lost(Side.WORKER)
                self._connection.force_close()
            finally:
                await pieces.aclose()

    async def _pump(self, pieces: AsyncGenerator[bytes, None], head: Head, tail: bytes) -> None:
        """Write each piece of the body; the next one is asked for when there is room."""
        task = self._pumping = asyncio.current_task()
        talk = self._talk
        try:
            async for piece in pieces:
                self._write(head.frame(piece))
                if talk is not None:
                    talk.piece(Side.WORKER, piece)
                await self._connection.drain()
            self._write(head.frame(tail) + head.ending() if tail else head.ending())
            if talk is not None:
                talk.ended(Side.WORKER)
            await self._connection.drain()
        except asyncio.CancelledError:
            if not self._gone or task is None or task.uncancel() > 0:
                raise
            raise ConnectionResetError(_LOST) from None
        finally:
            self._pumping = None

    def _write(self, data: bytes) -> None:
        transport = self._connection.transport
        if transport is None or self._gone:
            raise ConnectionResetError(_LOST)
        if data:
            transport.write(data)

    def _write_head(
        self, head: Head, data: bytes, given: bytes | None, by: Side = Side.WORKER
    ) -> None:
        """Write the head and ``data``; ``given`` is the body as told to who watches.

        It is as the worker gave it, before a coding of ours; None: it follows in pieces.
        """
        if self._expects_continue:
            # The client may still send the body, or not: this connection is of no more use.
            self.keep_alive = False
            self._connection._lingering_time = 0.0
        self.keep_alive = self.keep_alive and head.delimited
        block = head.block(keep_alive=self.keep_alive, version=self._message.version)
        self.started = True
        if len(data) <= _COALESCE:
            self._write(block + data)
        else:
            self._write(block)
            self._write(data)
        if self._talk is not None:
            self._talk.answered(block, given if head.has_body else b"", by)
        self.log(head.status, head.reason)

    def refuse(self, refusal: Refusal, extra: tuple[tuple[str, str], ...] = ()) -> None:
        """Answer instead of the worker, and end the connection."""
        self.keep_alive = False
        self._connection._lingering_time = _REFUSED_LINGER
        self.reply(Reply(refusal.status, refusal.text.encode(), headers=extra))

    def reply(self, reply: Reply) -> None:
        """Write an answer of ours."""
        status = int(reply.status)
        pairs = (("Content-Type", reply.content_type), *reply.headers)
        head = Head(status, status_text(status), self._message, pairs)
        if not head.never_has_body:
            head.add_length(len(reply.body))
        try:
            self._write_head(head, reply.body if head.has_body else b"", reply.body, Side.TOOL)
        except ConnectionError:
            pass  # nobody waits for it any more

    def fail(self, reply: Reply) -> None:
        """Answer for a worker that failed, and end the connection as production does."""
        self.keep_alive = False
        self.reply(reply)

    def upgrade(
        self, end: WebSocket, head: str, agreement: Agreement | None, *, is_ours: bool = False
    ) -> None:
        """Answer 101 and give the connection over to ``end``; nobody is told of one of ours.

        Raises:
            JsException: ``end`` cannot be returned to a client. As in production the 101 is out
                by then, and the connection ends; a second use of ``end`` writes nothing.
            ConnectionError: the client is gone.
        """
        connection = self._connection
        transport = connection.transport
        if transport is None or self._gone:
            raise ConnectionResetError(_LOST)
        listener = connection.listener
        life = None if is_ours else Life(listener.next_number(), self._message.path)
        socket = Socket(transport, connection._loop, agreement, listener.forget, life)
        block = head.encode("utf-8", "surrogateescape")
        if self._talk is not None and not was_returned(end):
            self._talk.answered(block, b"")
            socket.talk = self._talk
        try:
            socket.open(end, block)
        except JsException:
            if not was_returned(end):
                self._write(block)
                self.started, self.keep_alive = True, False
                self.log(101, status_text(101))
                if self._talk is not None:
                    self._talk.lost(Side.WORKER)
            raise
        self.started, self.keep_alive = True, False
        connection.take_over(socket, is_ours=is_ours)
        if life is not None:
            self.log(101, status_text(101), life)

    async def read(self, limit: int) -> bytes:
        """The whole body, for an endpoint of ours.

        Raises:
            ValueError: it is longer than ``limit``.
        """
        data = bytearray()
        async for chunk in self._body_chunks():
            data += chunk
            if len(data) > limit:
                raise ValueError(f"the body is longer than {limit} bytes")
        return bytes(data)

    def log(self, status: int, reason: str, life: Life | None = None) -> None:
        """The request line in the terminal; ``life``: of the WebSocket that begins."""
        if log.enabled(Level.INFO):
            message = self._message
            ms = (perf_counter() - self._since) * 1000
            number = None if life is None else life.number
            log.request(message.method, message.path, status, reason, ms, number)
            if life is not None:
                log.fact("websocket_open", socket=number, path=life.path)
