"""`storage.sql`: the object's database in SQL.

Implements: https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/#sql-api
"""

from __future__ import annotations

import sqlite3
from typing import Any, NoReturn

from ..js.buffers import bytes_of
from ..js.convert import MAX_SAFE_INTEGER, to_string
from ..js.errors import error, type_error
from ..js.null import is_nullish
from ..js.proxy import JsProxy
from ..sqlite.errors import (
    NO_STATEMENT,
    ONLY_LAST_HAS_PARAMETERS,
    translate,
)
from ..sqlite.guard import USE_TRANSACTION
from ..sqlite.prepare import prepared, size
from ..sqlite.text import Statement, statements
from ..web.idl import MISSING, bad_argument, usv_string
from .database import Database
from .sql_cursor import Cursor, Result

NOT_SQLITE = (
    "SQL is not enabled for this Durable Object class. To enable it, change `new_classes` to "
    "`new_sqlite_classes` within the 'migrations' field in your wrangler.jsonc or wrangler.toml "
    "file. If using workerd directly,set `enableSql = true` in your workerd config for the class. "
    "Note that this change cannot be made after the class is already deployed to production."
)


class SqlStorage(JsProxy):
    """`exec` and `databaseSize`."""

    def __init__(self, database: Database, enabled: bool) -> None:
        self._database, self._enabled = database, enabled

    @classmethod
    def _construct(cls, *_: Any) -> NoReturn:
        raise type_error("Illegal constructor")

    def exec(self, query: Any = MISSING, *bindings: Any) -> Cursor:
        if query is MISSING:
            raise bad_argument("SqlStorage", "exec", 1, "String")
        values = [_bindable(value) for value in bindings]
        self._require()
        *before, last = statements(usv_string(query))
        for statement in before:
            if statement.count:
                raise error(ONLY_LAST_HAS_PARAMETERS)
            self._run(statement, []).close()
        return Cursor(self._run(last, values))

    @property
    def databaseSize(self) -> int:
        self._require()
        return size(self._database.reading())

    def _require(self) -> None:
        if not self._enabled:
            raise error(NOT_SQLITE)

    def _run(self, statement: Statement, values: list[Any]) -> Result:
        if not statement.verb:
            raise error(NO_STATEMENT)
        database = self._database
        db = _connection(database, statement)
        sql, arguments = prepared(statement, values)
        before = db.total_changes
        guard = database.guard
        guard.script, guard.refused_transaction = sql, False
        try:
            cursor = db.execute(sql, arguments)
        except sqlite3.Error as exc:
            guard.script = None
            raise self._failure(exc, statement, db) from exc
        finally:
            guard.script = None
        return Result(database, statement, cursor, db, db.total_changes - before)

    def _failure(
        self, exc: sqlite3.Error, statement: Statement, db: sqlite3.Connection
    ) -> Exception:
        self._database.check(exc)
        if self._database.broken is not None:
            return self._database.broken
        if self._database.guard.refused_transaction:
            return error(USE_TRANSACTION)
        return translate(exc, statement.text, db)


def _connection(database: Database, statement: Statement) -> sqlite3.Connection:
    if statement.writes:
        return database.writing()
    return database.configuring() if statement.configures else database.reading()


def _bindable(value: Any) -> Any:
    """A script's value as SQLite stores it: every number is REAL, what else is text."""
    if is_nullish(value):
        return None
    if isinstance(value, str):
        return usv_string(value)
    if isinstance(value, bool):
        return to_string(value)
    if isinstance(value, int):
        if abs(value) >= MAX_SAFE_INTEGER or type(value).__name__ == "JsBigInt":
            raise type_error("Cannot convert a BigInt value to a number")
        return float(value)
    if isinstance(value, float):
        return value
    data = bytes_of(value)
    return usv_string(value) if data is None else data
