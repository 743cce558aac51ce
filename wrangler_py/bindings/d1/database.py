"""`env.DB` as a script sees it.

Implements: https://developers.cloudflare.com/d1/worker-api/d1-database/
Differs: there is one copy, on this machine; `query`, which is experimental, refuses as it does
without its compatibility flag.
"""

from __future__ import annotations

from asyncio import Future
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from ...config.model import Config
from ...js.errors import JsException, error, type_error
from ...js.null import is_nullish
from ...js.object import JsObject
from ...js.promise import rejected
from ...js.proxy import JsProxy
from ...stores.stores import Stores
from ..operation import operation
from .session import Client, D1DatabaseSession, failed, unreadable
from .statement import D1PreparedStatement
from .store import Query, Refused

__all__ = ["D1Database", "bindings", "rows"]

_NEEDS_FLAG = (
    "D1_ERROR: D1Database.query() requires the d1_binding_jsrpc compatibility flag. Enable "
    "d1_binding_jsrpc before calling query()."
)


class D1Database(JsProxy):
    """A database. What asks it anything returns a promise."""

    def __init__(self, stores: Stores, name: str) -> None:
        self._client = Client(stores, name)

    @classmethod
    def _construct(cls, *_: Any) -> NoReturn:
        raise type_error("Illegal constructor")

    def prepare(self, query: Any = None) -> D1PreparedStatement:
        return self._client.prepare(query)

    def batch(self, statements: Any = None) -> Future[Any]:
        return self._client.batch(statements)

    def exec(self, query: Any = None) -> Future[Any]:
        try:
            lines = _trimmed(query, "query.trim", "trim").split("\n")
        except JsException as exc:
            return rejected(exc)

        def execute() -> JsObject:
            try:
                done = self._client.database().run([Query(line) for line in lines], True)
            except Refused as exc:  # of all lines it is the first that production names
                said = f"Error in line 1: {lines[0]}: {exc}"
                raise failed("D1_EXEC_ERROR", said) from exc.__cause__
            took = sum(each.meta["duration"] for each in done)
            return JsObject({"count": len(done), "duration": took})

        return operation(execute)

    def withSession(self, constraintOrBookmark: Any = None) -> D1DatabaseSession:
        start = ""
        if not is_nullish(constraintOrBookmark):
            start = _trimmed(constraintOrBookmark, "constraintOrBookmark?.trim", "trim")
        return self._client.session(start or "first-unconstrained")

    def query(self, _request: Any = None) -> Future[Any]:
        return rejected(error(_NEEDS_FLAG))

    def dump(self) -> Future[Any]:
        def dump() -> NoReturn:
            raise error("D1_DUMP_ERROR: Status + 404")

        return operation(dump)


def _trimmed(value: Any, called: str, member_name: str) -> str:
    if is_nullish(value):
        raise unreadable(value, member_name)
    if not isinstance(value, str):
        raise type_error(f"{called} is not a function")
    return value.strip()


def bindings(config: Config, worker: Any) -> Iterator[tuple[str, Any]]:
    """The databases of ``config``."""
    for each in config.bindings.d1_databases:
        yield each.binding, D1Database(worker.stores, each.id)


def rows(config: Config, _classes: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Each database with its name."""
    for each in config.bindings.d1_databases:
        yield f"env.{each.binding} ({each.name or each.id})", "D1 Database", "local"
