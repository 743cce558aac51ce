"""When objects want to be woken: the alarm of each object, and the index over a class.

The time in the object's own database is the truth; it changes with the transaction that set
it. The index (`metadata.sqlite`) is what a scheduler reads at start: it is moved earlier
before a commit and later after it, so that an alarm may be looked at too early, never missed.

Implements: https://developers.cloudflare.com/durable-objects/api/alarms/
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..clock import now_ms
from ..sqlite.opening import opening
from .database import Database

_NS_PER_MS = 1_000_000
_ALARM_KEY, _BOOKMARK_KEY = 1, 2

_CREATE_INDEX = (
    "CREATE TABLE IF NOT EXISTS _cf_ALARM "
    "(actor_id TEXT PRIMARY KEY, scheduled_time INTEGER, actor_name TEXT) WITHOUT ROWID"
)
_SET_INDEX = (
    "INSERT INTO _cf_ALARM VALUES (?, ?, ?) ON CONFLICT DO UPDATE "
    "SET scheduled_time = excluded.scheduled_time, actor_name = excluded.actor_name"
)
_CREATE_METADATA = "CREATE TABLE IF NOT EXISTS _cf_METADATA (key INTEGER PRIMARY KEY, value BLOB)"
_SET_METADATA = (
    "INSERT INTO _cf_METADATA VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
)


@dataclass(frozen=True, slots=True)
class IndexedAlarm:
    """One entry of the index."""

    actor_id: str
    time_ms: int
    name: str | None


class AlarmIndex:
    """The alarms of all objects of a class, in `metadata.sqlite` beside their files."""

    def __init__(
        self, path: Path | None, on_change: Callable[[str, int | None], None] | None = None
    ) -> None:
        """``path`` None: in memory. ``on_change(actor_id, time_ms)`` tells the scheduler."""
        self.on_change = on_change
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def get(self, actor_id: str) -> int | None:
        if (db := self._database(create=False)) is None:
            return None
        sql = "SELECT scheduled_time FROM _cf_ALARM WHERE actor_id = ?"
        row = db.execute(sql, (actor_id,)).fetchone()
        return None if row is None else row[0] // _NS_PER_MS

    def name_of(self, actor_id: str) -> str | None:
        """The name that an object's id was made of, if it was and the object has an alarm."""
        if (db := self._database(create=False)) is None:
            return None
        sql = "SELECT actor_name FROM _cf_ALARM WHERE actor_id = ?"
        row = db.execute(sql, (actor_id,)).fetchone()
        return None if row is None else row[0]

    def set(self, actor_id: str, time_ms: int | None, name: str | None = None) -> None:
        """Move, or with None remove, the alarm of an object; durable when it returns."""
        db = self._database(create=time_ms is not None)
        if db is not None and time_ms is None:
            db.execute("DELETE FROM _cf_ALARM WHERE actor_id = ?", (actor_id,))
        elif db is not None and time_ms is not None:
            db.execute(_SET_INDEX, (actor_id, time_ms * _NS_PER_MS, name))
        if self.on_change is not None:
            self.on_change(actor_id, time_ms)

    def all(self) -> list[IndexedAlarm]:
        """Every alarm, the earliest first."""
        if (db := self._database(create=False)) is None:
            return []
        rows = db.execute(
            "SELECT actor_id, scheduled_time, actor_name FROM _cf_ALARM ORDER BY scheduled_time"
        )
        return [IndexedAlarm(actor, ns // _NS_PER_MS, name) for actor, ns, name in rows]

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _database(self, create: bool) -> sqlite3.Connection | None:
        if self._connection is None:
            if self._path is not None and not create and not self._path.exists():
                return None
            self._connection = _open_index(self._path)
        return self._connection


def _open_index(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    with opening(path):
        db = sqlite3.connect(path or ":memory:", timeout=1.0, isolation_level=None)
        db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute(_CREATE_INDEX)
    if "actor_name" not in {row[1] for row in db.execute("PRAGMA table_info(_cf_ALARM)")}:
        db.execute("ALTER TABLE _cf_ALARM ADD COLUMN actor_name TEXT")  # an older tool's file
    return db


class ObjectAlarm:
    """The alarm of one object, which commits and rolls back with its storage."""

    def __init__(
        self,
        database: Database,
        index: AlarmIndex,
        actor_id: str,
        name: str | None = None,
        now: Callable[[], int] = now_ms,
    ) -> None:
        self.require_handler: Callable[[], None] = lambda: None
        """Raises if the object's class has no `alarm()`; the object's life sets it."""
        self._database, self._index = database, index
        self._actor_id, self._name = actor_id, name
        self._now = now
        self._changed = False
        self._firing = False
        self._fired: int | None = None
        """The time whose handler runs, even if the alarm has been set anew."""
        database.before_commit.append(self._before_commit)
        database.after_commit.append(self._after_commit)
        database.after_roll_back.append(self._after_roll_back)

    def get(self) -> int | None:
        """Milliseconds since the epoch; None without one, and while its handler runs."""
        return None if self._firing else self.stored()

    def set(self, time_ms: int | None, confirmed: bool = True) -> None:
        """Set, or with None delete; a time in the past means now."""
        if time_ms is not None:
            time_ms = max(time_ms, self._now())
        if time_ms == self.stored() and not self._firing:
            return
        db = self._database.writing(confirmed)
        db.execute(_CREATE_METADATA)
        db.execute(_SET_METADATA, (_ALARM_KEY, None if time_ms is None else time_ms * _NS_PER_MS))
        self._firing = False
        self._changed = True

    def stored(self) -> int | None:
        value = _metadata(self._database, _ALARM_KEY)
        return None if value is None else value // _NS_PER_MS

    def start(self, time_ms: int) -> bool:
        """A scheduler is about to run the handler for ``time_ms``.

        False if the object's alarm is another one by now; the index has been put right.
        """
        if (stored := self.stored()) != time_ms:
            self._index.set(self._actor_id, stored, self._name)
            return False
        self._firing, self._fired = True, time_ms
        return True

    def finish(self, succeeded: bool) -> None:
        """The handler is done: unless it set a new alarm, success deletes the one that fired."""
        if self._firing and succeeded:
            self.set(None)
        self._firing, self._fired = False, None

    def forget(self) -> None:
        """The database was deleted, and the alarm with it."""
        self._firing = self._changed = False
        self._index.set(self._actor_id, None)

    def _before_commit(self) -> None:
        if self._changed:
            wanted, indexed = self.stored(), self._index.get(self._actor_id)
            if wanted is not None and (indexed is None or wanted < indexed):
                self._index.set(self._actor_id, wanted, self._name)

    def _after_commit(self) -> None:
        if self._changed:
            self._changed = False
            wanted = self.stored()
            if wanted != self._index.get(self._actor_id):
                self._index.set(self._actor_id, wanted, self._name)

    def _after_roll_back(self) -> None:
        # A new alarm is never as early as the one that fired.
        if self._fired is not None:
            self._firing = self.stored() == self._fired


def next_bookmark(database: Database) -> str:
    """A name for the state as of now that sorts after every earlier one."""
    last = _metadata(database, _BOOKMARK_KEY)
    number = 0 if last is None else last + 1
    db = database.writing()
    db.execute(_CREATE_METADATA)
    db.execute(_SET_METADATA, (_BOOKMARK_KEY, number))
    high, low = divmod(number, 2**32 - 1)
    return f"{high:08x}-{low:08x}-{0:08x}-{0:032x}"


def _metadata(database: Database, key: int) -> int | None:
    try:
        row = database.reading().execute("SELECT value FROM _cf_METADATA WHERE key = ?", (key,))
        found = row.fetchone()
    except sqlite3.OperationalError:  # no such table: nothing was ever stored there
        return None
    return None if found is None else found[0]
