"""The network as a transport: what a worker's `fetch()` reaches through aiohttp's client.

One pool of connections for each worker. Nothing of the environment takes part: no proxies, no
netrc, no cookie jar; redirects and aborting are `web.fetch`'s.

Implements: https://developers.cloudflare.com/workers/runtime-apis/fetch/
"""

from __future__ import annotations

import secrets
import socket
import ssl
from collections.abc import AsyncIterator

import aiohttp
from yarl import URL

from .. import context
from ..js.errors import JsException, error, type_error
from ..log import log
from ..web.body import body_bytes, body_chunks, is_null
from ..web.request import Request
from ..web.response import NULL_BODY_STATUS, Response, fetched
from ..web.transport import Connection
from .content_encoding import ACCEPTED, Decoder, acceptable, decoder_for
from .trust import client_context, has_extra

__all__ = ["Network", "as_js_error", "end_to_end", "header_pairs", "internal_error", "received"]

_CONNECT_TIMEOUT = 30.0
_KEEPALIVE = 15.0
_MAX_HEADER_LINE = 128 * 1024
_MAX_HEADERS = 1000
_LARGE = 512 * 1024
"""Bytes; a body above this is written in pieces."""

# What belongs to the connection, not to the request: a script's values are not sent.
_OURS = frozenset(
    "host connection keep-alive proxy-connection te trailer transfer-encoding upgrade "
    "content-length expect".split()
)
# aiohttp's own defaults; production sends none of them.
_NOT_ADDED = ("User-Agent", "Accept", "Content-Type", "Accept-Encoding")


class Network:
    """A `web.transport.Transport` to the outside world."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def fetch(self, request: Request) -> Response:
        """One request, one response; a redirect is a response, too."""
        if (request.headers._find("upgrade") or "").lower() == "websocket":
            from .outgoing_websocket import connect  # few workers connect out

            return await connect(self, request)
        upload = _Upload(request)
        try:
            response = await self.send(request._method, request._url, _pairs(request), upload)
        except (aiohttp.ClientError, OSError, ValueError) as exc:
            raise upload.failure or as_js_error(exc, request._url) from exc
        return received(response, request)

    async def send(
        self, method: str, url: str, headers: list[tuple[str, str]], upload: _Upload | None = None
    ) -> aiohttp.ClientResponse:
        """Send a request; the answer's head is there, its body is not."""
        data = None if upload is None else upload.data
        if upload is not None and upload.length is not None:
            headers.append(("Content-Length", str(upload.length)))
        return await self._open_session().request(
            method,
            _without_credentials(url),
            headers=headers,
            data=data,
            allow_redirects=False,
            read_until_eof=True,
        )

    def _open_session(self) -> aiohttp.ClientSession:
        session = self._session
        if session is None:
            session = self._session = aiohttp.ClientSession(
                # No limit: a worker that fetches itself would wait for its own connection.
                connector=aiohttp.TCPConnector(
                    limit=0,
                    keepalive_timeout=_KEEPALIVE,
                    ssl=client_context() if has_extra() else True,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_TIMEOUT),
                auto_decompress=False,
                trust_env=False,
                skip_auto_headers=_NOT_ADDED,
                max_line_size=_MAX_HEADER_LINE,
                max_field_size=_MAX_HEADER_LINE,
                max_headers=_MAX_HEADERS,
            )
        return session

    async def connect(self, host: str, port: int, *, tls: bool) -> Connection:
        """A connection to ``host``, for a script's socket."""
        from .outgoing_socket import open_connection  # few workers have any

        return await open_connection(host, port, tls=tls)

    async def close(self) -> None:
        """End every connection of the pool, and those in use."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()


def _without_credentials(url: str) -> URL:
    """The URL to ask for: user and password are not sent, as in production."""
    parsed = URL(url, encoded=True)
    return parsed.with_user(None) if parsed.raw_user or parsed.raw_password else parsed


def end_to_end(request: Request) -> list[tuple[str, str]]:
    """The script's headers, without those that are ours to write."""
    return [pair for pair in request.headers._pairs if pair[0].lower() not in _OURS]


def _pairs(request: Request) -> list[tuple[str, str]]:
    pairs = end_to_end(request)
    if request._cache is not None:
        for name in ("cache-control", "pragma"):
            if request.headers._find(name) is None:
                pairs.append((name, "no-cache"))
    wanted = request.headers._find("accept-encoding")
    if wanted is None:
        pairs.append(("accept-encoding", ACCEPTED))
    elif (accepted := acceptable(wanted)) != wanted:
        pairs = [pair for pair in pairs if pair[0].lower() != "accept-encoding"]
        pairs.append(("accept-encoding", accepted or "identity"))
    return pairs


class _Upload:
    """A request's body as aiohttp takes it."""

    def __init__(self, request: Request) -> None:
        self.failure: Exception | None = None
        """What the script's stream raised, if it was the stream that failed."""
        self.data: bytes | AsyncIterator[bytes] | None = None
        self.length: int | None = None
        """For a body that aiohttp cannot measure; None: chunked, or it can."""
        if is_null(request):
            return
        data = body_bytes(request)
        if data is None:
            self.data = self._read(request)
            self.length = _known_length(request)
        elif len(data) > _LARGE:
            self.data, self.length = _slices(data), len(data)
        else:
            self.data = data

    async def _read(self, request: Request) -> AsyncIterator[bytes]:
        chunks = body_chunks(request)
        try:
            async for chunk in chunks:
                if chunk:  # an empty one would end a chunked body
                    yield chunk
        except Exception as exc:
            self.failure = exc
            raise
        finally:
            await chunks.aclose()


def _known_length(request: Request) -> int | None:
    """How long a streamed body says that it will be (a FixedLengthStream); None: unknown."""
    length = getattr(request._stream, "_expected_length", None)
    return length if isinstance(length, int) else None


async def _slices(data: bytes) -> AsyncIterator[bytes]:
    view = memoryview(data)
    for start in range(0, len(data), _LARGE):
        yield bytes(view[start : start + _LARGE])


# --- the way back


def received(response: aiohttp.ClientResponse, request: Request) -> Response:
    """The Response for a script; its body is read from the network as the script reads it."""
    pairs = header_pairs(response)
    status = response.status
    if request._method == "HEAD" or status in NULL_BODY_STATUS:
        response.release()
        return fetched(status, response.reason or "", pairs)
    encoding = response.headers.get("Content-Encoding", "")
    manual = request._encode_response_body == "manual"
    body = ResponseBody(response, None if manual else decoder_for(encoding))
    return fetched(status, response.reason or "", pairs, body)


def header_pairs(response: aiohttp.ClientResponse) -> list[tuple[str, str]]:
    """The response's headers as they came, repeated ones apart."""
    return [
        (name.decode("utf-8", "replace"), value.decode("utf-8", "replace"))
        for name, value in response.raw_headers
    ]


class ResponseBody:
    """The body of a response, read when it is asked for.

    The context of the fetch owns the connection until then; so does this object: whoever
    drops it unread closes the connection.
    """

    def __init__(self, response: aiohttp.ClientResponse, decoder: Decoder | None) -> None:
        self._response: aiohttp.ClientResponse | None = response
        self._decoder = decoder
        self._owner = context.current()
        if self._owner is not None:
            self._owner.own(response, response.close)

    def __aiter__(self) -> ResponseBody:
        return self

    async def __anext__(self) -> bytes:
        while (response := self._response) is not None:
            decoder = self._decoder
            if decoder is not None and (chunk := _decode(self, decoder)):
                return chunk
            try:
                with context.io_pending():
                    data = await response.content.readany()
            except (aiohttp.ClientError, OSError) as exc:
                self.close()
                raise connection_lost() from exc
            if data:
                chunk = data if decoder is None else _decode(self, decoder, data)
            else:
                chunk = b"" if decoder is None else _finish(self, decoder)
                self._forget()
            if chunk:
                return chunk
        raise StopAsyncIteration

    async def aclose(self) -> None:
        self.close()

    def close(self) -> None:
        """Give the rest up: the connection is of no use any more, unless all has come."""
        response = self._forget()
        if response is not None:
            response.close()

    def _forget(self) -> aiohttp.ClientResponse | None:
        response, self._response = self._response, None
        if response is not None and self._owner is not None:
            self._owner.disown(response)
        return response

    def __del__(self) -> None:
        self.close()


def _decode(body: ResponseBody, decoder: Decoder, data: bytes | None = None) -> bytes:
    """The next piece; with ``data`` taken in, if there is any."""
    try:
        return decoder.more() if data is None else decoder.decode(data)
    except ValueError as exc:
        body.close()
        raise type_error("Decompression failed.") from exc


def _finish(body: ResponseBody, decoder: Decoder) -> bytes:
    if not decoder.finished:
        raise type_error("Decompression failed: the compressed data ends early.")
    return b""


# --- what can go wrong


def connection_lost() -> JsException:
    """Refused, reset, or ended before all of it came."""
    exc = error("Network connection lost.")
    exc.retryable = True  # type: ignore[attr-defined]
    return exc


def as_js_error(exc: BaseException, url: str) -> JsException:
    """What a script catches for a failure of the network.

    Production hides what it takes for a failure of its own (a name that does not resolve, a
    certificate that is not trusted): the terminal tells.
    """
    if isinstance(exc, aiohttp.ClientConnectorDNSError):
        return internal_error(f"fetch: DNS lookup failed for {url}: {_reason(exc)}")
    if isinstance(exc, (aiohttp.ClientSSLError, ssl.SSLError)):
        return internal_error(f"fetch: TLS failed for {url}: {exc}")
    if isinstance(exc, (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, OSError)):
        return connection_lost()
    return internal_error(f"fetch: {url} did not answer with valid HTTP: {exc}")


def _reason(exc: aiohttp.ClientConnectorError) -> str:
    cause = exc.os_error
    return cause.strerror or str(cause) if isinstance(cause, socket.gaierror) else str(cause)


_ALPHABET = "0123456789abcdefghijklmnopqrstuv"


def internal_error(description: str) -> JsException:
    reference = "".join(secrets.choice(_ALPHABET) for _ in range(24))
    log.warn(f"{description} (a script sees: internal error; reference = {reference})")
    return error(f"internal error; reference = {reference}")
