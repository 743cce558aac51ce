"""The databases themselves: each call is one transaction on wrangler's own file.

Source: https://developers.cloudflare.com/d1/worker-api/return-object/
Differs: `rows_read` and `rows_written` are worked out, see `sqlite/metering.py`.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from ...js.errors import JsException, error
from ...sqlite import metering
from ...sqlite.connection import connect
from ...sqlite.errors import NO_STATEMENT, ONLY_LAST_HAS_PARAMETERS, translate
from ...sqlite.guard import USE_TRANSACTION, Guard
from ...sqlite.prepare import prepared, size
from ...sqlite.text import Statement, statements
from ...stores.ids import id_of
from ...stores.stores import Stores
from ...web.idl import usv_string
from .dump import Undumpable, dump
from .values import MALFORMED, stored

__all__ = ["Database", "Databases", "Outcome", "Query", "Refused"]

NOTHING = "No SQL statements detected."
_BUSY_S = 5.0  # `wrangler d1 execute` may be writing to the file
_LEAST_SIZE = 4096  # of a database that nobody wrote to: one page
_COMMENT = re.compile(r"^\s*--.*", re.MULTILINE)


class Refused(Exception):
    """The database's answer is an error: its text, without D1's prefix."""


class Query(NamedTuple):
    sql: Any
    params: Sequence[Any] = ()


class Outcome(NamedTuple):
    """What one query gave."""

    columns: list[str]
    rows: list[tuple[Any, ...]]
    meta: dict[str, Any]
    """As in `D1Result.meta`; only if it was asked for."""
    took_ms: float


class _Ran(NamedTuple):
    columns: list[str]
    rows: list[tuple[Any, ...]]
    changes: int


class Databases:
    """The open databases of one project, by id."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._open: dict[str, Database] = {}

    def open(self, name: str) -> Database:
        if name not in self._open:
            path = self._stores.database_path("d1", "D1DatabaseObject", name)
            self._open[name] = Database(path, name, self._stores)
        return self._open[name]

    def close(self) -> None:
        opened, self._open = self._open, {}
        for each in opened.values():
            each.close()


class Database:
    """One database."""

    def __init__(self, path: Path | None, name: str, stores: Stores) -> None:
        self._guard = Guard()
        self._db = connect(path, self._guard, busy_s=_BUSY_S, longest=None)
        self._name, self._clock = id_of("d1", name)[:32], stores.clock
        self._written_ms, self._transactions = self._clock.now_ms(), 0

    def close(self) -> None:
        self._db.close()

    def bookmark(self) -> str:
        """A text that sorts after that of every earlier state."""
        high, low = divmod(self._written_ms, 1 << 32)
        return f"{high:08x}-{low:08x}-{self._transactions:08x}-{self._name}"

    def run(self, queries: Sequence[Query], measured: bool) -> list[Outcome]:
        """All of ``queries`` in one transaction; ``measured``: whether `meta` is wanted.

        Raises: Refused: one of them failed, and nothing was written.
        """
        if any(not isinstance(query.sql, str) for query in queries):
            raise Refused(MALFORMED)
        read = [Query(usv_string(query.sql), query.params) for query in queries]
        asked = [query for query in read if _COMMENT.sub("", query.sql).strip()]
        if not asked:
            raise Refused(NOTHING)
        with self._transaction(any(s.writes for q in asked for s in statements(q.sql))):
            return [self._query(query, measured) for query in asked]

    def dump(self, *, schema: bool, data: bool, only: Sequence[str]) -> list[str]:
        """The database as SQL, see `dump.dump`.

        Raises: Refused: it has something that D1 does not export.
        """
        with self._transaction(False):
            try:
                return list(dump(self._db, schema=schema, data=data, only=only))
            except Undumpable as exc:
                raise Refused(str(exc)) from None

    @contextmanager
    def _transaction(self, writes: bool) -> Iterator[None]:
        try:
            self._db.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
        except sqlite3.Error as exc:
            raise Refused(translate(exc, "", None).message) from exc
        try:
            yield
        except BaseException:
            self._roll_back()
            raise
        try:
            self._db.execute("COMMIT")
        except sqlite3.Error as exc:
            self._roll_back()
            raise _internal(exc) from exc
        if writes:
            self._written_ms = max(self._written_ms, self._clock.now_ms())
            self._transactions += 1

    def _roll_back(self) -> None:
        if self._db.in_transaction:  # INSERT OR ROLLBACK does it by itself
            self._db.execute("ROLLBACK")

    def _query(self, query: Query, measured: bool) -> Outcome:
        *before, last = statements(query.sql)
        try:
            values = [stored(each) for each in query.params]
        except ValueError as exc:
            raise Refused(str(exc)) from None
        if any(statement.count for statement in before):
            raise Refused(ONLY_LAST_HAS_PARAMETERS)
        state, started = self._state() if measured else None, perf_counter()
        for statement in before:
            self._execute(statement, [])
        ran = self._execute(last, values)
        took = round((perf_counter() - started) * 1000, 3)
        meta = {} if state is None else self._meta(state, last, ran, took)
        return Outcome(ran.columns, ran.rows, meta, took)

    def _execute(self, statement: Statement, values: list[Any]) -> _Ran:
        if not statement.verb:
            raise Refused(NO_STATEMENT)
        db, guard = self._db, self._guard
        before = db.total_changes
        try:
            sql, arguments = prepared(statement, values)
            guard.script, guard.refused_transaction = sql, False
            cursor = db.execute(sql, arguments)
            rows = cursor.fetchall()
        except sqlite3.Error as exc:
            guard.script = None
            if guard.refused_transaction:
                raise Refused(USE_TRANSACTION) from None
            raise Refused(translate(exc, statement.text, db).message) from exc
        except JsException as exc:
            raise Refused(exc.message) from None
        finally:
            guard.script = None
        columns = [column[0] for column in cursor.description or ()]
        return _Ran(columns, rows, db.total_changes - before)

    def _state(self) -> tuple[int, int, int]:
        """Rows changed since the file was opened, the last row's id, bytes."""
        row = self._db.execute("SELECT last_insert_rowid()").fetchone()[0]
        return self._db.total_changes, row, max(size(self._db), _LEAST_SIZE)

    def _meta(
        self, before: tuple[int, int, int], last: Statement, ran: _Ran, took: float
    ) -> dict[str, Any]:
        after = self._state()
        read = metering.rows_read(last, self._db, len(ran.rows), ran.changes)
        return {
            "served_by": "miniflare.db",
            "served_by_primary": True,
            "total_attempts": 1,
            "timings": {"sql_duration_ms": took},
            "duration": took,
            "changes": after[0] - before[0],
            "last_row_id": after[1],
            "changed_db": after != before,
            "size_after": after[2],
            "rows_read": read,
            "rows_written": metering.rows_written(last, self._db, ran.changes),
        }


def _internal(exc: sqlite3.Error) -> JsException:
    """A commit that failed: production tells nothing of it but where its operators look."""
    from secrets import choice  # hardly ever needed

    reference = "".join(choice("0123456789abcdefghijklmnopqrstuv") for _ in range(24))
    failed = error(f"internal error; reference = {reference}")
    failed.add_note(f"hint: the transaction could not be committed: {exc}")
    return failed
