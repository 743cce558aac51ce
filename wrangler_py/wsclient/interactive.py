"""Somebody types, frames come: both at once, until one side has enough."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from .commands import HELP, Action, CloseIt, Help, Quit, parse
from .connection import Connection, Handshake
from .line_editor import LineEditor
from .show import Printer
from .terminal import Terminal, put_line

__all__ = ["converse"]


async def converse(
    handshake: Handshake, history: list[str], printer: Callable[[Callable[[str], None]], Printer]
) -> bool:
    """Talk until it is closed; whether it ended well. What was typed is added to ``history``.

    ``printer`` makes one that writes to the function it is given.
    """
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    editor = LineEditor(history)
    async with Connection(handshake) as connection:
        with Terminal(editor, lines.put_nowait) as terminal, _stopped_by_signals(lines):
            shown = printer(terminal.write)
            shown.opened(handshake.url, connection.protocol)
            typing = asyncio.create_task(_obey(lines, connection, shown))
            try:
                async for frame in connection.received():
                    shown.frame(frame)
            finally:
                typing.cancel()
            with suppress(asyncio.CancelledError):
                await typing
    history[:] = editor.history
    assert connection.closed is not None
    printer(put_line).closed(connection.closed)
    return connection.closed.is_normal


async def _obey(lines: asyncio.Queue[str | None], connection: Connection, shown: Printer) -> None:
    """Do what each line asks for, until there is nobody to do it with."""
    try:
        while not connection.is_closing:
            line = await lines.get()
            try:
                await _do(Quit() if line is None else parse(line), connection, shown)
            except ValueError as error:
                shown.note(str(error))
    except ConnectionError:
        return  # the reader of frames tells how it ended
    finally:
        await connection.close(CloseIt())


async def _do(action: Action | None, connection: Connection, shown: Printer) -> None:
    match action:
        case None:
            return
        case Help():
            shown.note(HELP)
        case Quit():
            await connection.close(CloseIt())
        case CloseIt():
            await connection.close(action)
        case _:
            shown.frame(await connection.send(action))


@contextmanager
def _stopped_by_signals(lines: asyncio.Queue[str | None]) -> Iterator[None]:
    """Ctrl-C, SIGTERM and a closed terminal are the end of input."""
    loop = asyncio.get_running_loop()

    def on_signal(_number: int, _frame: object) -> None:
        loop.call_soon_threadsafe(lines.put_nowait, None)

    names = ("SIGINT", "SIGTERM", "SIGHUP")
    numbers = [signal.Signals[name] for name in names if hasattr(signal, name)]
    before = {number: signal.signal(number, on_signal) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
