"""The file of one instance: what it was given, what its steps gave, what it waits for.

The layout is that of wrangler's engine, a Durable Object with SQLite: `states` is the log,
`priority_queue` the moments that are waited for (an entry is added once, and taken back by
another), `_cf_KV` holds values as V8 writes them. What one writes the other reads.

Source: https://developers.cloudflare.com/workers/development-testing/local-data/
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from ...clock import Clock
from ...js.callbacks import member
from ...js.date import Date
from ...js.null import jsnull
from ...js.object import JsObject
from ...web import v8_format
from .handles import Handle
from .history import History
from .inbox import Inbox
from .records import Event, Status
from .streams import Pieces
from .timers import Timers

__all__ = ["InstanceFile", "key_of"]

_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS priority_queue (
  id INTEGER PRIMARY KEY NOT NULL,
  created_on TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
  target_timestamp INTEGER NOT NULL,
  action INTEGER NOT NULL,
  entryType INTEGER NOT NULL,
  hash TEXT NOT NULL,
  CHECK (action IN (0, 1)),
  UNIQUE (action, entryType, hash)
)""",
    """CREATE TABLE IF NOT EXISTS states (
  id INTEGER PRIMARY KEY NOT NULL,
  timestamp TIMESTAMP DEFAULT (DATETIME('now','subsec')),
  groupKey TEXT,
  target TEXT,
  metadata TEXT,
  event INTEGER NOT NULL
)""",
    """CREATE TABLE IF NOT EXISTS streaming_step_chunks (
  cache_key TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  chunk_index INTEGER NOT NULL,
  chunk BLOB NOT NULL,
  PRIMARY KEY (cache_key, attempt, chunk_index)
) WITHOUT ROWID""",
    "CREATE TABLE IF NOT EXISTS _cf_KV (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID",
)
_STATUS, _METADATA, _PAUSED_AT = "ENGINE_STATUS", "INSTANCE_METADATA", "PAUSE_DATETIME"
_OUTPUT = "WORKFLOW_OUTPUT"
_SUFFIXES = ("value", "error", "config", "metadata", "log-written", "pending", "value-stream-meta")
"""Of the keys that a step has."""
_TABLES = ("states", "priority_queue", "streaming_step_chunks", "_cf_KV")
_CHANGES = {
    Status.RUNNING: Event.WORKFLOW_RUNNING,
    Status.PAUSED: Event.WORKFLOW_PAUSED,
    Status.WAITING_FOR_PAUSE: Event.WORKFLOW_WAITING_FOR_PAUSE,
    Status.WAITING: Event.WORKFLOW_WAITING,
}


def key_of(name: str, count: int) -> str:
    """What the values of a step are kept under."""
    return f"{hashlib.sha1(name.encode('utf-8', 'replace')).hexdigest()}-{count}"


class InstanceFile:
    """One open file; each call is durable when it returns, unless a transaction is open."""

    def __init__(
        self, database: Handle, clock: Clock, on_log: Callable[[], None] = lambda: None
    ) -> None:
        """``on_log`` hears of each entry of the log; it may not be committed yet."""
        self.history = History(database, clock, on_log)
        self._database, self._clock = database, clock
        self.timers, self.pieces = Timers(database), Pieces(database)
        self.inbox = Inbox(database)

    def transaction(self) -> AbstractContextManager[Any]:
        """A block whose writes are kept all or not at all; blocks may lie in each other."""
        return self._database.transaction()

    def close(self) -> None:
        self._database.close()

    # Values.

    def get(self, key: str) -> Any:
        """A fresh value; None: there is none."""
        row = self._database.execute("SELECT value FROM _cf_KV WHERE key = ?", (key,)).fetchone()
        return None if row is None else v8_format.deserialize(row[0])

    def put(self, key: str, value: Any) -> int:
        """Keep a value; how many bytes it has.

        Raises:
            JsException: a DataCloneError.
        """
        data = v8_format.serialize(value)
        self._database.execute("INSERT OR REPLACE INTO _cf_KV VALUES (?, ?)", (key, data))
        return len(data)

    def delete(self, *keys: str) -> None:
        for key in keys:
            self._database.execute("DELETE FROM _cf_KV WHERE key = ?", (key,))

    # The instance.

    @property
    def metadata(self) -> Any:
        """What it was created with; None: it does not exist."""
        try:
            return self.get(_METADATA)
        except sqlite3.OperationalError as exc:
            if "no such table" not in str(exc):
                raise
            return None

    def create(self, instance_id: str, workflow: str, params: Any) -> None:
        """
        Raises:
            JsException: a DataCloneError.
        """
        now = self._clock.now_ms()
        with self.transaction():  # one commit: there may be many instances
            for statement in _SCHEMA:
                self._database.execute(statement)
            self.put(_METADATA, _metadata(instance_id, workflow, params, now))
            self.log_start(params)
            self.status = Status.RUNNING

    def log_start(self, params: Any) -> None:
        trigger = JsObject({"source": 0})
        self.history.add(Event.WORKFLOW_QUEUED, facts={"params": params, "trigger": trigger})
        self.history.add(Event.WORKFLOW_START)

    @property
    def status(self) -> Status:
        return Status(self.get(_STATUS) or 0)

    @status.setter
    def status(self, status: Status) -> None:
        if self.get(_STATUS) == status:
            return
        with self.transaction():
            if status in _CHANGES:
                self.history.add(_CHANGES[status])
            self.put(_STATUS, int(status))

    def finish(self, output: Any) -> None:
        """
        Raises:
            JsException: a DataCloneError.
        """
        with self.transaction():
            self.put(_OUTPUT, JsObject({"value": output}))
            self.history.add(Event.WORKFLOW_SUCCESS, facts={"result": output})
            self.status = Status.COMPLETE

    @property
    def output(self) -> Any:
        """What it gave."""
        return member(self.get(_OUTPUT), "value")

    def fail(self, name: str, message: str) -> None:
        shown = JsObject({"message": message, "name": name})
        with self.transaction():
            self.history.add(Event.WORKFLOW_FAILURE, facts={"error": shown})
            self.status = Status.ERRORED

    def pause(self) -> None:
        with self.transaction():
            self.put(_PAUSED_AT, Date(self._clock.now_ms()))
            self.status = Status.PAUSED

    def resume(self) -> None:
        """Queued again; what it waits for is later by as long as it was paused."""
        paused_at = self.get(_PAUSED_AT)
        with self.transaction():
            if paused_at is not None:
                self.timers.shift(self._clock.now_ms() - int(paused_at.getTime()))
            self.delete(_PAUSED_AT)
            self.put(_STATUS, int(Status.QUEUED))

    def erase(self) -> None:
        """There is no such instance any more."""
        with self.transaction():
            for table in _TABLES:
                self._database.execute(f"DELETE FROM {table}")

    # Its steps.

    def forget(self, keys: set[str] | None) -> None:
        """Before a restart: steps never ran; None: not one of them."""
        if keys is None:
            found = self._database.execute("SELECT DISTINCT groupKey FROM states").fetchall()
            self._database.execute("DELETE FROM states")
            keys = {key for (key,) in found if key is not None}
        else:
            start = int(Event.WORKFLOW_START), int(Event.WORKFLOW_QUEUED)
            self._database.execute(
                "DELETE FROM states WHERE groupKey IS NULL AND event NOT IN (?, ?)", start
            )
        for key in keys:
            self._database.execute("DELETE FROM states WHERE groupKey = ?", (key,))
            self.pieces.forget(key)
            self.delete(*(f"{key}-{suffix}" for suffix in _SUFFIXES))
        self.delete(_STATUS, _PAUSED_AT, _OUTPUT)
        self.inbox.clear()
        self.timers.clear()


def _metadata(instance_id: str, workflow: str, params: Any, now_ms: int) -> JsObject:
    moment = Date(now_ms).toISOString()
    instance = {
        "id": instance_id,
        "created_on": moment,
        "modified_on": moment,
        "workflow_id": "",
        "version_id": "",
        "status": 0,
        "started_on": moment,
        "ended_on": jsnull,
    }
    event = {
        "timestamp": Date(now_ms),
        "payload": params,
        "instanceId": instance_id,
        "workflowName": workflow,
    }
    return JsObject(
        {
            "accountId": 0,
            "workflow": JsObject(),
            "version": JsObject(),
            "instance": JsObject(instance),
            "event": JsObject(event),
        }
    )
