"""The client's side of a check: ask, and compare what comes with what is expected."""

from __future__ import annotations

import asyncio
import codecs
import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import aiohttp

from ..errors import NotReady
from ..server.trust import trusted_at
from .checks import SWITCHING, Check
from .matching import holds, is_json

__all__ = ["Client", "Outcome"]

_RETRY = 0.05
"""Seconds between two attempts to connect to a server that is starting."""
_SHOWN = 200
"""How much of an answer is quoted."""
_ENDLESS = "text/event-stream"
_JSON, _TEXT = "application/json", "text/plain; charset=utf-8"


@dataclass(slots=True)
class Outcome:
    """What came of a check."""

    check: Check
    status: int | None = None
    ms: float = 0
    problems: list[str] = field(default_factory=list)
    """What was expected and what came, a line each."""
    answer: str | None = None
    """What a wrong status came with."""
    came: list[str] = field(default_factory=list)
    """Pieces of the body, or messages that were not the ones expected."""
    awaited: str | None = None
    """What a message was waited for."""


class Client:
    """Talks to one server."""

    def __init__(self, url: str, timeout: float, certificate: Path | None = None) -> None:
        """``timeout``: the seconds that a check may take; ``certificate``: the server's own."""
        self._certificate = certificate
        self._url = url.rstrip("/")
        self._timeout = timeout
        self._session: aiohttp.ClientSession

    async def __aenter__(self) -> Client:
        # Each check stands alone: no cookies of the one before it.
        self._session = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(),
            connector=aiohttp.TCPConnector(ssl=trusted_at(self._url, self._certificate)),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._session.close()

    async def wait_until_there(self) -> None:
        """Wait for somebody to listen.

        Raises:
            NotReady: nobody does, in time.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(self._timeout):
                while not await self._is_there():  # noqa: ASYNC110 - it can only be tried
                    await asyncio.sleep(_RETRY)
                return
        raise NotReady(f"nobody answers at {self._url} within {self._timeout:g} s", where="--url")

    async def _is_there(self) -> bool:
        try:
            async with self._session.get(self._url, allow_redirects=False):
                return True
        except aiohttp.ClientConnectionError:
            return False

    async def attempt(self, check: Check) -> Outcome:
        """Do what ``check`` says."""
        outcome = Outcome(check)
        started = time.perf_counter()
        attempt = self._talk if check.is_socket else self._ask
        try:
            async with asyncio.timeout(self._timeout):
                await attempt(outcome)
        except TimeoutError:
            outcome.problems.append(self._late(outcome))
        except aiohttp.ClientError as error:
            outcome.problems.append(f"the connection failed: {error}")
        outcome.ms = (time.perf_counter() - started) * 1000
        return outcome

    def _late(self, outcome: Outcome) -> str:
        if outcome.awaited is not None:
            return _unheard(outcome, f"none came within {self._timeout:g} s")
        if outcome.status is None:
            return f"expected an answer within {self._timeout:g} s"
        return f"expected the end of the answer within {self._timeout:g} s"

    async def _ask(self, outcome: Outcome) -> None:
        check = outcome.check
        async with self._session.request(
            check.method,
            self._url + check.path,
            headers=_headers(check),
            data=check.data,
            allow_redirects=False,
        ) as response:
            outcome.status = response.status
            missing = await _read(response, outcome)
        body = _quoted("".join(outcome.came))
        if problem := check.status_problem(response.status):
            # What else is missing follows from it.
            outcome.problems.append(problem)
            outcome.answer = body
            return
        outcome.problems += _missing_headers(response, check)
        for text in missing:
            outcome.problems.append(f"expected {_quoted(text)} in the answer, got {body}")

    async def _talk(self, outcome: Outcome) -> None:
        check = outcome.check
        try:
            socket = await self._session.ws_connect(
                self._url + check.path,
                headers=_headers(check),
                max_msg_size=0,
                timeout=aiohttp.ClientWSTimeout(ws_close=self._timeout),
            )
        except aiohttp.WSServerHandshakeError as refused:
            outcome.status = refused.status
        else:
            outcome.status = SWITCHING
            async with socket:
                await _converse(socket, outcome)
        if problem := check.status_problem(outcome.status):
            outcome.problems.append(problem)


async def _read(response: aiohttp.ClientResponse, outcome: Outcome) -> list[str]:
    """Read the body, of an endless one as much as it takes; what it does not hold."""
    missing = list(outcome.check.contains)
    decode = codecs.getincrementaldecoder(response.charset or "utf-8")("replace").decode
    is_endless = response.content_type == _ENDLESS
    while missing or not is_endless:
        piece = await response.content.readany()
        outcome.came.append(decode(piece, not piece))
        if is_endless or not piece:
            body = "".join(outcome.came)
            missing = [text for text in missing if not holds(text, body)]
        if not piece:
            break
    return missing


def _missing_headers(response: aiohttp.ClientResponse, check: Check) -> Iterator[str]:
    for name, part in check.expected_headers:
        value = ", ".join(response.headers.getall(name, ()))
        if not value or part.lower() not in value.lower():
            got = _quoted(value) if value else "no such header"
            yield f"expected the header {name} with {_quoted(part)}, got {got}"


async def _converse(socket: aiohttp.ClientWebSocketResponse, outcome: Outcome) -> None:
    """Take the steps one after the other, up to the first that fails."""
    for step in outcome.check.steps:
        if step.kind == "send":
            await socket.send_str(step.text)
            continue
        outcome.awaited = step.text
        if not await _hear(socket, step.text, outcome):
            outcome.problems.append(_unheard(outcome, f"it was closed with {socket.close_code}"))
            return
        outcome.awaited = None
        outcome.came.clear()


async def _hear(socket: aiohttp.ClientWebSocketResponse, text: str, outcome: Outcome) -> bool:
    """Wait for a message that holds ``text``; others may come before. False: none will come."""
    async for message in socket:
        binary = isinstance(message.data, bytes)
        heard = message.data.decode(errors="replace") if binary else str(message.data)
        if holds(text, heard):
            return True
        outcome.came.append(heard)
    return False


def _unheard(outcome: Outcome, why: str) -> str:
    came = ", ".join(map(_quoted, outcome.came))
    after = f"; what came: {came}" if came else ""
    return f"expected a message with {_quoted(outcome.awaited or '')}, but {why}{after}"


def _headers(check: Check) -> list[tuple[str, str]]:
    """What the check says, and the type of a body that says none."""
    headers = list(check.headers)
    if check.data is not None and not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", _JSON if is_json(check.data) else _TEXT))
    return headers


def _quoted(text: str) -> str:
    short = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
    return json.dumps(short, ensure_ascii=False)
