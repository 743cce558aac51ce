"""Cursors: the rows of one `sql.exec()`, read as they are asked for.

Implements: https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/#returns
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from ..js.array import JsArray
from ..js.buffers import ArrayBuffer
from ..js.convert import number
from ..js.errors import error, type_error
from ..js.null import null
from ..js.object import JsObject
from ..js.proxy import JsProxy
from ..sqlite import metering
from ..sqlite.errors import translate
from ..sqlite.text import Statement
from ..web.iterators import ValueIterator
from .database import Database

NO_ROW = "Expected exactly one result from SQL query, but got no results."
MANY_ROWS = "Expected exactly one result from SQL query, but got multiple results."
DELETED = "SQLite query was canceled because the database was deleted."

_CONVERT: dict[type, Callable[[Any], Any]] = {
    int: number,
    float: number,
    bytes: ArrayBuffer._of,
    type(None): lambda _: null(),
}


class Result:
    """A statement that has begun to run; shared by a cursor and its iterators."""

    def __init__(
        self,
        database: Database,
        statement: Statement,
        cursor: sqlite3.Cursor,
        connection: sqlite3.Connection,
        changes: int,
    ) -> None:
        self._database, self._epoch = database, database.epoch
        self._statement, self._connection = statement, connection
        self.columns: list[str] = [column[0] for column in cursor.description or ()]
        self.changes = changes
        self.rows_returned = 0
        # A write must be done before its turn's commit, and one without columns has no rows.
        self._rows: Iterator[Any] | None = (
            iter(cursor.fetchall()) if statement.writes or not self.columns else cursor
        )

    def next(self) -> list[Any] | None:
        """The next row's values as JavaScript has them; None after the last."""
        if self._rows is None:
            return None
        row = self._step(self._rows)
        if row is None:
            self.close()
            return None
        self.rows_returned += 1
        return [value if type(value) is str else _CONVERT[type(value)](value) for value in row]

    def close(self) -> None:
        self._rows = None

    def rows_read(self) -> int:
        return metering.rows_read(
            self._statement, self._connection, self.rows_returned, self.changes
        )

    def rows_written(self) -> int:
        return metering.rows_written(self._statement, self._connection, self.changes)

    def _step(self, rows: Iterator[Any]) -> Any:
        if self._epoch != self._database.epoch:
            self.close()
            raise error(DELETED)
        guard = self._database.guard
        guard.script = self._statement.text
        try:
            return next(rows, None)
        except sqlite3.Error as exc:
            guard.script = None
            self.close()
            raise translate(exc, self._statement.text, self._connection) from exc
        finally:
            guard.script = None


class Cursor(JsProxy):
    """What `exec` returns: `next`, `toArray`, `one`, `raw`, and iteration by row."""

    def __init__(self, result: Result) -> None:
        self._result = result

    @classmethod
    def _construct(cls, *_: Any) -> NoReturn:
        raise type_error("Illegal constructor")

    @property
    def columnNames(self) -> JsArray:
        return JsArray(list(self._result.columns))

    @property
    def rowsRead(self) -> int:
        return self._result.rows_read()

    @property
    def rowsWritten(self) -> int:
        return self._result.rows_written()

    def next(self) -> JsObject:
        row = self._row()
        return JsObject({"done": True} if row is None else {"done": False, "value": row})

    def toArray(self) -> JsArray:
        return JsArray(list(self))

    def one(self) -> JsObject:
        row = self._row()
        if row is None:
            raise error(NO_ROW)
        if self._result.next() is not None:
            self._result.close()
            raise error(MANY_ROWS)
        return row

    def raw(self) -> RawIterator:
        return RawIterator(self._values())

    def __iter__(self) -> Iterator[JsObject]:
        return RowIterator(self._rows())

    def _row(self) -> JsObject | None:
        values = self._result.next()
        if values is None:
            return None
        return JsObject(dict(zip(self._result.columns, values, strict=True)))

    def _rows(self) -> Iterator[JsObject]:
        while (row := self._row()) is not None:
            yield row

    def _values(self) -> Iterator[JsArray]:
        while (values := self._result.next()) is not None:
            yield JsArray(values)


class RowIterator(ValueIterator, raw=True):
    """Iterates a cursor by row objects."""


class RawIterator(ValueIterator, raw=True):
    """Iterates a cursor by arrays of values."""
