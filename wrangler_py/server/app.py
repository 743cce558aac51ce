"""The server: routes a request to the guard, our own endpoints, or the worker."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from aiohttp import hdrs, web

from ..context import is_cancelled, is_ctrl_c
from ..log import log
from . import error_page, handshake
from .admission import Refusal, Target
from .connection import Listener
from .http import Exchange
from .listening import bind, warn_about
from .local_endpoints import Guard, LocalEndpoints, local_request
from .renamed import renaming as renaming_of
from .traffic import Event, Side, Traffic
from .websocket import Socket

if TYPE_CHECKING:
    from ..context import IoContext
    from ..runtime.worker import Worker
    from ..web.response import Response
    from .error_page.request import Seen
    from .live_reload import LiveReload

__all__ = ["Host", "Server"]

BACKLOG = 2048
CLOSE_TIMEOUT = 2.0
"""Seconds that clients may take to answer our Close frames at shutdown."""
_COMPRESSION = "web_socket_compression"


class Host(Protocol):
    """What is served; a reload swaps it in one assignment."""

    @property
    def worker(self) -> Worker | None:
        """The current code; None before the first good load."""

    @property
    def error(self) -> BaseException | None:
        """Why the latest code did not load; None when it did."""

    @property
    def root(self) -> Path:
        """The project, whose files an error may show."""


class Server:
    """Listens for a host."""

    def __init__(
        self,
        host: Host,
        *,
        names: Iterable[str] = (),
        production: bool = False,
        renames: bool = False,
        live_reload: bool = False,
    ) -> None:
        """``names``: hosts that are this machine, besides the loopback ones.

        With ``production`` a failed handler is a bare 500. With ``renames`` the worker sees the
        host of its routes. With ``live_reload`` pages load themselves again.
        """
        self._live: LiveReload | None = None
        if live_reload:
            from .live_reload import LiveReload  # on wish

            self._live = LiveReload()
        self._renames = renames
        self._host = host
        self._production = production
        self.endpoints = LocalEndpoints(Guard.allowing(names))
        self._listener = Listener(self.serve, Exchange)
        self._runner = web.ServerRunner(self._listener)
        self._traffic: Traffic | None = None

    async def start(self, ip: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Listen, by https with ``tls``; returns the port.

        Raises:
            PortInUse: somebody else listens there.
            UsageError: ``ip`` is no address of this machine.
        """
        warn_about(ip)
        await self._runner.setup()
        sockets = bind(ip, port)
        for bound in sockets:
            site = web.SockSite(self._runner, bound, backlog=BACKLOG, ssl_context=tls)
            await site.start()
        return int(sockets[0].getsockname()[1])

    def watch(self, watcher: Callable[[Event], None]) -> None:
        """Tell ``watcher`` what passes between clients and the worker, in requests from now on."""
        self._traffic = self._traffic or Traffic()
        self._traffic.add(watcher)

    @property
    def is_listening(self) -> bool:
        """Whether clients can connect."""
        return bool(self._runner.sites)

    @property
    def open_sockets(self) -> int:
        """How many WebSockets are open."""
        return len(self._listener.sockets)

    @property
    def sockets(self) -> list[Socket]:
        """The open WebSockets, the oldest first."""
        return sorted(self._listener.sockets, key=lambda each: each.life.number if each.life else 0)

    def close_sockets(self, worker: Worker, code: int, reason: str) -> int:
        """Close the WebSockets that ``worker``'s code accepted; returns how many there were.

        Hibernatable ones stay open, and so do those that only pass through.
        """
        owned = [each for each in self._listener.sockets if each.belongs_to(worker)]
        for each in owned:
            each.close(code, reason, Side.TOOL)
        return len(owned)

    def close_sockets_of(self, owner: IoContext, code: int, reason: str) -> None:
        """Close the WebSockets that one event of a worker accepted, but for hibernatable ones."""
        for each in list(self._listener.sockets):
            if each.is_owned_by(owner):
                each.close(code, reason, Side.TOOL)

    async def close_all(self, code: int = 1001, reason: str = "") -> None:
        """Close every WebSocket; those whose clients do not answer in time are cut."""
        sockets = self._listener.sockets
        for each in (*sockets, *self._listener.own_sockets):
            each.close(code, reason, Side.TOOL)
        await self._listener.wait_until_empty(CLOSE_TIMEOUT)
        for each in list(sockets):
            each.kill()

    async def close(self) -> None:
        """Stop listening, close WebSockets with 1001, end what is left."""
        for site in list(self._runner.sites):
            await site.stop()
        await self.close_all()
        self._listener.pre_shutdown()  # idle connections end at once, the others after an answer
        await self._listener.shutdown(CLOSE_TIMEOUT / 2)
        await self._runner.cleanup()

    async def serve(self, exchange: Exchange) -> Exchange:
        """Answer one request. The only frame of the server's above the worker's."""
        target = exchange.admit()
        if target is None:
            return exchange
        if self.endpoints.covers(target.path) and await self._answer_locally(exchange, target):
            return exchange
        if self._live is not None and self._live.is_asked(exchange.message, target):
            self._live.answer(exchange)
            return exchange
        if self._traffic is not None:
            exchange.watch(self._traffic, target)
        worker = self._host.worker
        if worker is None:
            self._show_load_error(exchange, target)
            return exchange
        owner = worker.new_context(target.path)
        try:
            renaming = self._renames and renaming_of(target, worker.config.dev)
            response = await worker.answer(exchange.request(target, renaming or None), owner)
        except BaseException as exc:
            self._failed(exchange, target, owner, exc)
        else:
            if owner.trace is not None:
                owner.trace.answered(response._status)
            await self._respond(exchange, target, owner, response)
        finally:
            owner.answered()
        return exchange

    async def _respond(
        self, exchange: Exchange, target: Target, owner: IoContext, response: Response
    ) -> None:
        """Send what the worker answered."""
        try:
            if response._web_socket is not None:
                self._upgrade(exchange, owner, response)
            else:
                await exchange.respond(response, owner, self._tail(exchange))
        except ConnectionError:
            log.debug(f"the client of {target.path} went away")
        except Exception as exc:
            owner.report(exc, "fetch", f"{exchange.message.method} {target.path}")
            if not exchange.started:
                # Found only when the answer was sent: production says no more than this.
                exchange.fail(error_page.production_failure())

    def _upgrade(self, exchange: Exchange, owner: IoContext, response: Response) -> None:
        """A WebSocket for a client that asked for one, properly."""
        message = exchange.message
        handshake.check_asked(message)
        refusal = handshake.judge(message, has_body=exchange.has_body)
        if refusal is not None:
            wrong_version = refusal is handshake.WRONG_VERSION
            extra = (("Sec-WebSocket-Version", "13"),) if wrong_version else ()
            exchange.refuse(refusal, extra)
            return
        pairs = exchange.outward([] if response._headers is None else response._headers._pairs)
        compresses = owner.compat.has(_COMPRESSION)
        agreement = handshake.agree(message, pairs) if compresses else None
        key = message.headers[hdrs.SEC_WEBSOCKET_KEY]
        exchange.upgrade(
            response._web_socket, handshake.switching_head(key, pairs, agreement), agreement
        )

    async def _answer_locally(self, exchange: Exchange, target: Target) -> bool:
        """Guard /cdn-cgi/, and answer what is ours; returns whether it was."""
        message = exchange.message
        reply = self.endpoints.refuse(message.headers)
        if reply is not None:
            exchange.refuse(Refusal(403, reply.body.decode()))  # type: ignore[arg-type]
            return True
        request = local_request(message.method, target.path, message.headers, exchange.read)
        reply = await self.endpoints.answer(request)
        if reply is not None:
            exchange.reply(reply)
        return reply is not None

    # Failures.

    def _failed(
        self, exchange: Exchange, target: Target, owner: IoContext, exc: BaseException
    ) -> None:
        """The handler raised: the terminal and, if it is the developer, the client see it."""
        if is_ctrl_c(exc) or (isinstance(exc, asyncio.CancelledError) and is_cancelled()):
            raise exc
        owner.report(exc, "fetch", f"{exchange.message.method} {target.path}")
        self._show(exchange, target, exc, owner.worker)

    def _show_load_error(self, exchange: Exchange, target: Target) -> None:
        exc = self._host.error
        if exc is None:
            exchange.refuse(Refusal(503, "The worker is not loaded yet."))  # type: ignore[arg-type]
        else:
            self._show(exchange, target, exc, None)

    def _show(
        self, exchange: Exchange, target: Target, exc: BaseException, worker: Worker | None
    ) -> None:
        """Answer with ``exc``, of ``worker``'s code; None: code that did not load."""
        headers = exchange.message.headers
        if self._production or not self.endpoints.guard.allows_host(headers):
            exchange.fail(error_page.production_failure())
            return
        seen = None
        if error_page.wants_html(headers.get(hdrs.ACCEPT, "")):
            seen = _seen(exchange, target, worker)
        reply = error_page.failure(exc, self._host.root, seen)
        exchange.fail(reply if self._live is None else self._live.added_to(reply))

    def reload_pages(self) -> None:
        """New code serves: pages that were made with ``live_reload`` load themselves again."""
        if self._live is not None:
            self._live.reload()

    def _tail(self, exchange: Exchange) -> bytes:
        """What goes behind a page."""
        banner = b"" if self._host.error is None else self._banner(exchange)
        if self._live is None:
            return banner
        from .live_reload import SCRIPT  # loaded, as there is one

        return banner + SCRIPT

    def _banner(self, exchange: Exchange) -> bytes:
        """What a page of the last good code gets behind it."""
        headers = exchange.message.headers
        exc = self._host.error
        if exc is None or self._production or not self.endpoints.guard.allows_host(headers):
            return b""
        if not error_page.wants_html(headers.get(hdrs.ACCEPT, "")):
            return b""
        return error_page.banner(exc, self._host.root)


def _seen(exchange: Exchange, target: Target, worker: Worker | None) -> Seen:
    """What the page of a failure says about the request."""
    from .error_page.request import Seen  # as the page itself: only when something failed

    message = exchange.message
    served_by = "The code did not load, and no version before it did."
    if worker is not None:
        loaded = time.strftime("%H:%M:%S", time.localtime(worker.loaded_at))
        served_by = f"Answered by version {worker.version}, loaded {loaded}"
    return Seen(message.method, target.url, tuple(message.headers.items()), served_by)
