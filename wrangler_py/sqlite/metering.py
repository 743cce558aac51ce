"""`rowsRead` and `rowsWritten`, for which one is billed.

Production counts inside of SQLite. Python's sqlite3 cannot, so these are worked out when a
script asks, from the query plan and the table's indexes.

Source: https://developers.cloudflare.com/durable-objects/platform/pricing/
Differs: joins, sub-queries and schema changes are counted roughly.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import suppress

from .text import Statement, numbered, tokens

_SCAN = re.compile(r"SCAN (?:TABLE )?(?P<table>\S+)")
_CHANGES = frozenset(("INSERT", "REPLACE", "UPDATE", "DELETE"))


def rows_written(statement: Statement, db: sqlite3.Connection, changes: int) -> int:
    """Rows that were changed, and the entries of indexes that changed with them."""
    if _creates_table(statement):
        return 2  # its row in the schema, made and filled
    if not changes or statement.verb not in _CHANGES or statement.verb == "DELETE":
        return changes
    with suppress(sqlite3.Error, ValueError):
        return changes * (1 + _touched_indexes(statement, db))
    return changes


def rows_read(statement: Statement, db: sqlite3.Connection, returned: int, changes: int) -> int:
    """Rows that were looked at: all of a table that no index narrows down."""
    if statement.verb not in ("SELECT", "UPDATE", "DELETE"):
        return int(_creates_table(statement))
    least = returned if statement.verb == "SELECT" else changes
    words = [token.text.upper() for token in tokens(statement.text)]
    if ("FROM" not in words and statement.verb == "SELECT") or (
        "WHERE" not in words and statement.verb == "DELETE"  # the table is emptied at once
    ):
        return 0
    if "LIMIT" in words:
        return least
    with suppress(sqlite3.Error):
        return max(least, _scanned(statement, db))
    return least


def _creates_table(statement: Statement) -> bool:
    words = [token.text.upper() for token in tokens(statement.text)[:2]]
    return words == ["CREATE", "TABLE"]


def _scanned(statement: Statement, db: sqlite3.Connection) -> int:
    """The sizes of the tables that the query plan scans whole."""
    sql = statement.text
    # The text decides the plan, whatever the values are.
    values = {str(n): None for n in range(1, statement.count + 1)}
    plan = db.execute(f"EXPLAIN QUERY PLAN {numbered(sql)}", values)
    total = 0
    for *_, detail in plan.fetchall():
        if (match := _SCAN.match(detail)) and (table := _table_named(match["table"], sql, db)):
            total += db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
    return total


def _table_named(name: str, sql: str, db: sqlite3.Connection) -> str | None:
    """The table behind ``name``, which may be an alias."""
    known = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type='table'")}
    if name in known:
        return name
    alias = re.search(rf"(\w+)\s+(?:as\s+)?{re.escape(name)}\b", sql, re.IGNORECASE)
    return alias[1] if alias and alias[1] in known else None


def _touched_indexes(statement: Statement, db: sqlite3.Connection) -> int:
    """Indexes of the statement's table with a column that it sets."""
    words = [t.text.strip("\"'`[]") for t in tokens(statement.text) if t.kind in ("word", "quoted")]
    upper = [word.upper() for word in words]
    start = upper.index("UPDATE" if statement.verb == "UPDATE" else "INTO") + 1
    table = words[start]
    indexes = db.execute("SELECT name, origin FROM pragma_index_list(?)", (table,)).fetchall()
    if statement.verb != "UPDATE":
        return len(indexes) - _is_own_index(table, db)
    changed = set(words[upper.index("SET") :])
    columns = [
        {row[0] for row in db.execute("SELECT name FROM pragma_index_info(?)", (name,))}
        for name, _ in indexes
    ]
    return sum(1 for index in columns if index & changed)


def _is_own_index(table: str, db: sqlite3.Connection) -> bool:
    """Whether the table is its primary key's index (WITHOUT ROWID)."""
    sql = "SELECT wr FROM pragma_table_list WHERE name = ?"
    row = db.execute(sql, (table,)).fetchone()
    return row is not None and bool(row[0])
