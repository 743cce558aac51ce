"""What a script's SQL may do: names, functions and pragmas that are allowed.

Implements: https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable

USE_TRANSACTION = (
    "To execute a transaction, please use the state.storage.transaction() or "
    "state.storage.transactionSync() APIs instead of the SQL BEGIN TRANSACTION or SAVEPOINT "
    "statements. The JavaScript API is safer because it will automatically roll back on "
    "exceptions, and because it interacts correctly with Durable Objects' automatic atomic "
    "write coalescing."
)

_FUNCTIONS = frozenset(
    """
    abs changes char coalesce concat concat_ws format glob hex ifnull iif instr
    last_insert_rowid length like likelihood likely load_extension lower ltrim max_scalar
    min_scalar nullif octet_length printf quote random randomblob replace round rtrim sign
    soundex substr substring total_changes trim typeof unhex unicode unlikely upper zeroblob
    date time datetime julianday unixepoch strftime timediff
    current_date current_time current_timestamp
    avg count group_concat max min string_agg sum total
    row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value
    nth_value
    acos acosh asin asinh atan atan2 atanh ceil cos cosh degrees exp floor ln log log2 mod pi
    pow radians sin sinh sqrt tan tanh trunc
    json jsonb json_array jsonb_array json_array_length json_extract jsonb_extract -> ->>
    json_insert jsonb_insert json_object jsonb_object json_patch jsonb_patch json_remove
    jsonb_remove json_replace jsonb_replace json_set jsonb_set json_type json_valid json_quote
    json_group_array jsonb_group_array json_group_object jsonb_group_object json_each json_tree
    match highlight bm25 snippet rtreecheck
    sqlite_rename_column sqlite_rename_table sqlite_rename_test sqlite_drop_column
    sqlite_rename_quotefix
    """.split()
)

# Tables about SQLite itself, which the host's library may have and production's has not.
_INTERNAL = frozenset(("dbstat", "sqlite_stmt", "sqlite_dbpage", "bytecode", "tables_used"))

_VIRTUAL_TABLES = frozenset(("fts5", "fts5vocab", "rtree", "rtree_i32"))

_BOOLEAN = re.compile(r"""(['"]?)(true|false|yes|no|on|off|1|0).*\1""", re.IGNORECASE)
_INTEGER = re.compile(r"-?\d+")
_RENAME = re.compile(r"""\brename\s+to\s+["'`\[]?_cf_""", re.IGNORECASE)


def is_allowed_name(name: str | None) -> bool:
    """Names that begin with `_cf_` belong to the platform."""
    return name is not None and name[:4].lower() != "_cf_"


def _bare(value: str | None) -> bool:
    return value is None


def _boolean(value: str | None) -> bool:
    return value is None or _BOOLEAN.fullmatch(value) is not None


def _optional_name(value: str | None) -> bool:
    return value is None or is_allowed_name(value)


def _optional_number(value: str | None) -> bool:
    return value is None or _INTEGER.fullmatch(value) is not None


_PRAGMAS: dict[str, Callable[[str | None], bool]] = {
    "data_version": _bare,
    "page_size": _bare,
    "table_list": lambda _: True,
    "table_info": is_allowed_name,
    "table_xinfo": is_allowed_name,
    "case_sensitive_like": _boolean,
    "foreign_keys": _boolean,
    "defer_foreign_keys": _boolean,
    "ignore_check_constraints": _boolean,
    "legacy_alter_table": _boolean,
    "recursive_triggers": _boolean,
    "reverse_unordered_selects": _boolean,
    "foreign_key_check": _optional_name,
    "foreign_key_list": is_allowed_name,
    "index_info": is_allowed_name,
    "index_list": is_allowed_name,
    "index_xinfo": is_allowed_name,
    "quick_check": _optional_name,
    "optimize": _optional_number,
}

_ALWAYS = frozenset((sqlite3.SQLITE_SELECT, sqlite3.SQLITE_ANALYZE, sqlite3.SQLITE_RECURSIVE))
_NAMED = frozenset(
    (
        sqlite3.SQLITE_CREATE_TABLE,
        sqlite3.SQLITE_DELETE,
        sqlite3.SQLITE_DROP_TABLE,
        sqlite3.SQLITE_INSERT,
        sqlite3.SQLITE_CREATE_VIEW,
        sqlite3.SQLITE_DROP_VIEW,
        sqlite3.SQLITE_REINDEX,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_UPDATE,
    )
)
_NAMED_TWICE = frozenset(
    (
        sqlite3.SQLITE_CREATE_INDEX,
        sqlite3.SQLITE_DROP_INDEX,
        sqlite3.SQLITE_CREATE_TRIGGER,
        sqlite3.SQLITE_DROP_TRIGGER,
    )
)
_VIRTUAL = frozenset((sqlite3.SQLITE_CREATE_VTABLE, sqlite3.SQLITE_DROP_VTABLE))
_TRANSACTIONS = frozenset((sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_SAVEPOINT))
_IN_TEMP = frozenset((sqlite3.SQLITE_READ, sqlite3.SQLITE_UPDATE))


class Guard:
    """The authorizer of one connection: our statements may do anything, a script's may not."""

    def __init__(self) -> None:
        self.script: str | None = None
        """The script's statement that SQLite is busy with; None: one of ours."""
        self.refused_transaction = False
        """A script's statement would have begun or ended a transaction."""

    def authorize(
        self, action: int, first: str | None, second: str | None, database: str | None, _: object
    ) -> int:
        """SQLite's authorizer callback."""
        if self.script is None:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_ALTER_TABLE:  # the one action whose names come in disorder
            first, second, database = second, None, first
        allowed = (
            action in _IN_TEMP and is_allowed_name(first)
            if database == "temp"
            else database in (None, "main") and self._allows(action, first, second)
        )
        return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY

    def _allows(self, action: int, first: str | None, second: str | None) -> bool:
        if action in _NAMED:
            return is_allowed_name(first) and first not in _INTERNAL
        if action in _ALWAYS:
            return True
        if action == sqlite3.SQLITE_FUNCTION:
            return second in _FUNCTIONS
        if action == sqlite3.SQLITE_PRAGMA:
            return (check := _PRAGMAS.get(first or "")) is not None and check(second)
        if action in _NAMED_TWICE:
            return is_allowed_name(first) and is_allowed_name(second)
        if action == sqlite3.SQLITE_ALTER_TABLE:
            return is_allowed_name(first) and not _RENAME.search(self.script or "")
        if action in _VIRTUAL:
            return (second or "").lower() in _VIRTUAL_TABLES and is_allowed_name(first)
        if action in _TRANSACTIONS:
            self.refused_transaction = True
        return False
