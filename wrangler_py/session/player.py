"""Plays the clients' side of a session, and compares the server's.

The file's order is the order in which the server met the events, so what a client had seen before
it acted stands above the act. One pass through the file keeps all of it: an act is done when
everything above it has come.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from time import monotonic
from typing import Any

import aiohttp
from yarl import URL

from ..errors import NotReady, UsageError
from ..server.traffic import Answered, Asked, Closed, Ended, Event, Lost, Message, Piece, Side
from ..server.trust import trusted_at
from .client import Client
from .file import Session, read, write
from .lines import Entry
from .report import Report
from .talk import Play, Talk

__all__ = ["TIMEOUT", "replay"]

TIMEOUT = 5.0
"""Seconds that an answer may take, beyond what it took then."""
_GAP = 0.02
"""Seconds that are kept between requests that overtake each other, at most."""
_AFTERWARDS = 0.1
"""Seconds in which something that nobody expects may come at the end."""
_SCHEMES = {"ws": "http", "wss": "https", "http": "http", "https": "https"}


async def replay(
    session: str | os.PathLike[str] | Session,
    url: str,
    *,
    timeout: float = TIMEOUT,
    real_speed: bool = False,
    update: bool = False,
) -> Report:
    """Play ``session`` to the server at ``url``.

    ``real_speed`` keeps the clients' pauses; ``update`` writes what the server says now into the
    session's file, where it differs.

    Raises:
        UsageError: there is no such session, or no such address.
        NotReady: nobody listens there.
    """
    played = session if isinstance(session, Session) else read(session)
    origin = _origin(url)
    await _check_listening(origin)
    connector = aiohttp.TCPConnector(limit=0, force_close=True, ssl=trusted_at(str(origin)))
    async with aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(),
    ) as http:
        player = _Player(played, origin, http, timeout, real_speed=real_speed)
        report, entries = await player.play()
    if update and report.differences:
        report.updated = sum(entry.raw is None for entry in entries)
        write(played, entries)
    return report


def _origin(url: str) -> URL:
    try:
        given = URL(url)
        scheme = _SCHEMES[given.scheme]
    except (KeyError, ValueError):
        given, scheme = URL(), ""
    if not given.host or given.path not in ("", "/"):
        hint = "for example --against https://my-worker.example.workers.dev"
        raise UsageError(f"{url} is no server's address", where="--against", hint=hint)
    return given.origin().with_scheme(scheme)


async def _check_listening(origin: URL) -> None:
    """Say so once, and not for each request."""
    try:
        _, writer = await asyncio.open_connection(origin.host, origin.port)
    except OSError as error:
        raise NotReady(f"nobody answers at {origin}: {error.strerror or error}") from None
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


class _Player:
    """One pass through a session."""

    def __init__(
        self,
        session: Session,
        origin: URL,
        http: aiohttp.ClientSession,
        timeout: float,
        *,
        real_speed: bool,
    ) -> None:
        self._session = session
        self._origin = str(origin).rstrip("/")
        self._http = http
        self._real_speed = real_speed
        self._report = Report(session.path, cut=session.cut)
        self._play = Play(self._report, session.rules, timeout)
        self._talks: dict[int, Talk] = {}
        self._bodies = _bodies(session.entries)
        self._sockets = {e.event.id for e in session.entries if _is_101(e.event)}
        self._last: Talk | None = None
        """Whose client acted right before, if nothing came in between."""
        for event in (entry.event for entry in session.entries):
            if isinstance(event, Asked):
                self._add_host(event, origin)

    def _add_host(self, event: Asked, origin: URL) -> None:
        host = next((value for name, value in event.headers if name.lower() == "host"), "")
        if host:
            now = origin.raw_authority
            secure = "s" if origin.scheme == "https" else ""
            for scheme in ("http", "ws"):
                self._play.swaps.add(f"{scheme}://{host}", f"{scheme}{secure}://{now}")
            self._play.swaps.add(host, now)

    async def play(self) -> tuple[Report, list[Entry]]:
        """The report, and what the file's entries would be for it."""
        started = self._play.acted_at = monotonic()
        entries: list[Entry] = []
        try:
            following = _following(self._session.entries)
            for entry, next_event in zip(self._session.entries, following, strict=True):
                if entry.event.by is Side.CLIENT:
                    await self._act(entry, started)
                    entries.append(entry)
                else:
                    self._last = None
                    said = await self._talks[entry.event.id].expect(entry, next_event)
                    if said and isinstance(said[0].event, Piece) and said[0].raw is None:
                        entries = [e for e in entries if not _is_piece(e.event, entry.event.id)]
                    entries += said
            entries += await self._finish()
        finally:
            for talk in self._talks.values():
                await talk.client.leave()
        self._report.seconds = monotonic() - started
        return self._report, entries

    async def _act(self, entry: Entry, started: float) -> None:
        """What a client did."""
        event = entry.event
        if isinstance(event, Piece | Ended):
            return  # sent with the request
        if self._real_speed:
            await asyncio.sleep(max(0.0, event.at - (monotonic() - started)))
        talk = self._talks.get(event.id)
        if self._last not in (None, talk):
            assert self._last is not None
            await self._last.client.reached(min(_GAP, max(0.0, event.at - self._play.acted_t)))
        self._play.acted_t, self._play.acted_at = event.at, monotonic()
        if isinstance(event, Asked):
            talk = self._talks[event.id] = self._ask(event)
        assert talk is not None
        if isinstance(event, Message):
            self._report.sent += 1
            await talk.client.send(self._now(event.data))
        elif isinstance(event, Closed):
            await talk.client.close(event.code, self._play.swaps.now(event.reason))
        elif isinstance(event, Lost):
            talk.left()
            await talk.client.leave()
        self._last = talk

    def _ask(self, event: Asked) -> Talk:
        now = self._play.swaps.now
        headers = tuple((name, now(value)) for name, value in event.headers)
        url: Any = URL(f"{self._origin}{now(_relative(event.path))}", encoded=True)
        client = Client(self._http, event.id)
        is_socket = event.id in self._sockets
        if is_socket:
            self._report.sockets += 1
            client.ask_for_socket(url, headers)
        else:
            self._report.requests += 1
            body = self._play.swaps.now_data(self._bodies.get(event.id, b""))
            client.ask(event.method, url, headers, body)
        return Talk(self._play, client, event, is_socket=is_socket)

    async def _finish(self) -> list[Entry]:
        """Let come what still comes: what answers the last acts, and a moment more."""
        if self._session.cut:
            return []  # what came then is not known
        talks = [talk for talk in self._talks.values() if not talk.muted]
        await asyncio.gather(*(talk.client.reached(_AFTERWARDS) for talk in talks))
        if any(talk.client.is_socket for talk in talks):
            await asyncio.sleep(_AFTERWARDS)
        line = self._session.entries[-1].line if self._session.entries else 1
        return [entry for talk in talks for entry in talk.finish(line)]

    def _now(self, data: str | bytes) -> str | bytes:
        return self._play.swaps.now(data) if isinstance(data, str) else data


def _relative(path: str) -> str:
    """A proxy's client asks for a whole URL."""
    return path if path.startswith("/") else URL(path, encoded=True).raw_path_qs


def _is_101(event: Event) -> bool:
    return isinstance(event, Answered) and event.status == 101


def _is_piece(event: Event, number: int) -> bool:
    return isinstance(event, Piece) and event.id == number and event.by is Side.WORKER


def _bodies(entries: tuple[Entry, ...]) -> dict[int, bytes]:
    """What each request's client sent."""
    found: dict[int, bytes] = {}
    for event in (entry.event for entry in entries):
        if isinstance(event, Asked):
            found[event.id] = event.body or b""
        elif isinstance(event, Piece) and event.by is Side.CLIENT:
            found[event.id] += event.data
    return found


def _following(entries: tuple[Entry, ...]) -> list[Event | None]:
    """For each entry the next one of its conversation, if the server said it."""
    found: list[Event | None] = []
    after: dict[int, Event] = {}
    for event in (entry.event for entry in reversed(entries)):
        next_event = after.get(event.id)
        found.append(None if next_event is None or next_event.by is Side.CLIENT else next_event)
        after[event.id] = event
    return found[::-1]
