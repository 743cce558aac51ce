"""A database as SQL that makes it again.

Implements: https://developers.cloudflare.com/d1/best-practices/import-export-data/
Differs: an infinite number is written so that SQLite can read it.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Collection, Iterator
from typing import Any

from ...js.convert import number, number_text

__all__ = ["Undumpable", "dump"]

_TABLES = """
    SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql NOT NULL
    ORDER BY tbl_name = 'sqlite_sequence', rowid
"""
_REST = """
    SELECT name, sql FROM sqlite_schema WHERE sql NOT NULL AND type IN ('index', 'trigger', 'view')
    ORDER BY type COLLATE NOCASE
"""


class Undumpable(Exception):
    """There is something in the database that D1 does not export."""


def dump(
    db: sqlite3.Connection, *, schema: bool = True, data: bool = True, only: Collection[str] = ()
) -> Iterator[str]:
    """Its statements; ``only``: these tables, and what else has such a name.

    Raises: Undumpable.
    """
    yield "PRAGMA defer_foreign_keys=TRUE;"
    for table, sql in db.execute(_TABLES).fetchall():
        if only and table not in only:
            continue
        made = _made(table, sql)
        if made is None:
            continue
        if schema:
            yield made
        if data:
            yield from _rows(db, table)
    if schema:
        for name, sql in db.execute(_REST).fetchall():
            if not only or name in only:
                yield f"{sql};"


def _made(table: str, sql: str) -> str | None:
    """The statement that makes ``table``; None: it is not exported."""
    if table == "sqlite_sequence":
        return "DELETE FROM sqlite_sequence;"
    if table.startswith("sqlite_stat") and len(table) > len("sqlite_stat"):
        return "ANALYZE sqlite_schema;"
    if sql.startswith("CREATE VIRTUAL TABLE"):
        raise Undumpable("D1 Export error: cannot export databases with Virtual Tables (fts5)")
    if table.startswith(("_cf_", "sqlite_")):
        return None
    if re.match("CREATE TABLE ['\"]", sql):  # as SQLite's own `.dump` has it
        return f"CREATE TABLE IF NOT EXISTS {sql[13:]};"
    return f"{sql};"


def _rows(db: sqlite3.Connection, table: str) -> Iterator[str]:
    columns = [row[1] for row in db.execute(f"PRAGMA table_info={_name(table)}")]
    names = [_name(column) for column in columns]
    for row in db.execute(f"SELECT {', '.join(names)} FROM {_name(table)}"):
        cells = ",".join(map(_literal, row))
        yield f"INSERT INTO {_name(table)} ({','.join(names)}) VALUES({cells});"


def _name(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _literal(cell: Any) -> str:
    if cell is None:
        return "NULL"
    if isinstance(cell, bytes):
        return f"X'{cell.hex()}'"
    if isinstance(cell, str):
        return _text(cell)
    if math.isinf(cell):
        return "9e999" if cell > 0 else "-9e999"
    return number_text(float(number(cell)))


def _text(text: str) -> str:
    """A text on one line."""
    quoted = text.replace("'", "''")
    literal = "'" + quoted.replace("\n", "\\n").replace("\r", "\\r") + "'"
    if "\r" in text:
        literal = f"replace({literal},'\\r',char(13))"
    if "\n" in text:
        literal = f"replace({literal},'\\n',char(10))"
    return literal
