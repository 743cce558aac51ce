"""One conversation of a replay: what its server is expected to say, and what it says."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic

from ..server.traffic import Answered, Asked, Closed, Ended, Event, Lost, Message, Piece, Side
from .client import Client
from .compare import Comparison, brief
from .file import changed
from .lines import Entry
from .report import Difference, Report
from .rules import Rules
from .swaps import Swaps

__all__ = ["Play", "Talk"]

_SHOWN_LINES = 10
"""Lines of an answer with another status that a report shows."""
_TIRED = 0.2
"""Seconds for each answer once one did not come in time."""
_BESIDE = 0.1
"""Seconds in which what was expected may follow something that was not."""


class Play:
    """What the conversations of one replay share."""

    def __init__(self, report: Report, rules: Rules, timeout: float) -> None:
        self.report = report
        self.rules = rules
        self.timeout = timeout
        self.swaps = Swaps()
        self.comparison = Comparison(rules, self.swaps)
        self.acted_t = 0.0
        """When a client acted last, then (in the file's time)."""
        self.acted_at = 0.0
        """The same, now."""


class Talk:
    """A conversation. ``expect`` returns what the file should say instead of an entry."""

    def __init__(self, play: Play, client: Client, asked: Asked, *, is_socket: bool) -> None:
        self.client = client
        self.muted = False
        """Nothing more can be compared: it went another way than then."""
        self._play = play
        self._id = asked.id
        self._is_socket = is_socket
        self._where = f"{'WebSocket' if is_socket else asked.method} {asked.path}"
        self._line = 0
        self._tired = False
        self._expected = bytearray()
        self._got = bytearray()
        self._whole = False
        """The body that is coming in pieces is complete."""

    async def expect(self, entry: Entry, following: Event | None) -> list[Entry]:
        """Wait for what ``entry`` says; ``following``: what is expected right behind it."""
        self._line = entry.line
        if self.muted:
            return [entry]
        event = entry.event
        if event.by is Side.TOOL and not isinstance(event, Answered):
            self.muted = True  # a reload, or the end: neither happens here
            return [entry]
        self._play.report.compared += 1
        match event:
            case Answered():
                return await self._answer(entry, event)
            case Message():
                return await self._message(entry, event, following)
            case Closed():
                return await self._close(entry, event)
            case Piece():
                self._expected += event.data
                await self._gather(self._patience(entry), len(self._expected))
                return [entry]
            case Lost() if self._is_socket:
                return await self._close(entry, event)
            case Ended() | Lost():
                return await self._end(entry)
        return [entry]

    def left(self) -> None:
        """The client goes in the middle of a body: what it had seen then must be there."""
        if self._expected and not self.muted:
            expected, got = bytes(self._expected), bytes(self._got)
            if not self._play.comparison.begins(expected, got):
                details = self._play.comparison.data(expected, got, None)
                self._differs("the body's beginning differs", details)
        self.muted = True

    def finish(self, line: int) -> list[Entry]:
        """Look at what came that nobody expected."""
        self._line = line
        found: list[Entry] = []
        for event in [] if self.muted else self.client.rest():
            if isinstance(event, Message):
                found.append(self._extra(event))
            elif isinstance(event, Closed):
                self._differs(f"{_ending(event)}, and stayed open then")
                found.append(self._new(event))
            elif isinstance(event, Lost) and self._is_socket:
                self._differs(f"{_ending(event)}, and stayed open then")
        return found

    # Answers.

    async def _answer(self, entry: Entry, event: Answered) -> list[Entry]:
        patience = self._patience(entry)
        got = await self.client.look(0, patience)
        if not isinstance(got, Answered):
            self.muted = True
            lost = "no answer: the connection failed"
            self._differs(f"no answer within {patience:g} s" if got is None else lost)
            return [entry]
        self.client.take()
        self._check_time(entry, got)
        if event.status == 101 == got.status:
            self._whole = True
        elif event.body is not None or got.status != event.status:
            await self._gather(patience)
        body = bytes(self._got)
        details = self._head_differs(event, got, body)
        if not details and event.body is not None and event.by is not Side.TOOL:
            details = self._body_differs(entry, event.body, body)
        if not details:
            return [entry]
        self.muted = 101 in (event.status, got.status)
        self._differs("the answer differs", details)
        headers = tuple((name, self._play.swaps.then(value)) for name, value in got.headers)
        facts = {"status": got.status, "reason": got.reason, "headers": headers}
        if event.body is not None:
            facts["body"] = self._play.swaps.then_data(body)
        return [changed(entry, **facts)]

    def _head_differs(self, event: Answered, got: Answered, body: bytes) -> list[str]:
        if got.status != event.status:
            details = [f"expected status {event.status}, got {got.status}"]
            is_page = any(
                name.lower() == "content-type" and value.startswith("text/html")
                for name, value in got.headers
            )
            text = "" if is_page else body.decode("utf-8", "replace").strip()
            return [*details, *text.splitlines()[:_SHOWN_LINES]]
        if event.by is Side.TOOL:
            return []  # an error page of ours: it shows the code, and where it lies
        return self._play.comparison.headers(event.headers, got.headers)

    def _body_differs(self, entry: Entry, expected: bytes, got: bytes) -> list[str]:
        details = self._play.comparison.data(expected, got, entry.digest)
        return details if self._whole else ["the body was cut", *details]

    async def _gather(self, patience: float, enough: int | None = None) -> None:
        """Take in the body, to its end or as much as is ``enough``."""
        while not self._whole and (enough is None or len(self._got) < enough):
            got = await self.client.look(0, patience)
            if isinstance(got, Piece):
                self._got += got.data
            elif isinstance(got, Ended):
                self._whole = True
            else:
                self._tired = self._tired or got is None
                return
            self.client.take()

    async def _end(self, entry: Entry) -> list[Entry]:
        """Of a body in pieces, or of a connection that the worker gave up."""
        patience = self._patience(entry)
        await self._gather(patience)
        lost = isinstance(await self.client.look(0, 0 if self._whole else patience), Lost)
        details = self._play.comparison.data(
            bytes(self._expected), bytes(self._got), entry.digest
        )  # fmt: skip
        if isinstance(entry.event, Lost):
            if not lost:
                details.append("it was cut then, and is not now")
        elif not self._whole:
            details.append("the body was cut" if lost else f"it did not end within {patience:g} s")
        self.muted = True
        if not details:
            return [entry]
        self._differs("the body differs", details)
        data = self._play.swaps.then_data(bytes(self._got))
        piece = Piece(self._id, entry.event.at, Side.WORKER, data)
        end = (Ended if self._whole else Lost)(self._id, entry.event.at, Side.WORKER)
        return [self._new(piece), self._new(end)]

    # WebSocket messages.

    async def _message(self, entry: Entry, event: Message, following: Event | None) -> list[Entry]:
        patience = self._patience(entry)
        got = await self.client.look(0, patience)
        if not isinstance(got, Message):
            return self._no_message(entry, event, got, patience)
        found: list[Entry] = []
        index = 0
        if not self._same(entry, got):
            unordered = self._play.rules.unordered
            comes = isinstance(following, Message) and self._same(Entry(0, following), got)
            if comes and not unordered:
                self._differs(f"a message is missing: {brief(event.data)}")
                return []
            index = await self._index_of(entry, patience)
            if index and not unordered:
                found, index = [self._extra(each) for each in self._skipped(index)], 0
        taken = self.client.take(index)
        assert isinstance(taken, Message)
        self._check_time(entry, taken)
        details = self._play.comparison.data(event.data, taken.data, entry.digest)
        if not details:
            return [*found, entry]
        self._differs("a message differs", details)
        return [*found, changed(entry, data=self._then(taken.data))]

    def _no_message(
        self, entry: Entry, event: Message, got: Event | None, patience: float
    ) -> list[Entry]:
        missing = f"a message is missing: {brief(event.data)}"
        if got is None:
            self._tired = True
            self._differs(f"{missing} (within {patience:g} s)")
            return []
        self.muted = True
        self._differs(f"{missing}; now: {_ending(got)}")
        return [self._new(self.client.take())]

    def _same(self, entry: Entry, got: Event) -> bool:
        event = entry.event
        if not isinstance(event, Message) or not isinstance(got, Message):
            return False
        data = self._play.comparison.data
        return not data(event.data, got.data, entry.digest, learn=False)

    async def _index_of(self, entry: Entry, patience: float) -> int:
        """Where what was expected stands behind other messages; 0: nowhere."""
        until = monotonic() + (patience if self._play.rules.unordered else _BESIDE)
        index = 1
        while (got := await self.client.look(index, max(0, until - monotonic()))) is not None:
            if self._same(entry, got):
                return index
            if not isinstance(got, Message):
                return 0
            index += 1
        return 0

    def _skipped(self, count: int) -> list[Event]:
        return [self.client.take() for _ in range(count)]

    async def _close(self, entry: Entry, event: Closed | Lost) -> list[Entry]:
        """With a Close frame, or without one."""
        patience = self._patience(entry)
        found: list[Entry] = []
        while isinstance(got := await self.client.look(0, patience), Message):
            found.append(self._extra(self.client.take()))
        self.muted = True
        if got is None or type(got) is not type(event):
            end = f"stays open for {patience:g} s" if got is None else _ending(got)
            self._differs(f"expected: {_ending(event)}; now: {end}")
            return found if got is None else [*found, self._new(got)]
        if not isinstance(got, Closed) or not isinstance(event, Closed):
            return [*found, entry]
        self._check_time(entry, got)
        details = [] if got.code == event.code else [f"expected {event.code}, got {got.code}"]
        details += self._play.comparison.data(event.reason, got.reason, None)
        if details:
            self._differs("the close differs", details)
            entry = changed(entry, code=got.code, reason=self._play.swaps.then(got.reason))
        return [*found, entry]

    # Shared.

    def _patience(self, entry: Entry) -> float:
        then = max(0.0, entry.event.at - self._play.acted_t)
        return _TIRED if self._tired else self._play.timeout + then

    def _check_time(self, entry: Entry, got: Event) -> None:
        limit = self._play.rules.max_slower
        if limit is None:
            return
        then, now = entry.event.at - self._play.acted_t, got.at - self._play.acted_at
        if now - then > limit:
            self._differs(f"slower: {now:.3f} s after the client acted, {then:.3f} s then")

    def _extra(self, event: Event) -> Entry:
        assert isinstance(event, Message)
        self._differs(f"a message that was not expected: {brief(event.data)}")
        return self._new(replace(event, data=self._then(event.data)))

    def _new(self, event: Event) -> Entry:
        return Entry(self._line, replace(event, at=self._play.acted_t))

    def _then(self, data: str | bytes) -> str | bytes:
        return self._play.swaps.then(data) if isinstance(data, str) else data

    def _differs(self, what: str, details: list[str] | None = None) -> None:
        found = Difference(self._line, self._id, self._where, what, tuple(details or ()))
        self._play.report.differences.append(found)


def _ending(event: Event) -> str:
    if not isinstance(event, Closed):
        return "the connection was lost"
    code = "no code" if event.code is None else str(event.code)
    return f"closed with {code} {event.reason}".rstrip()
