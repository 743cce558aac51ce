"""What a worker under test says: kept as entries, and passed on to `logging`."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from io import TextIOBase
from typing import Any, NamedTuple, TextIO, cast

from .. import context
from ..log import Level, Settings, log

__all__ = ["LogEntry", "Logs"]

_logger = logging.getLogger("wrangler_py.worker")


class LogEntry(NamedTuple):
    """One `console.*` line, one warning, or one uncaught exception with its traceback."""

    level: str
    """`log`, `info`, `debug`, `warn` or `error`."""
    message: str


class Logs:
    """What one worker says."""

    def __init__(self) -> None:
        self.entries: list[LogEntry] = []
        self.worker: Any = None
        """Whose lines these are, once it is loaded."""

    def add(self, level: str, message: str) -> None:
        entry = LogEntry(level, message)
        self.entries.append(entry)
        rank = {"log": "INFO", "warn": "WARNING"}.get(level, level.upper())
        # pytest shows these lines when a test fails, and has them in `caplog`.
        _logger.log(logging.getLevelNamesMapping().get(rank, logging.INFO), message)

    @contextmanager
    def captured(self) -> Iterator[None]:
        """Collect what is said meanwhile, and keep it off the terminal."""
        if not _listening:
            _before.append(log.settings)
        _listening.append(self)
        # What the server starts from here inherits it. It cannot be reset: a fixture may end in
        # another context than it began in.
        _ours.set(self)
        log.settings = Settings(level=Level.LOG, json=True, out=_recorder)
        log.say_again()
        try:
            yield
        finally:
            _listening.remove(self)
            if not _listening:
                log.settings = _before.pop()


_before: list[Settings] = []
"""The settings that come back when nobody listens any more."""
_listening: list[Logs] = []
_ours: ContextVar[Logs | None] = ContextVar("wrangler_py_logs", default=None)


def _whose() -> Logs:
    """The logs of the worker whose code runs, or whose server; else the latest."""
    owner = context.current()
    for logs in _listening:
        if owner is not None and logs.worker is owner.worker:
            return logs
    ours = _ours.get()
    return ours if ours in _listening and ours is not None else _listening[-1]


class _Recorder(TextIOBase):
    """Where the log writes its JSON objects, one a line."""

    def write(self, text: str) -> int:
        for line in text.splitlines():
            event: dict[str, Any] = json.loads(line)
            if _is_entry(event) and _listening:
                _whose().add(event.get("level", "error"), event["message"])
        return len(text)


def _is_entry(event: dict[str, Any]) -> bool:
    """Words of the worker's, or of ours about it; what is good to know on a terminal is not."""
    kind, level = event["event"], event.get("level")
    return kind in ("log", "error") or (kind == "message" and level == "warn")


_recorder = cast(TextIO, _Recorder())
