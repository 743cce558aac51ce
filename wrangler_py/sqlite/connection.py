"""Opening the SQLite file of one object: the settings and limits that production has.

Implements: https://developers.cloudflare.com/durable-objects/platform/limits/
Differs: the limit of 2 MB for a string, blob or row is the documented one; production is
known to be laxer.
"""

from __future__ import annotations

import functools
import sqlite3
from pathlib import Path

from .errors import MAX_VARIABLES
from .functions import add_missing
from .guard import Guard
from .opening import opening

MEMORY = ":memory:"

_BUSY_S = 1.0  # another tool may hold the file; the loop must not wait long for it
_LONGEST = 2 * 1024 * 1024

_DEFENSIVE = 1010  # SQLITE_DBCONFIG_DEFENSIVE

_LIMITS = {
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 5,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 25_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 127,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 50,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: MAX_VARIABLES,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 10,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}

# Text that is no UTF-8 (a script may cast a blob) reads as in JavaScript.
_decode = functools.partial(str, encoding="utf-8", errors="replace")


def connect(
    path: Path | None,
    guard: Guard,
    *,
    busy_s: float = _BUSY_S,
    longest: int | None = _LONGEST,
) -> sqlite3.Connection:
    """Open or create the file at ``path``, or a database in memory.

    ``busy_s``: how long to wait for another process; ``longest``: the bytes of a string, blob or
    row, None: as SQLite was built.
    """
    name: str | Path = MEMORY
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        name = path
    with opening(path):
        connection = sqlite3.connect(name, timeout=busy_s, isolation_level=None)
        if path is not None:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
    connection.text_factory = _decode
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA recursive_triggers=OFF")
    add_missing(connection)
    for limit, value in _LIMITS.items():
        connection.setlimit(limit, value)
    if longest is not None:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, longest)
    if (set_config := getattr(connection, "setconfig", None)) is not None:  # Python 3.12
        set_config(_DEFENSIVE, True)
    connection.set_authorizer(guard.authorize)
    return connection
