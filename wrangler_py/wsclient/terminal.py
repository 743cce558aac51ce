"""A terminal with a line to type in at its foot, and what happens above it."""

from __future__ import annotations

import asyncio
import codecs
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any

from .line_editor import LineEditor

__all__ = ["Terminal", "put_line"]

_PROMPT = "> "
# What Windows' console says for keys that others name by an escape sequence.
_WINDOWS_KEYS = {
    "H": "\x1b[A", "P": "\x1b[B", "M": "\x1b[C", "K": "\x1b[D", "G": "\x1b[H", "O": "\x1b[F",
    "S": "\x1b[3~", "s": "\x1b[1;5D", "t": "\x1b[1;5C",
}  # fmt: skip


class Terminal:
    """Reads keys without echo while its block is entered; runs on the current loop."""

    def __init__(self, editor: LineEditor, on_line: Callable[[str | None], None]) -> None:
        """``on_line`` gets each finished line, and None at the end of input."""
        self._editor, self._on_line = editor, on_line
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._loop = asyncio.get_running_loop()
        self._leave: Callable[[], None] = lambda: None
        self._is_open = False

    def __enter__(self) -> Terminal:
        self._leave = _read_windows(self) if os.name == "nt" else _read_posix(self)
        self._is_open = True
        self.redraw()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._is_open = False
        _put("\r\033[K")
        self._leave()

    def write(self, text: str) -> None:
        """Put lines above the one that is being typed."""
        _put(f"\r\033[K{text}\n{self._line()}")

    def redraw(self) -> None:
        _put(f"\r\033[K{self._line()}")

    def _line(self) -> str:
        if not self._is_open:
            return ""
        width = shutil.get_terminal_size().columns - len(_PROMPT)
        text, column = self._editor.view(max(width, 8))
        return f"{_PROMPT}{text}\r\033[{len(_PROMPT) + column}C"

    def feed(self, data: bytes) -> None:
        """Take what was typed; nothing at all is the end of input."""
        self.press(self._decoder.decode(data) if data else "\x03")

    def press(self, keys: str) -> None:
        for line in self._editor.press(keys):
            self._on_line(line)
        self.redraw()
        if self._editor.is_over:
            self._on_line(None)


def put_line(text: str) -> None:
    """Write to the terminal, if it is still there."""
    _put(f"{text}\n")


def _put(text: str) -> None:
    # A terminal that went away ends the loop by its signal; writing to it must not.
    with suppress(OSError, ValueError):
        sys.stdout.write(text)
        sys.stdout.flush()


def _read_posix(terminal: Terminal) -> Callable[[], None]:
    """Keys one by one, unechoed, until the returned function is called."""
    import termios

    fd = sys.stdin.fileno()
    before = termios.tcgetattr(fd)
    loop = asyncio.get_running_loop()

    def enter() -> None:
        mode: list[Any] = termios.tcgetattr(fd)
        mode[3] &= ~(termios.ICANON | termios.ECHO)
        termios.tcsetattr(fd, termios.TCSADRAIN, mode)

    def typed() -> None:
        try:
            terminal.feed(os.read(fd, 4096))
        except OSError:
            terminal.feed(b"")  # the terminal is gone

    def again() -> None:
        enter()
        terminal.redraw()

    enter()
    loop.add_reader(fd, typed)
    loop.add_signal_handler(signal.SIGCONT, again)  # back from Ctrl-Z
    loop.add_signal_handler(signal.SIGWINCH, terminal.redraw)

    def leave() -> None:
        for number in (signal.SIGCONT, signal.SIGWINCH):
            loop.remove_signal_handler(number)
        loop.remove_reader(fd)
        with suppress(termios.error):
            termios.tcsetattr(fd, termios.TCSADRAIN, before)

    return leave


def _read_windows(terminal: Terminal) -> Callable[[], None]:
    """The same from a thread: a console cannot be waited for by the loop."""
    import msvcrt

    read: Callable[[], str] = getattr(msvcrt, "getwch")  # noqa: B009 - typed on Windows only
    os.system("")  # makes the console obey escape sequences
    loop, stopped = asyncio.get_running_loop(), threading.Event()

    def run() -> None:
        while not stopped.is_set():
            key = read()
            if key in ("\x00", "\xe0"):
                key = _WINDOWS_KEYS.get(read(), "")
            with suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(terminal.press, key)

    threading.Thread(target=run, name="keys", daemon=True).start()
    return stopped.set
