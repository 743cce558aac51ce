"""`D1PreparedStatement`: a text, the values that are bound to it, and the ways to run it.

Implements: https://developers.cloudflare.com/d1/worker-api/prepared-statements/
"""

from __future__ import annotations

from asyncio import Future
from collections.abc import Callable
from typing import Any, NoReturn, TypeAlias

from ...js.array import JsArray
from ...js.callbacks import member
from ...js.convert import to_boolean, to_string
from ...js.errors import error, type_error
from ...js.null import null
from ...js.object import JsObject
from ...js.proxy import JsProxy
from ..operation import operation
from .store import Outcome, Query
from .values import bound, shown

__all__ = ["Ask", "D1PreparedStatement", "result"]

Ask: TypeAlias = Callable[[list[Query], bool], list[Outcome]]
"""Runs queries in one transaction; whether what they cost is wanted."""


class D1PreparedStatement(JsProxy):
    """Never changes: `bind` makes another."""

    def __init__(self, ask: Ask, statement: Any, params: JsArray | None = None) -> None:
        self._ask = ask
        self.statement = statement
        self.params = JsArray() if params is None else params

    @classmethod
    def _construct(cls, *_: Any) -> NoReturn:
        raise type_error("Illegal constructor")

    def bind(self, *values: Any) -> D1PreparedStatement:
        params = JsArray([bound(value) for value in values])
        return D1PreparedStatement(self._ask, self.statement, params)

    def all(self) -> Future[Any]:
        return operation(lambda: result(self._run(True)))

    def run(self) -> Future[Any]:
        return self.all()

    def first(self, colName: Any = None) -> Future[Any]:
        name = None if colName is None else to_string(colName)

        def first() -> Any:
            found = self._run(False)
            if not found.rows:
                return null()
            row = _row(found.columns, found.rows[0])
            if name is None:
                return JsObject(row)
            if name not in row:
                missing = error(f"D1_COLUMN_NOTFOUND: Column not found ({name})")
                missing.cause = error("Column not found")
                raise missing
            return row[name]

        return operation(first)

    def raw(self, options: Any = None) -> Future[Any]:
        with_names = to_boolean(member(options, "columnNames"))

        def raw() -> JsArray:
            found = self._run(False)
            rows = [JsArray([shown(cell) for cell in row]) for row in found.rows]
            return JsArray([JsArray(list(found.columns)), *rows] if with_names else rows)

        return operation(raw)

    def _run(self, measured: bool) -> Outcome:
        return self._ask([Query(self.statement, list(self.params))], measured)[0]


def result(found: Outcome) -> JsObject:
    """A `D1Result`."""
    meta = found.meta | {"timings": JsObject(found.meta["timings"])}
    results = [JsObject(_row(found.columns, row)) for row in found.rows]
    return JsObject({"success": True, "meta": JsObject(meta), "results": JsArray(results)})


def _row(columns: list[str], cells: tuple[Any, ...]) -> dict[str, Any]:
    """The last of several columns with one name wins."""
    return {name: shown(cell) for name, cell in zip(columns, cells, strict=True)}
