"""SQLite's errors in the words of workerd: message, place, code.

`near "x": syntax error at offset 7: SQLITE_ERROR`
"""

from __future__ import annotations

import re
import sqlite3

from ..js.errors import JsException, error
from .text import tokens

MAX_VARIABLES = 100

NO_STATEMENT = "SQL code did not contain a statement."
WRONG_BINDINGS = "Wrong number of parameter bindings for SQL query."
ONLY_LAST_HAS_PARAMETERS = (
    "When executing multiple SQL statements in a single call, only the last statement can have "
    "parameters."
)

# Messages about one token of the text, which SQLite knows the place of.
_SYNTAX = re.compile(r'near "(?P<token>.+)": syntax error', re.DOTALL)
_PLACED = re.compile(
    r"unrecognized token: \"(?P<start>.)|no such column: (?P<name>.+)"
    r"|no such function: (?P<function>.+)|ambiguous column name: (?P<ambiguous>.+)"
    r"|not authorized to use function: (?P<denied>.+)"
    r"|wrong number of arguments to function (?P<called>\w+)\(\)"
    r"|(?:table|view|index) (?P<existing>.+) already exists",
    re.DOTALL,
)
_UNPLACED = ("UPDATE", "INSERT")  # verbs whose column errors come without a place


def translate(exc: sqlite3.Error, sql: str, connection: sqlite3.Connection | None) -> JsException:
    """``exc`` as the error that a script sees; ``connection`` helps to find a syntax error."""
    message = str(exc)
    code = getattr(exc, "sqlite_errorcode", None)
    if code is None:
        return error(_foreign(message))
    extended = _NAMELESS.get(code) or getattr(exc, "sqlite_errorname", "SQLITE_ERROR")
    primary = _PRIMARY.get(code & 0xFF, extended)
    place = _offset(message, sql, connection)
    where = "" if place is None else f" at offset {len(sql[:place].encode('utf-8', 'replace'))}"
    detail = "" if extended == primary else f" (extended: {extended})"
    return error(f"{message}{where}: {primary}{detail}")


def _foreign(message: str) -> str:
    """An error that Python's module raises itself."""
    if "number of bindings" in message:
        return WRONG_BINDINGS
    if "too large" in message:
        return "statement too long: SQLITE_TOOBIG"
    return f"{message}: SQLITE_ERROR"


def _offset(message: str, sql: str, connection: sqlite3.Connection | None) -> int | None:
    if (match := _SYNTAX.fullmatch(message)) and connection is not None:
        return _syntax_offset(match["token"], message, sql, connection)
    if "SQL variables" in message or message.startswith("variable number"):
        return _variable_offset(sql)
    match = _PLACED.fullmatch(message) or (_PLACED.match(message) if "token" in message else None)
    if match is None:
        return None
    if match["start"]:
        return next((t.start for t in tokens(sql) if t.text.startswith(match["start"])), None)
    if match["name"] and sql.lstrip()[:6].upper() in _UNPLACED:
        return None
    wanted = re.escape(next(x for x in match.groups() if x))
    name = re.compile(rf"""["'`\[]?{wanted}(?!\w)""", re.IGNORECASE)
    return next((t.start for t in tokens(sql) if name.match(sql, t.start)), None)


def _variable_offset(sql: str) -> int | None:
    """The placeholder that is one too many."""
    params = [t for t in tokens(sql) if t.kind == "param"]
    for count, token in enumerate(params, 1):
        if count > MAX_VARIABLES or not 1 <= _number(token.text) <= MAX_VARIABLES:
            return token.start
    return None


def _number(param: str) -> int:
    return int(param[1:]) if param[1:].isdigit() else 1


def _syntax_offset(
    token: str, message: str, sql: str, connection: sqlite3.Connection
) -> int | None:
    """The first place of ``token`` at which the text up to it fails in the same way."""
    for found in tokens(sql):
        if found.text != token:
            continue
        try:
            connection.execute("EXPLAIN " + sql[: found.start + len(token)])
        except sqlite3.Error as exc:
            if str(exc) == message:
                return found.start
    return None


_NAMELESS = {3091: "SQLITE_CONSTRAINT_DATATYPE"}  # codes that Python has no name for

_PRIMARY = {
    getattr(sqlite3, name): name
    for name in (
        "SQLITE_ERROR",
        "SQLITE_INTERNAL",
        "SQLITE_PERM",
        "SQLITE_ABORT",
        "SQLITE_BUSY",
        "SQLITE_LOCKED",
        "SQLITE_NOMEM",
        "SQLITE_READONLY",
        "SQLITE_INTERRUPT",
        "SQLITE_IOERR",
        "SQLITE_CORRUPT",
        "SQLITE_NOTFOUND",
        "SQLITE_FULL",
        "SQLITE_CANTOPEN",
        "SQLITE_PROTOCOL",
        "SQLITE_SCHEMA",
        "SQLITE_TOOBIG",
        "SQLITE_CONSTRAINT",
        "SQLITE_MISMATCH",
        "SQLITE_MISUSE",
        "SQLITE_AUTH",
        "SQLITE_RANGE",
        "SQLITE_NOTADB",
    )
}
