"""`storage.transaction(closure)`: an object's writes over several turns, all or none.

One transaction of an object runs at a time; one begun inside another is nested in it.

Implements: https://developers.cloudflare.com/durable-objects/api/storage-api/#transaction
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

from ..js.callbacks import invoke
from ..js.errors import error
from ..js.promise import PyodideFuture, future_of, rejected
from .database import Database
from .operations import StorageOperations

Block = Callable[[Callable[[], Awaitable[Any]]], Awaitable[Any]]
"""Runs a function as `blockConcurrencyWhile` does: no other event starts meanwhile."""

_current: ContextVar[DurableObjectTransaction | None] = ContextVar(
    "wrangler_py_transaction", default=None
)

NO_DELETE_ALL = "Cannot call deleteAll() within a transaction"


class DurableObjectTransaction(StorageOperations):
    """What the closure gets: the storage's methods, and `rollback`."""

    def __init__(self, storage: StorageOperations, database: Database) -> None:
        self._table, self._codec, self._alarm = storage._table, storage._codec, storage._alarm
        self._database = database
        self._state = "open"
        self._turn = asyncio.Lock()  # of the transactions nested in this one
        database.begin()
        self._depth = database.depth

    def rollback(self) -> None:
        """Undo everything, now; what the closure does afterwards is outside of it."""
        if self._state == "rolled back":
            return
        self._require("rollback()")
        if self._database.depth > self._depth:
            raise error(
                "Cannot roll back an outer transaction while a nested transaction is still running."
            )
        self._database.roll_back()
        self._state = "rolled back"

    def deleteAll(self) -> PyodideFuture:
        return rejected(error(NO_DELETE_ALL))

    def _require(self, operation: str) -> None:
        if self._state == "rolled back":
            raise error(f"Cannot {operation} on rolled back transaction")
        if self._state == "committed":
            raise error(
                f"Cannot call {operation} on transaction that has already committed: "
                "did you move `txn` outside of the closure?"
            )


class TransactionQueue:
    """Runs the transactions of one object, one after another."""

    def __init__(self, storage: StorageOperations, database: Database, block: Block | None) -> None:
        self._storage, self._database, self._block = storage, database, block
        self._turn = asyncio.Lock()

    async def run(self, closure: Callable[..., Any]) -> Any:
        """Call ``closure(txn)``, and commit when it is done, or roll back if it fails."""
        outer = _current.get()
        if outer is not None and outer._database is self._database and outer._state == "open":
            async with outer._turn:
                return await self._within(closure)
        async with self._turn:
            if self._block is None:
                return await self._within(closure)
            return await self._block(lambda: self._within(closure))

    async def _within(self, closure: Callable[..., Any]) -> Any:
        transaction = DurableObjectTransaction(self._storage, self._database)
        token = _current.set(transaction)
        try:
            result = invoke(closure, transaction)
            promise = future_of(result)
            if promise is not None:
                result = await promise
        except BaseException:
            transaction_failed(transaction)
            raise
        finally:
            _current.reset(token)
        commit(transaction)
        return result


def commit(transaction: DurableObjectTransaction) -> None:
    """The closure is done: keep what it wrote, unless it rolled back itself."""
    if transaction._state == "open":
        transaction._state = "committed"
        transaction._database.release()


def transaction_failed(transaction: DurableObjectTransaction) -> None:
    """The closure raised: undo what it wrote."""
    if transaction._state == "open":
        transaction._state = "rolled back"
        transaction._database.roll_back()
