"""The table `_cf_KV` that holds an object's key-value pairs, as bytes.

Made at the first write, and again after a rollback that undid it: whether it exists is
SQLite's to know.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from ..js.errors import JsException
from ..sqlite.errors import translate
from .database import Database
from .list_range import ListRange

_T = TypeVar("_T")

_CREATE = "CREATE TABLE IF NOT EXISTS _cf_KV (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID"
_GET = "SELECT value FROM _cf_KV WHERE key = ?"
_PUT = "INSERT INTO _cf_KV VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
_DELETE = "DELETE FROM _cf_KV WHERE key = ?"
_LIST = "SELECT key, value FROM _cf_KV WHERE key >= ? ORDER BY key"
_LIST_TO = "SELECT key, value FROM _cf_KV WHERE key >= ? AND key < ? ORDER BY key"


class KvTable:
    """Key-value pairs of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str) -> bytes | None:
        try:
            row = self._database.reading().execute(_GET, (key,)).fetchone()
        except sqlite3.OperationalError as exc:
            if _is_missing(exc):
                return None
            raise self._failure(exc) from exc
        return row[0] if row is not None else None

    def put(self, key: str, value: bytes, confirmed: bool = True) -> None:
        self._write(lambda db: db.execute(_PUT, (key, value)), confirmed)

    def put_all(self, pairs: Iterable[tuple[str, bytes]], confirmed: bool = True) -> None:
        """Store every pair, or none."""
        rows = list(pairs)

        def store(db: sqlite3.Connection) -> None:
            db.execute("SAVEPOINT _cf_put_multiple_savepoint")
            try:
                db.executemany(_PUT, rows)
            except sqlite3.Error:
                if db.in_transaction:
                    db.execute("ROLLBACK TO _cf_put_multiple_savepoint")
                raise
            finally:
                if db.in_transaction:
                    db.execute("RELEASE _cf_put_multiple_savepoint")

        self._write(store, confirmed)

    def delete(self, key: str, confirmed: bool = True) -> bool:
        """Whether there was such a key."""
        return self._write(lambda db: db.execute(_DELETE, (key,)).rowcount, confirmed) > 0

    def items(self, wanted: ListRange) -> Iterator[tuple[str, bytes]]:
        """The pairs of a range, in order of their keys' bytes, as they are when asked for."""
        sql, arguments = _LIST, (wanted.start,)
        if wanted.end is not None:
            sql, arguments = _LIST_TO, (wanted.start, wanted.end)  # type: ignore[assignment]
        order = " DESC" if wanted.reverse else ""
        limit = -1 if wanted.limit is None else wanted.limit
        try:
            cursor = self._database.reading().execute(f"{sql}{order} LIMIT ?", (*arguments, limit))
            yield from cursor
        except sqlite3.Error as exc:
            if not _is_missing(exc):
                raise self._failure(exc) from exc

    def _write(self, action: Callable[[sqlite3.Connection], _T], confirmed: bool) -> _T:
        database = self._database.writing(confirmed)
        try:
            try:
                return action(database)
            except sqlite3.OperationalError as exc:
                if not _is_missing(exc):
                    raise
                database.execute(_CREATE)
                return action(database)
        except sqlite3.Error as exc:
            raise self._failure(exc) from exc

    def _failure(self, exc: sqlite3.Error) -> JsException:
        self._database.check(exc)
        return self._database.broken or translate(exc, "", None)


def _is_missing(exc: Any) -> bool:
    return "no such table: _cf_KV" in str(exc)
