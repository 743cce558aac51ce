"""Sockets: `connect()` of `cloudflare:sockets`, without the network itself.

Implements: https://developers.cloudflare.com/workers/runtime-apis/tcp-sockets/
Differs: on a TLS connection the end of `writable` is not told to the peer before the socket is
closed; every port and address is allowed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from .. import context
from ..context import IoContext
from ..js.callbacks import member
from ..js.convert import to_string
from ..js.errors import JsException, error, type_error
from ..js.object import JsObject
from ..js.promise import JsPromise, PyodideFuture, pending, spawn
from ..js.proxy import JsProxy
from ..log import log
from .foreign import SOCKET, check
from .socket_address import Address, Options, read_address, read_options
from .socket_queue import writable_of
from .streams import readable
from .streams.callbacks import reject, resolve, unwatched
from .streams.source import stream_of
from .streams.writable import WritableStream
from .transport import Connection

__all__ = ["Socket", "connect"]

_FAILED = "proxy request failed, cannot connect to the specified address"
_HTTP = (
    ". It looks like you might be trying to connect to a HTTP-based service — consider using "
    "fetch instead"
)
_TOO_LATE = "The connection was closed before startTls could be started."
_LOCKED = (
    "startTls() never finishes, here and on Cloudflare: a reader or a writer holds a stream of the "
    "socket\nhint: call `releaseLock()` of both before"
)
_CLOSING = "This ReadableStream belongs to an object that is closing."
_NO_OPTION = (
    "The `secureTransport` socket option must be set to 'starttls' for startTls to be used."
)


def connect(address: Any = None, options: Any = None) -> Socket:
    """A socket that is being connected.

    Raises:
        JsException: there is no such address or option, or this is no place for I/O.
    """
    owner = context.current()
    if owner is None or owner.is_global:
        raise error(context.GLOBAL_SCOPE)
    socket = Socket(owner, read_address(address), read_options(options))
    socket._open(lambda: _first(owner, socket))
    return socket


async def _first(owner: IoContext, socket: Socket) -> Connection:
    if owner.output is not None:
        await owner.output.passed()
    to = socket._address
    tls = socket._options.secure == "on"
    connection: Connection = await owner.worker.transport.connect(to.host, to.port, tls=tls)
    return connection


class Socket(JsProxy):
    """A connection to somewhere, as two streams of bytes. It ends with its event."""

    def __init__(self, home: IoContext, address: Address, options: Options) -> None:
        self._home, self._address, self._options = home, address, options
        self._connection: Connection | None = None
        self._opened, self._closed = pending(), pending()
        self._upgraded = self._is_closing = self._is_over = False
        self._read_failure: BaseException | None = None
        self._readable = stream_of(self._pieces())
        self._writable, self._queue = writable_of(
            self._write_out, self._end_writing, options.high_water_mark
        )

    @classmethod
    def _construct(cls, *_: Any) -> Socket:
        raise type_error("Illegal constructor")

    @property
    def readable(self) -> Any:
        check(self._home, SOCKET)
        return self._readable

    @property
    def writable(self) -> WritableStream:
        check(self._home, SOCKET)
        return self._writable

    @property
    def opened(self) -> JsPromise:
        return JsPromise(self._opened)

    @property
    def closed(self) -> JsPromise:
        return JsPromise(self._closed)

    @property
    def upgraded(self) -> bool:
        return self._upgraded

    @property
    def secureTransport(self) -> str:
        return self._options.secure

    def close(self) -> PyodideFuture:
        check(self._home, SOCKET)
        if not self._is_closing:
            self._is_closing = True
            if not self._readable.locked:
                readable.fail(self._readable, type_error(_CLOSING))
            if not self._writable.locked:
                text = "This WritableStream belongs to an object that is closing."
                self._queue._refusal = type_error(text)
            unwatched(spawn(self._close()))
        done = pending()
        self._closed.add_done_callback(lambda _: resolve(done))
        return done

    def startTls(self, options: Any = None) -> Socket:
        check(self._home, SOCKET)
        if self._options.secure == "on":
            raise type_error("Cannot startTls on a TLS socket.")
        if self._is_over:
            raise type_error(_TOO_LATE)
        if self._options.secure != "starttls":
            raise type_error(_NO_OPTION)
        self._is_over = True
        expected = member(options, "expectedServerHostname")
        secure = Socket(self._home, self._address, self._options._replace(secure="on"))
        if self._readable.locked or self._writable.locked:
            log.warn(_LOCKED)
            secure._open(pending)
        else:
            host = to_string(expected) if expected is not None else self._address.host
            secure._open(lambda: self._secured(host))
        return secure

    # Its beginning.

    def _open(self, opening: Callable[[], Awaitable[Connection]]) -> None:
        self._home.own(self, self._abandon)
        unwatched(spawn(self._begin(opening)))

    async def _begin(self, opening: Callable[[], Awaitable[Connection]]) -> None:
        try:
            with context.io_pending():
                self._connection = await opening()
        except JsException as exc:
            self._read_failure = exc
            self._fail(exc, exc)
        except OSError:
            text = _FAILED + (_HTTP if self._address.port in (80, 443) else "")
            self._fail(error(text), error(f"jsg.Error: {text}"))
        except Exception as exc:  # ours: say so, instead of a socket that never opens
            self._home.report(exc, "connect")
            self._fail(error("internal error"), error("internal error"))
        else:
            resolve(self._opened, JsObject({"remoteAddress": self._address.text}))

    def _fail(self, exc: BaseException, of_writes: BaseException) -> None:
        self._home.disown(self)
        self._is_over = True
        reject(self._opened, exc)
        reject(self._closed, exc)
        self._queue._fail(of_writes)

    async def _connected(self) -> Connection | None:
        """The connection; None: it could not be made."""
        if not self._opened.done():
            with context.io_pending():
                await asyncio.wait([self._opened])
        return self._connection

    # Its streams.

    async def _pieces(self) -> AsyncIterator[bytes]:
        """What comes, for `readable`."""
        connection = await self._connected()
        if connection is None:
            if self._read_failure is not None:
                raise self._read_failure
            return
        check(self._home, SOCKET)
        try:
            while data := await connection.read():
                yield data
        except OSError:
            resolve(self._closed)
            raise error("Network connection lost.") from None
        if not self._options.allow_half_open:
            await self._end_both()

    async def _end_both(self) -> None:
        """The peer has said all: so have we, unless half open was asked for."""
        if self._queue._state == "writable" and not self._queue._closing:
            unwatched(self._queue._finish())
            await self._queue._emptied()
        resolve(self._closed)

    async def _write_out(self, data: bytes) -> None:
        connection = await self._connected()
        check(self._home, SOCKET)
        if connection is None:
            assert self._queue._reason is not None
            raise self._queue._reason
        try:
            with context.io_pending():
                await connection.write(data)
        except OSError:
            raise error("Network connection lost.") from None

    async def _end_writing(self) -> None:
        connection = await self._connected()
        if connection is not None:
            connection.end()

    # Its end.

    async def _close(self) -> None:
        await self._connected()
        await self._queue._emptied()
        readable.close(self._readable)
        self._readable._state, self._readable._error = "errored", type_error(_CLOSING)
        self._queue._shut()
        self._abandon()
        resolve(self._closed)

    async def _secured(self, host: str) -> Connection:
        """The same connection with TLS on it; this socket is of no use then."""
        connection = await self._connected()
        await self._queue._emptied()
        readable.close(self._readable)
        self._queue._shut()
        self._connection, self._upgraded = None, True
        self._home.disown(self)
        resolve(self._closed)
        if connection is None:
            raise type_error("The connection was closed before startTls completed.")
        await connection.start_tls(host)
        return connection

    def _abandon(self) -> None:
        """End the connection now: its event is over, or nothing is left to be sent."""
        self._home.disown(self)
        connection, self._connection, self._is_over = self._connection, None, True
        if connection is not None:
            connection.close()
