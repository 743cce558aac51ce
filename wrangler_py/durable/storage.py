"""`ctx.storage`: what one Durable Object remembers.

Implements: https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/
Differs: no point-in-time recovery, as in local workerd.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ..js.callbacks import invoke
from ..js.errors import error
from ..js.promise import PromiseTask, PyodideFuture, settle, spawn
from ..web.idl import MISSING, bad_argument, require_callable
from .alarm_store import AlarmIndex, ObjectAlarm, next_bookmark
from .database import Database, Failure, Memory
from .kv_table import KvTable
from .operations import StorageOperations, _milliseconds
from .storage_kv import SyncKvStorage
from .storage_sql import SqlStorage
from .stored_value import LegacyCodec, SqliteCodec
from .transactions import NO_DELETE_ALL, Block, TransactionQueue

NO_RECOVERY = "This Durable Object's storage back-end does not implement point-in-time recovery."


@dataclass(frozen=True, slots=True)
class StorageRules:
    """What a class's configuration and compatibility date say about its storage."""

    sqlite: bool = True
    """Declared with `new_sqlite_classes`; False: `new_classes`, no SQL, smaller values."""
    delete_all_deletes_alarm: bool = True
    """`delete_all_deletes_alarm`, on from 2026-02-24."""


class DurableObjectStorage(StorageOperations):
    """The storage of one object."""

    def __init__(
        self,
        database: Database,
        alarm: ObjectAlarm,
        rules: StorageRules = StorageRules(),
        block: Block | None = None,
    ) -> None:
        self._database = database
        self._table = KvTable(database)
        self._codec = SqliteCodec() if rules.sqlite else LegacyCodec()
        self._alarm = alarm
        self._rules = rules
        self._transactions = TransactionQueue(self, database, block)

    @cached_property
    def sql(self) -> SqlStorage:
        return SqlStorage(self._database, self._rules.sqlite)

    @cached_property
    def kv(self) -> SyncKvStorage:
        return SyncKvStorage(self._table, self._codec, self._rules.sqlite)

    def deleteAll(self, options: Any = None) -> PyodideFuture:
        return settle(self._delete_all, options)

    def transaction(self, closure: Any = MISSING, options: Any = None) -> PromiseTask:
        require_callable(closure, "DurableObjectStorage", "transaction")
        return spawn(self._transactions.run(closure))

    def transactionSync(self, callback: Any = MISSING) -> Any:
        require_callable(callback, "DurableObjectStorage", "transactionSync")
        with self._database.savepoint():
            return invoke(callback)

    def sync(self) -> PyodideFuture:
        return settle(self._database.flush)

    def getCurrentBookmark(self) -> PyodideFuture:
        return settle(next_bookmark, self._database)

    def getBookmarkForTime(self, timestamp: Any = MISSING) -> PyodideFuture:
        return settle(self._no_recovery, timestamp, "getBookmarkForTime", "date")

    def onNextSessionRestoreBookmark(self, bookmark: Any = MISSING) -> PyodideFuture:
        return settle(self._no_recovery, bookmark, "onNextSessionRestoreBookmark", "string")

    def _no_recovery(self, argument: Any, method: str, kind: str) -> None:
        if argument is MISSING or (kind == "date" and _milliseconds(argument) is None):
            raise bad_argument("DurableObjectStorage", method, 1, kind)
        raise error(NO_RECOVERY)

    def _delete_all(self, options: Any) -> None:
        self._confirmed(options, "deleteAll", 1)
        if self._database.depth:
            raise error(NO_DELETE_ALL)
        alarm = self._alarm.stored()
        self._database.delete_all()
        if alarm is not None and not self._rules.delete_all_deletes_alarm:
            self._alarm.set(alarm)
        elif alarm is not None:
            self._alarm.forget()


def open_storage(
    folder: Path | None,
    actor_id: str,
    index: AlarmIndex,
    *,
    name: str | None = None,
    rules: StorageRules = StorageRules(),
    block: Block | None = None,
    on_failure: Failure | None = None,
    memory: Memory | None = None,
) -> DurableObjectStorage:
    """The storage of one object, in its file in the class's ``folder``; None: in ``memory``."""
    path = None if folder is None else folder / f"{actor_id}.sqlite"
    database = Database(path, on_failure, memory)
    return DurableObjectStorage(
        database, ObjectAlarm(database, index, actor_id, name), rules, block
    )


def durable(storage: DurableObjectStorage) -> PyodideFuture:
    """The output gate's seam: settled when what was written until now is committed."""
    return storage._database.durable()


def close(storage: DurableObjectStorage, commit: bool = True) -> None:
    """Release the file; ``commit`` False drops what the running turn wrote (`ctx.abort`)."""
    if commit:
        storage._database.close()
    else:
        storage._database.abandon()
