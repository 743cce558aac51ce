"""The log of an instance: what happened to it, in wrangler's table `states`.

Source: https://developers.cloudflare.com/workers/development-testing/local-data/
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from ...clock import Clock
from ...js import json
from ...js.buffers import ArrayBuffer, TypedArray
from ...js.convert import is_bigint, to_string
from ...js.object import JsObject
from .handles import Handle
from .records import Event

__all__ = ["History", "LogEntry"]

_ENTRY = "event, groupKey, target, metadata, id, timestamp"


class LogEntry(NamedTuple):
    """One thing that happened."""

    event: int
    key: str | None
    """The step's."""
    target: str | None
    """Its name and number, for a person."""
    facts: str
    """JSON."""
    id: int
    timestamp: str
    """In UTC, without a zone."""


class History:
    """The log of one instance."""

    def __init__(self, database: Handle, clock: Clock, on_log: Callable[[], None]) -> None:
        self._database, self._clock, self._on_log = database, clock, on_log

    def add(
        self,
        event: Event,
        key: str | None = None,
        target: str | None = None,
        facts: dict[str, Any] | None = None,
    ) -> None:
        """
        Raises:
            JsException: ``facts`` have no JSON.
        """
        now = datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC)
        moment = f"{now:%Y-%m-%d %H:%M:%S}.{now.microsecond // 1000:03}"
        text = json.stringify(JsObject(dict(facts or {})), _binary_shown)
        self._database.execute(
            "INSERT INTO states (timestamp, event, groupKey, target, metadata) "
            "VALUES (?, ?, ?, ?, ?)",
            (moment, int(event), key, target, text),
        )
        self._on_log()

    def entries(self, *events: Event) -> list[LogEntry]:
        """What happened, the oldest first."""
        wanted = ", ".join(str(int(each)) for each in events)
        found = self._database.execute(
            f"SELECT {_ENTRY} FROM states WHERE event IN ({wanted}) ORDER BY id"
        )
        return [LogEntry(*row) for row in found]

    def entry_after(self, entry_id: int) -> LogEntry | None:
        """The next one."""
        row = self._database.execute(
            f"SELECT {_ENTRY} FROM states WHERE id > ? ORDER BY id LIMIT 1", (entry_id,)
        ).fetchone()
        return None if row is None else LogEntry(*row)

    def has_entry(self, up_to: int, *events: Event) -> bool:
        """Whether one of ``events`` is in the log, not after an entry."""
        wanted = ", ".join(str(int(each)) for each in events)
        found = self._database.execute(
            f"SELECT 1 FROM states WHERE id <= ? AND event IN ({wanted}) LIMIT 1", (up_to,)
        )
        return found.fetchone() is not None

    def last_event(self, key: str, *events: Event) -> int | None:
        """The latest of these that happened to a step."""
        wanted = ", ".join(str(int(each)) for each in events)
        row = self._database.execute(
            f"SELECT event FROM states WHERE groupKey = ? AND event IN ({wanted}) "
            "ORDER BY id DESC LIMIT 1",
            (key,),
        ).fetchone()
        return None if row is None else row[0]


def _binary_shown(_key: str, value: Any) -> Any:
    """What JSON cannot say, or says at length."""
    if is_bigint(value) and isinstance(value, int):
        return f"[BigInt({to_string(value)})]"
    if isinstance(value, (ArrayBuffer, TypedArray)):
        return f"[{type(value)._js_name}({value.byteLength} bytes)]"
    return value
