"""What a worker under test says: kept as entries, and passed on to `logging`."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOBase
from typing import Any, NamedTuple, TextIO, cast

from ..log import Level, Settings, log

__all__ = ["LogEntry", "captured"]

_logger = logging.getLogger("wrangler_py.worker")
_VOICES = ("log", "message", "error")
"""The events that are words: `console.*`, a message of ours, an uncaught exception."""


class LogEntry(NamedTuple):
    """One `console.*` line, one warning, or one uncaught exception with its traceback."""

    level: str
    """`log`, `info`, `debug`, `warn` or `error`."""
    message: str


class _Recorder(TextIOBase):
    """Where the log writes its JSON objects, one a line."""

    def __init__(self, entries: list[LogEntry]) -> None:
        self._entries = entries

    def write(self, text: str) -> int:
        for line in text.splitlines():
            self._take(json.loads(line))
        return len(text)

    def _take(self, event: dict[str, Any]) -> None:
        if event["event"] in _VOICES:
            entry = LogEntry(event.get("level", "error"), event["message"])
            self._entries.append(entry)
            rank = {"log": "INFO", "warn": "WARNING"}.get(entry.level, entry.level.upper())
            # pytest shows these lines when a test fails, and has them in `caplog`.
            _logger.log(logging.getLevelNamesMapping().get(rank, logging.INFO), entry.message)


@contextmanager
def captured(entries: list[LogEntry]) -> Iterator[None]:
    """Collect what is said meanwhile in ``entries``, and keep it off the terminal."""
    before = log.settings
    recorder = cast(TextIO, _Recorder(entries))
    log.settings = Settings(level=Level.LOG, json=True, out=recorder)
    try:
        yield
    finally:
        log.settings = before
