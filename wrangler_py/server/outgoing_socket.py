"""Connections to the outside world, for `connect()` of `cloudflare:sockets`."""

from __future__ import annotations

import asyncio
import ssl

from ..log import log
from .outgoing import internal_error
from .trust import client_context

__all__ = ["NetworkConnection", "open_connection"]

_CONNECT_TIMEOUT = 30.0
_LIMIT = 64 * 1024
"""Bytes that wait for a script before the peer is held back; asyncio lets twice as many come."""


class NetworkConnection:
    """A `web.transport.Connection` of asyncio's."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def read(self) -> bytes:
        return await self._reader.read(_LIMIT)

    async def write(self, data: bytes) -> None:
        if self._writer.is_closing():
            raise ConnectionResetError("the connection is closed")
        self._writer.write(data)
        await self._writer.drain()

    def end(self) -> None:
        if self._writer.can_write_eof() and not self._writer.is_closing():
            self._writer.write_eof()

    async def start_tls(self, host: str) -> None:
        if self._reader._buffer:  # type: ignore[attr-defined]
            # Sent before TLS began, by whomever: nothing of it may pass for what comes after.
            self._writer.transport.abort()
            raise internal_error(f"connect: {host} sent data where TLS was to begin")
        try:
            await self._writer.start_tls(client_context(), server_hostname=host)
        except OSError as exc:
            self._writer.transport.abort()
            raise internal_error(f"connect: TLS failed for {host}: {exc}") from None

    def close(self) -> None:
        self._writer.close()


async def open_connection(host: str, port: int, *, tls: bool) -> NetworkConnection:
    """Connect, with TLS or without.

    Raises: OSError; a TimeoutError is one.
    """
    context: ssl.SSLContext | None = client_context() if tls else None
    try:
        async with asyncio.timeout(_CONNECT_TIMEOUT):
            # Not with happy eyeballs: uvloop has none.
            reader, writer = await asyncio.open_connection(host, port, ssl=context, limit=_LIMIT)
    except (OSError, UnicodeError) as exc:
        log.warn(f"connect: {host}:{port} cannot be reached: {exc}")
        raise exc if isinstance(exc, OSError) else OSError(str(exc)) from exc
    return NetworkConnection(reader, writer)
