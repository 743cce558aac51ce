"""One `pywrangler dev` as a person meets it, from the banner to the last key."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from ..log import Level, log
from .banner import Shown, bindings_tables
from .debugger import give_way
from .hotkeys import Host, Hotkeys
from .keyboard import AnyKeyboard, open_keyboard

__all__ = ["Session", "wants_keys"]


class Session:
    """What is shown to a person besides the log, and what they do; programs see none of it."""

    def __init__(self, host: Host, stop: Callable[[], None], *, interactive: bool | None) -> None:
        """``interactive``: whether keys are listened to; None: if this is a real terminal."""
        self._hotkeys = Hotkeys(host, stop)
        self._has_keys = wants_keys(interactive, os.environ)
        self._keyboard: AnyKeyboard | None = None
        self._tables: list[str] = []
        self._stop_giving_way = give_way(self._aside, _why_nobody_types())

    def show_bindings(self, workers: Sequence[Shown]) -> None:
        """What code that was loaded finds on `env`, where that is other than it was."""
        before, self._tables = self._tables, bindings_tables(workers)
        log.show("".join(table for table in self._tables if table not in before))

    def listen(self) -> None:
        """From now on keys are heard."""
        if not self._has_keys:
            return
        self._keyboard = open_keyboard(self._hotkeys.press)
        if self._keyboard is not None and log.enabled(Level.INFO):
            self._hotkeys.show()

    def restore(self) -> None:
        """The process ends at once: the terminal is as it was."""
        if self._keyboard is not None:
            self._keyboard.restore()

    def close(self) -> None:
        self._stop_giving_way()
        if self._keyboard is not None:
            self._keyboard.close()
            self._keyboard = None

    @contextmanager
    def _aside(self) -> Iterator[None]:
        """A debugger has its prompt."""
        keyboard = self._keyboard
        with log.held():
            if keyboard is None:
                yield
            else:
                with keyboard.aside():
                    yield


def wants_keys(wanted: bool | None, environ: Mapping[str, str]) -> bool:
    """Whether single keys make sense here; ``wanted`` None: only where a person is likely."""
    if wanted is False or log.settings.json or not (_is_terminal(0) and _is_terminal(1)):
        return False
    return wanted is True or not (environ.get("CI") or environ.get("TERM") == "dumb")


def _why_nobody_types() -> str | None:
    if log.settings.json:
        return "with --json the terminal is for programs"
    return None if _is_terminal(0) else "standard input is not a terminal"


def _is_terminal(number: int) -> bool:
    stream = (sys.__stdin__, sys.__stdout__)[number]
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False  # it is closed
