"""The moments that an instance waits for: the ends of sleeps, of delays and of patience.

Wrangler's table `priority_queue`: an entry is added once, with action 1, and taken back by another,
with action 0. It tells what to go on waiting for after a restart.
"""

from __future__ import annotations

from .handles import Handle
from .records import Timer

__all__ = ["Timers"]


class Timers:
    """Those of one instance. Moments are milliseconds since 1970."""

    def __init__(self, database: Handle) -> None:
        self._database = database

    def add(self, kind: Timer, key: str, due_ms: float) -> None:
        self._write(kind, key, due_ms, added=True)

    def remove(self, kind: Timer, key: str) -> None:
        """Wait for it no more."""
        due_ms = self.due(kind, key)
        if due_ms is not None:
            self._write(kind, key, due_ms, added=False)

    def due(self, kind: Timer, key: str) -> float | None:
        """When it is; None: it is not waited for, or no more."""
        row = self._database.execute(
            "SELECT min(target_timestamp), min(action) FROM priority_queue "
            "WHERE entryType = ? AND hash = ?",
            (int(kind), key),
        ).fetchone()
        return row[0] if row[1] == 1 else None

    def is_over(self, kind: Timer, key: str) -> bool:
        """Whether it was waited for, and is no more."""
        found = self._database.execute(
            "SELECT 1 FROM priority_queue WHERE entryType = ? AND hash = ? AND action = 0",
            (int(kind), key),
        )
        return found.fetchone() is not None

    def remove_past(self, now_ms: float) -> None:
        """Forget those that are due."""
        for kind, key, due_ms in self._all():
            if due_ms <= now_ms:
                self._write(kind, key, due_ms, added=False)

    def shift(self, ms: float) -> None:
        """Put all of them off."""
        waited_for = self._all()
        self.clear()
        for kind, key, due_ms in waited_for:
            self._write(kind, key, due_ms + ms, added=True)

    def clear(self) -> None:
        self._database.execute("DELETE FROM priority_queue")

    def _all(self) -> list[tuple[Timer, str, float]]:
        found = self._database.execute(
            "SELECT entryType, hash, min(target_timestamp) FROM priority_queue "
            "GROUP BY entryType, hash HAVING min(action) = 1"
        )
        return [(Timer(kind), key, due_ms) for kind, key, due_ms in found]

    def _write(self, kind: Timer, key: str, due_ms: float, *, added: bool) -> None:
        self._database.execute(
            "INSERT OR REPLACE INTO priority_queue (target_timestamp, action, entryType, hash) "
            "VALUES (?, ?, ?, ?)",
            (due_ms, int(added), int(kind), key),
        )
