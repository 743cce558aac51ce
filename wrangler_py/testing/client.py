"""The client of a worker under test: requests by path, answers that have been read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp

from .websocket import PATIENCE, WebSocketClient, connect, tell_refusal

if TYPE_CHECKING:
    from aiohttp.client import _RequestContextManager, _WSRequestContextManager

__all__ = ["Client"]

_NO_ANSWER = "the Worker has not answered {0} {1} in {2:g} s"


class Client:
    """Talks to the worker over its port, as a browser does."""

    url = ""
    """`http://127.0.0.1:PORT`"""
    _session: aiohttp.ClientSession

    async def fetch(
        self,
        path: str = "/",
        *,
        method: str | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        json: Any = None,
        params: Mapping[str, str] | None = None,
        redirect: str = "follow",
        timeout: float | None = PATIENCE,
        **options: Any,
    ) -> aiohttp.ClientResponse:
        """The Worker's answer, with its body, whatever the status.

        Args:
            method: None: GET, or POST for a request with a body.
            body: text, bytes, an aiohttp.FormData, or a dict of form fields.
            json: instead of ``body``: sent as JSON.
            redirect: `"follow"` or `"manual"`.
            timeout: seconds; None: as long as it takes.
            options: what else `aiohttp.ClientSession.request` takes.

        Raises:
            TimeoutError: there was no answer in time.
        """
        has_body = body is not None or json is not None
        method = method or ("POST" if has_body else "GET")
        follows = {"follow": True, "manual": False}[redirect]
        try:
            async with asyncio.timeout(timeout):
                response = await self._session.request(
                    method, path, headers=headers, data=body, json=json, params=params,
                    allow_redirects=follows, **options,
                )  # fmt: skip
                await response.read()
        except TimeoutError:
            raise TimeoutError(_NO_ANSWER.format(method, path, timeout)) from None
        return response

    @asynccontextmanager
    async def ws(
        self,
        path: str = "/",
        *,
        protocols: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
        timeout: float | None = PATIENCE,
        **options: Any,
    ) -> AsyncIterator[WebSocketClient]:
        """An open WebSocket, which is closed with 1000 at the end of the block.

        Args:
            timeout: seconds, for the handshake and for each wait on the socket.
            options: what else `aiohttp.ClientSession.ws_connect` takes.

        Raises:
            UpgradeRefused: the Worker answered with something else than a 101.
        """
        settings: dict[str, Any] = {"protocols": protocols, "headers": headers, **options}
        async with await connect(self._session, path, timeout=timeout, **settings) as socket:
            yield socket

    # aiohttp's own client: bodies that are streamed, files, cookies.

    @property
    def session(self) -> aiohttp.ClientSession:
        """The client; its `cookie_jar` and its `headers` last as long as the worker."""
        return self._session

    def request(self, method: str, path: str = "/", **options: Any) -> _RequestContextManager:
        return self._session.request(method, path, **options)

    def get(self, path: str = "/", **options: Any) -> _RequestContextManager:
        return self._session.get(path, **options)

    def post(self, path: str = "/", **options: Any) -> _RequestContextManager:
        return self._session.post(path, **options)

    def put(self, path: str = "/", **options: Any) -> _RequestContextManager:
        return self._session.put(path, **options)

    def patch(self, path: str = "/", **options: Any) -> _RequestContextManager:
        return self._session.patch(path, **options)

    def delete(self, path: str = "/", **options: Any) -> _RequestContextManager:
        return self._session.delete(path, **options)

    def ws_connect(self, path: str = "/", **options: Any) -> _WSRequestContextManager:
        """Open a WebSocket. Raises: aiohttp.WSServerHandshakeError when the answer is no 101."""
        return self._session.ws_connect(path, **options)

    def _open(self, url: str) -> None:
        self.url = url
        # An address is no name, and has cookies all the same.
        jar = aiohttp.CookieJar(unsafe=True)
        self._session = aiohttp.ClientSession(url, cookie_jar=jar, middlewares=(tell_refusal,))
