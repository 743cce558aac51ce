"""SQL that a person runs: a text or a file of several statements, in one transaction.

Implements: https://developers.cloudflare.com/workers/wrangler/commands/#d1-execute
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import UsageError
from ...js.array import JsArray
from ...js.convert import to_string
from ...js.json import stringify
from ...js.null import is_nullish, jsnull
from ...js.object import JsObject
from ...sqlite.text import statements, without_comments
from .store import Database, Outcome, Query
from .values import shown

__all__ = ["Answer", "as_json", "execute", "read_script"]

_BEGIN, _COMMIT = "BEGIN TRANSACTION", "COMMIT;"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one statement gave."""

    rows: list[dict[str, Any]]
    """A blob is its text, `[1, 2]`."""
    duration_ms: float

    def texts(self) -> list[dict[str, str]]:
        """The rows as they stand in a table."""
        return [{name: to_string(cell) for name, cell in row.items()} for row in self.rows]


def as_json(answers: list[Answer]) -> str:
    """``answers`` as wrangler writes them."""
    return str(stringify(JsArray([_facts(each) for each in answers]), None, 2))


def execute(database: Database, sql: str) -> list[Answer]:
    """Run every statement of ``sql``, all of them or none.

    Raises: Refused: one failed; UsageError: it has transactions of its own.
    """
    queries = [Query(each) for each in _split(_trimmed(sql))]
    return [_answer(found) for found in database.run(queries, False)]


def read_script(path: Path) -> str:
    """The SQL in a file.

    Raises: UsageError: there is none.
    """
    try:
        data = path.read_bytes()
    except OSError:
        raise UsageError(
            f'Unable to read SQL text file "{path}". Please check the file path and try again.'
        ) from None
    if data.startswith(b"SQLite format 3"):
        raise UsageError(
            "Provided file is a binary SQLite database file instead of an SQL text file. The "
            "execute command can only process SQL text files.",
            hint=f"`sqlite3 {path} .dump` writes such a file",
        )
    return data.decode("utf-8", "replace")


def _trimmed(sql: str) -> str:
    """Without the transaction that a dump of SQLite's own is wrapped in: there is one anyway."""
    if _BEGIN not in sql:
        return sql
    rest = sql.replace(f"{_BEGIN};", "", 1).replace(_COMMIT, "", 1)
    if _BEGIN in rest:
        raise UsageError(
            "the SQL has several transactions",
            hint="D1 runs it in a transaction: leave BEGIN and COMMIT out",
        )
    return rest


def _split(sql: str) -> list[str]:
    if len(statements(sql)) == 1:
        return [sql]
    return [each.text.strip() for each in statements(without_comments(sql)) if each.verb] or [sql]


def _facts(answer: Answer) -> JsObject:
    results = JsArray([JsObject(row) for row in answer.rows])
    meta = JsObject({"duration": answer.duration_ms})
    return JsObject({"results": results, "success": True, "meta": meta})


def _answer(outcome: Outcome) -> Answer:
    rows = [
        {name: _cell(cell) for name, cell in zip(outcome.columns, row, strict=True)}
        for row in outcome.rows
    ]
    return Answer(rows, outcome.took_ms)


def _cell(value: Any) -> Any:
    found = shown(value)
    if isinstance(found, JsArray):
        return f"[{', '.join(map(to_string, found))}]"
    return jsnull if is_nullish(found) else found
