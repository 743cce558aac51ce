"""Sessions: queries that see at least what the session saw before.

Here there is one copy of a database, so every query sees everything.

Implements: https://developers.cloudflare.com/d1/worker-api/d1-database/#withsession
"""

from __future__ import annotations

from asyncio import Future
from collections.abc import Iterable
from typing import Any, NoReturn

from ...js.array import JsArray
from ...js.callbacks import member
from ...js.errors import JsException, error, type_error
from ...js.null import is_nullish, null
from ...js.promise import rejected
from ...js.proxy import JsProxy
from ...stores.stores import Stores
from ..operation import operation
from .statement import D1PreparedStatement, result
from .store import Database, Databases, Outcome, Query, Refused

__all__ = ["Client", "D1DatabaseSession", "failed", "unreadable"]

_CONSTRAINTS = ("first-primary", "first-unconstrained")


class Client:
    """What a database and its sessions share: they prepare, ask and run batches."""

    def __init__(self, stores: Stores, name: str, bookmark: str | None = None) -> None:
        """``bookmark``: None where nobody asks for it."""
        self._stores, self._name = stores, name
        self.bookmark = bookmark

    def database(self) -> Database:
        return self._stores.keep(Databases).open(self._name)

    def session(self, start: str) -> D1DatabaseSession:
        return D1DatabaseSession(Client(self._stores, self._name, start))

    def prepare(self, query: Any) -> D1PreparedStatement:
        return D1PreparedStatement(self.ask, query)

    def ask(self, queries: list[Query], measured: bool) -> list[Outcome]:
        database = self.database()
        try:
            outcomes = database.run(queries, measured)
        except Refused as exc:
            raise failed("D1_ERROR", str(exc)) from exc.__cause__
        if self.bookmark is not None:
            now = database.bookmark()
            if self.bookmark in _CONSTRAINTS or self.bookmark < now:
                self.bookmark = now
        return outcomes

    def batch(self, statements: Any) -> Future[Any]:
        try:
            queries = [_query(each) for each in _several(statements)]
        except JsException as exc:
            return rejected(exc)
        return operation(lambda: JsArray([result(found) for found in self.ask(queries, True)]))


class D1DatabaseSession(JsProxy):
    """A session: `prepare`, `batch`, `getBookmark`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @classmethod
    def _construct(cls, *_: Any) -> NoReturn:
        raise type_error("Illegal constructor")

    def prepare(self, sql: Any = None) -> D1PreparedStatement:
        return self._client.prepare(sql)

    def batch(self, statements: Any = None) -> Future[Any]:
        return self._client.batch(statements)

    def getBookmark(self) -> Any:
        bookmark = self._client.bookmark
        return null() if bookmark in _CONSTRAINTS else bookmark


def failed(prefix: str, message: str) -> JsException:
    """A failure in D1's form."""
    exc = error(f"{prefix}: {message}")
    exc.cause = error(message)
    return exc


def unreadable(value: Any, member_name: str) -> JsException:
    """JavaScript's error for a member of undefined or null."""
    kind = "undefined" if value is None else "null"
    return type_error(f"Cannot read properties of {kind} (reading '{member_name}')")


def _several(statements: Any) -> Iterable[Any]:
    """The items of an array, or of a sequence of Python's, which has JavaScript's `map`, too."""
    if is_nullish(statements):
        raise unreadable(statements, "map")
    if not isinstance(statements, (JsArray, list, tuple)):
        raise type_error("statements.map is not a function")
    return statements


def _query(statement: Any) -> Query:
    if is_nullish(statement):
        raise unreadable(statement, "statement")
    params = member(statement, "params")
    return Query(member(statement, "statement"), () if is_nullish(params) else list(params))
