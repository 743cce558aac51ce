"""A conversation that was written before: given lines, or those of a pipe."""

from __future__ import annotations

import asyncio
import codecs
import os
import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from ..errors import UsageError, WranglerError
from .commands import Action, CloseIt, Help, Ping, Quit, Send, parse
from .connection import Connection, Handshake
from .frames import Frame, Kind
from .show import Printer

__all__ = ["Script", "play"]

_PIPE_WAIT = 1.0
"""Seconds of silence after a pipe's last line that end it, if nobody says how many."""


@dataclass(frozen=True, slots=True)
class Script:
    """What to send, and when it is over."""

    lines: Sequence[str] | None
    """None: read them from standard input."""
    count: int | None = None
    """Leave after so many messages were received."""
    wait: float | None = None
    """Leave after so many seconds without a message."""
    timeout: float = 10
    """Seconds for each thing that must come."""


class _Answers:
    """What was received so far."""

    def __init__(self, wanted: int | None) -> None:
        self.messages = 0
        self.pongs = 0
        self.is_over = False
        self.enough: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done with the last message that was wanted, or with the connection."""
        self._wanted = wanted
        self._news = asyncio.Event()

    def add(self, frame: Frame) -> None:
        self.messages += frame.kind in (Kind.TEXT, Kind.BINARY)
        self.pongs += frame.kind is Kind.PONG
        if self.messages == self._wanted:
            self._finish()
        self._news.set()

    def end(self) -> None:
        self.is_over = True
        self._finish()
        self._news.set()

    def _finish(self) -> None:
        if not self.enough.done():
            self.enough.set_result(None)

    async def news(self, seconds: float) -> bool:
        """Wait for something new; False: it was silent for so long."""
        self._news.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return False
        return True


async def play(script: Script, handshake: Handshake, shown: Printer) -> bool:
    """Send, show what comes, close; whether it ended well.

    Raises:
        WranglerError: there is no connection, or an answer that must come did not.
        UsageError: a line is no command.
    """
    if script.lines is not None:
        for line in script.lines:
            _action(line)  # complain before anybody is bothered
    async with Connection(handshake) as connection:
        shown.opened(handshake.url, connection.protocol)
        answers = _Answers(script.count)
        listening = asyncio.create_task(_listen(connection, shown, answers))
        sending = asyncio.create_task(_send(script, connection, shown, answers))
        try:
            await asyncio.wait((sending, answers.enough), return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                await sending
        except ConnectionError:
            pass  # the reader of frames tells how it ended
        finally:
            sending.cancel()  # it may wait for a pipe that says nothing more
            await connection.close(CloseIt())
            await listening
    assert connection.closed is not None
    shown.closed(connection.closed)
    return connection.closed.is_normal and answers.messages >= (script.count or 0)


async def _listen(connection: Connection, shown: Printer, answers: _Answers) -> None:
    try:
        async for frame in connection.received():
            shown.frame(frame)
            answers.add(frame)
    finally:
        answers.end()


async def _send(script: Script, connection: Connection, shown: Printer, answers: _Answers) -> None:
    one_each = script.lines is not None and script.count is None and script.wait is None
    async for line in _lines(script):
        action = _action(line)
        if isinstance(action, Quit | CloseIt):
            await connection.close(action if isinstance(action, CloseIt) else CloseIt())
            return
        if not isinstance(action, Send | Ping):
            continue
        before = answers.pongs if isinstance(action, Ping) else answers.messages
        shown.frame(await connection.send(action))
        if one_each:
            await _until(answers, before + 1, script.timeout, pongs=isinstance(action, Ping))
    if script.count is not None:
        await _until(answers, script.count, script.wait or script.timeout)
    elif not one_each:
        silence = _PIPE_WAIT if script.wait is None else script.wait
        while not answers.is_over and await answers.news(silence):
            pass


async def _until(answers: _Answers, wanted: int, seconds: float, *, pongs: bool = False) -> None:
    """Wait for the answer number ``wanted``; the end of the connection is an answer, too."""
    while (answers.pongs if pongs else answers.messages) < wanted and not answers.is_over:
        if not await answers.news(seconds):
            hint = "--timeout waits longer, --wait N collects what comes and needs no answer"
            raise WranglerError(f"no answer within {seconds:g} s", hint=hint)


def _action(line: str) -> Action | None:
    try:
        action = parse(line)
    except ValueError as error:
        raise UsageError(str(error), where=f'the line "{line[:60]}"') from None
    return None if isinstance(action, Help) else action


async def _lines(script: Script) -> AsyncIterator[str]:
    if script.lines is None:
        async for line in _piped():
            yield line
    else:
        for line in script.lines:
            yield line


async def _piped() -> AsyncIterator[str]:
    """The lines of standard input, each as soon as it is there."""
    loop = asyncio.get_running_loop()
    chunks: asyncio.Queue[bytes] = asyncio.Queue(maxsize=8)

    # A thread of its own, unbuffered: nobody can wake a blocked read, and the interpreter must
    # not meet the lock of `sys.stdin` when it ends meanwhile.
    def read() -> None:
        data = b"?"
        while data:
            try:
                data = os.read(0, 65536)
            except OSError:
                data = b""
            try:
                asyncio.run_coroutine_threadsafe(chunks.put(data), loop).result()
            except BaseException:
                return  # the loop has ended

    threading.Thread(target=read, name="stdin", daemon=True).start()
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    begun = ""
    while data := await chunks.get():
        *lines, begun = (begun + decoder.decode(data)).split("\n")
        for line in lines:
            yield line.removesuffix("\r")
    if begun:
        yield begun
