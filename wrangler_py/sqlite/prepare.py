"""What Python's sqlite3 gets of a script's statement, and what a database measures.

Source: https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/
"""

from __future__ import annotations

import sqlite3
from typing import Any

from ..js.errors import error
from .errors import MAX_VARIABLES, WRONG_BINDINGS
from .text import Statement, numbered

__all__ = ["prepared", "size"]

_OURS = frozenset(("BEGIN", "COMMIT", "END", "PRAGMA", "RELEASE", "ROLLBACK", "SAVEPOINT"))

_SIZE = "SELECT (SELECT * FROM pragma_page_count) - (SELECT * FROM pragma_freelist_count)"


def prepared(statement: Statement, values: list[Any]) -> tuple[str, Any]:
    """What Python's sqlite3 gets: it wants named placeholders by name, and no mixture."""
    sql = statement.text
    if "_cf_" in sql.lower() or statement.verb in _OURS:
        sql += " "  # never the text of a statement of ours, which was prepared unguarded
    is_valid = statement.count <= MAX_VARIABLES and all(number for _, number in statement.names)
    if len(values) != statement.count and is_valid:
        raise error(WRONG_BINDINGS)
    if not statement.names:
        return sql, values
    if len(values) != statement.count or not is_valid:
        return sql, {}  # SQLite says what is wrong
    used = sorted({number for _, number in statement.names})
    if not statement.has_bare and len(used) < statement.count:  # `?2` alone
        places = {number: place for place, number in enumerate(used, 1)}
        return numbered(sql, places), {str(places[n]): values[n - 1] for n in used}
    keys = {name[1:]: values[number - 1] for name, number in statement.names}
    if statement.has_bare or len(keys) < len(statement.names):
        return numbered(sql), {str(n): value for n, value in enumerate(values, 1)}
    return sql, keys


def size(db: sqlite3.Connection) -> int:
    """Bytes of the pages in use."""
    pages = db.execute(_SIZE).fetchone()[0]
    return int(pages * db.execute("PRAGMA page_size").fetchone()[0])
