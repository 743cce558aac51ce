"""The keys of a terminal, one by one: no Enter is needed, and nothing is echoed.

The terminal is opened anew for it: the event loop makes what it reads from non-blocking, which
the standard streams, and the shell that shares them, must not become.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeAlias

if sys.platform != "win32":
    import termios

__all__ = ["AnyKeyboard", "Keyboard", "open_keyboard"]

_LOOK_AGAIN = 1.0
"""Seconds after which a process in the background looks whether it still is."""
_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]?|O.?|.?)")
_PASTED = 4
"""Keys that come at once and are no typing any more."""


class Keyboard:
    """What is pressed goes to ``on_key``, but not while somebody else has the terminal."""

    def __init__(self, terminal: int, on_key: Callable[[str], None]) -> None:
        """``terminal``: a file descriptor of its own, which is closed in the end."""
        self._terminal, self._on_key = terminal, on_key
        self._loop = asyncio.get_running_loop()
        self._found: list[Any] | None = None
        """The modes before ours; None: ours are not set."""
        self._aside = 0
        self._reading = self._closed = False
        self._later: asyncio.TimerHandle | None = None
        self._handlers: dict[int, Any] = {}

    def open(self) -> None:
        """Listen, as soon as the process is in the foreground."""
        atexit.register(self.restore)
        for number, handler in ((signal.SIGTSTP, self._stopped), (signal.SIGCONT, self._continued)):
            if signal.getsignal(number) is signal.SIG_DFL:
                self._handlers[number] = handler
                signal.signal(number, handler)
        self._listen()

    def close(self) -> None:
        """The terminal is as it was."""
        self._closed = True
        self.restore()
        atexit.unregister(self.restore)
        self._follow()
        for number in self._handlers:
            signal.signal(number, signal.SIG_DFL)
        if self._later is not None:
            self._later.cancel()
        os.close(self._terminal)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Leave the terminal to somebody else; in any thread."""
        self._aside += 1
        self.restore()
        self._loop.call_soon_threadsafe(self._follow)
        try:
            yield
        finally:
            self._aside -= 1
            with suppress(RuntimeError):  # the loop has ended meanwhile
                self._take()
                self._loop.call_soon_threadsafe(self._listen)

    def restore(self) -> None:
        """Put the modes back that were there before."""
        found, self._found = self._found, None
        # From the background this would stop the process; the shell has set its own by then.
        if found is not None and self._is_in_foreground():
            with suppress(termios.error):
                termios.tcsetattr(self._terminal, termios.TCSADRAIN, found)

    def _listen(self) -> None:
        self._take()
        self._follow()
        waiting = not (self._closed or self._aside or self._reading)
        if waiting and (self._later is None or self._later.when() <= self._loop.time()):
            self._later = self._loop.call_later(_LOOK_AGAIN, self._listen)

    def _take(self) -> None:
        """Set our modes, if we may."""
        if self._closed or self._aside or self._found is not None or not self._is_in_foreground():
            return
        with suppress(termios.error):
            found = termios.tcgetattr(self._terminal)
            modes = [*found[:6], [*found[6]]]
            modes[3] &= ~(termios.ICANON | termios.ECHO)
            modes[6][termios.VMIN], modes[6][termios.VTIME] = 1, 0
            self._found = found
            termios.tcsetattr(self._terminal, termios.TCSANOW, modes)

    def _follow(self) -> None:
        """Read while our modes are set, and only then."""
        wanted = self._found is not None
        if wanted and not self._reading:
            self._loop.add_reader(self._terminal, self._readable)
        elif self._reading and not wanted:
            self._loop.remove_reader(self._terminal)
        self._reading = wanted

    def _readable(self) -> None:
        if self._aside:
            return
        if not self._is_in_foreground():  # to read would stop the process
            self._found = None
            self._listen()
            return
        try:
            typed = os.read(self._terminal, 64)
        except BlockingIOError:
            return
        except OSError:
            typed = b""
        if not typed:  # the terminal is gone
            self._closed, self._found = True, None
            self._follow()
            return
        for key in _keys(typed.decode(errors="replace")):
            self._on_key(key)

    def _is_in_foreground(self) -> bool:
        try:
            return os.tcgetpgrp(self._terminal) == os.getpgrp()
        except OSError:
            return True  # not the terminal that controls this process: nobody else gets it

    # Ctrl-Z, and what follows it.

    def _stopped(self, number: int, _frame: object) -> None:
        self.restore()
        signal.signal(number, signal.SIG_DFL)
        signal.pthread_kill(threading.get_ident(), number)  # goes on when `fg` or `bg` was typed
        signal.signal(number, self._stopped)

    def _continued(self, _number: int, _frame: object) -> None:
        self._found = None  # whoever let us go on has set modes of their own
        self._loop.call_soon_threadsafe(self._listen)


class _WindowsKeyboard:
    """The same with what Windows has; its consoles need no modes."""

    def __init__(self, on_key: Callable[[str], None]) -> None:
        self._on_key = on_key
        self._loop = asyncio.get_running_loop()
        self._aside = 0
        self._ended = threading.Event()

    def open(self) -> None:
        threading.Thread(target=self._run, name="wrangler-py-keys", daemon=True).start()

    def close(self) -> None:
        self._ended.set()

    def restore(self) -> None: ...

    @contextmanager
    def aside(self) -> Iterator[None]:
        self._aside += 1
        try:
            yield
        finally:
            self._aside -= 1

    def _run(self) -> None:
        import msvcrt

        while not self._ended.wait(0.05):
            if not self._aside and msvcrt.kbhit():  # type: ignore[attr-defined]
                key = msvcrt.getwch()  # type: ignore[attr-defined]
                self._loop.call_soon_threadsafe(self._on_key, key)


AnyKeyboard: TypeAlias = Keyboard | _WindowsKeyboard


def open_keyboard(on_key: Callable[[str], None]) -> AnyKeyboard | None:
    """The keyboard of standard input's terminal; None if it cannot be had."""
    if sys.platform == "win32":
        made: AnyKeyboard = _WindowsKeyboard(on_key)
    else:
        terminal = _reopened(sys.stdin.fileno())
        if terminal is None:
            return None
        made = Keyboard(terminal, on_key)
    made.open()
    return made


def _reopened(stream: int) -> int | None:
    flags = os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC
    with suppress(OSError):
        return os.open(os.ttyname(stream), flags)
    with suppress(OSError):  # in a container the name may lead nowhere
        return os.open("/dev/tty", flags)
    return None


def _keys(typed: str) -> str:
    """Single keys: an arrow or a function key is a sequence, and a paste is no wish."""
    single = _SEQUENCE.sub("", typed)
    return "" if len(single) >= _PASTED else single
