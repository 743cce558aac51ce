"""The database of one object: a file that appears at the first write, one commit per turn.

A write opens a transaction that is committed when the turn of the event loop ends, so that
writes with no await between them are atomic. `durable()` is the output gate's seam: what the
object says may leave once what it wrote before has been committed.

Source: https://developers.cloudflare.com/durable-objects/reference/in-memory-state/
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..js.errors import JsException, error
from ..js.promise import PyodideFuture, resolved
from ..sqlite.connection import connect
from ..sqlite.errors import translate
from ..sqlite.guard import Guard

Failure = Callable[[JsException], None]

CONSTRAINTS_VIOLATED = (
    "Durable Object was reset and rolled back to its last known good state because the "
    "application left the database in a state where constraints were violated: "
)


class Memory:
    """Keeps a database that has no file while no object has it open."""

    def __init__(self) -> None:
        self._kept: sqlite3.Connection | None = None

    @property
    def is_empty(self) -> bool:
        return self._kept is None

    def take(self, guard: Guard) -> sqlite3.Connection | None:
        """What was kept, for whoever opens it now."""
        connection, self._kept = self._kept, None
        if connection is not None:
            connection.set_authorizer(guard.authorize)
        return connection

    def keep(self, connection: sqlite3.Connection) -> None:
        """``connection`` until it is taken; what was not committed is undone, as in a file."""
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        connection.set_authorizer(None)
        if connection.execute("SELECT 1 FROM sqlite_schema").fetchone() is None:
            connection.close()  # nothing was ever stored
        else:
            self._kept = connection

    def close(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None


class Database:
    """Where one object keeps its state.

    After a commit that failed the database is *broken*: the file holds the last good state,
    every further use raises ``broken``, and the object must be made anew over a new Database.
    """

    def __init__(
        self,
        path: Path | None,
        on_failure: Failure | None = None,
        memory: Memory | None = None,
    ) -> None:
        """``path`` None: in memory. ``on_failure`` hears of a commit that failed.

        ``memory`` keeps a database in memory when it is closed, for the next one to open.
        """
        self.path = path
        self._memory = memory
        self.guard = Guard()
        self.broken: JsException | None = None
        self.epoch = 0
        """Grows when the database is deleted; cursors of an older one are dead."""
        self.before_commit: list[Callable[[], None]] = []
        """Run inside a transaction that is about to be committed."""
        self.after_roll_back: list[Callable[[], None]] = []
        """Run when a script's transaction was undone."""
        self.after_commit: list[Callable[[], None]] = []
        self._on_failure = on_failure
        self._connection: sqlite3.Connection | None = None
        self._stand_in: sqlite3.Connection | None = None
        """An empty database in memory, read until the first write makes the file."""
        self._is_file = False
        self._implicit = False
        self._confirmed = False
        self._depth = 0
        self._sync_depth = 0
        self._waiting: list[PyodideFuture] = []

    def reading(self) -> sqlite3.Connection:
        """The connection, for a statement that writes nothing."""
        if self.broken is not None:
            raise self.broken
        return self._connection or self._open(create=False)

    def configuring(self) -> sqlite3.Connection:
        """The connection to the file, outside of a transaction if none is open: for pragmas."""
        if self._is_file:
            return self.reading()
        if self.broken is not None:
            raise self.broken
        return self._open(create=True)

    def writing(self, confirmed: bool = True) -> sqlite3.Connection:
        """The connection inside a transaction, for a statement that may write.

        Args:
            confirmed: False for `allowUnconfirmed`: answers do not wait for this write.
        """
        if self.broken is not None:
            raise self.broken
        connection = self._connection
        if connection is None or not self._is_file:
            connection = self._open(create=True)
        if not self._implicit and self._depth == 0:
            connection.execute("BEGIN")
            self._implicit = True
            with suppress(RuntimeError):  # no loop: whoever drives us calls flush()
                asyncio.get_running_loop().call_soon(self._turn_ended)
        self._confirmed = self._confirmed or confirmed
        return connection

    @property
    def uncommitted(self) -> bool:
        """Whether a confirmed write waits for the end of the turn: answers wait with it."""
        return self._implicit and self._confirmed

    def durable(self) -> PyodideFuture:
        """A promise that is settled when every confirmed write until now is committed."""
        if self.broken is not None:
            return _failed(self.broken)
        return self._wait() if self.uncommitted else resolved()

    def flush(self) -> None:
        """Commit now what the running turn has written.

        Raises:
            JsException: the commit failed; the database is broken.
        """
        if self.broken is not None:
            raise self.broken
        if self._implicit:
            self._commit("COMMIT")
            self._implicit = self._confirmed = False
            self._settle()

    @property
    def depth(self) -> int:
        """How many `transaction()`s of the script are open, each within the one before."""
        return self._depth

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """`transactionSync`: undo what the block wrote if it raises."""
        self.writing()
        name = f"_cf_sync_savepoint_{self._sync_depth}"
        self._run(f"SAVEPOINT {name}")
        self._sync_depth += 1
        try:
            yield
        except BaseException:
            if self.broken is None:
                self._undo(name)
            raise
        finally:
            self._sync_depth -= 1
            if self.broken is None:
                self._run(f"RELEASE {name}")
        if self.broken is not None:
            raise error("Cannot commit transaction due to an earlier SQL critical error")

    def begin(self) -> None:
        """Open a (nested) transaction of the script; see `release` and `roll_back`."""
        if self._depth == 0:
            self.flush()
        if self._connection is None or not self._is_file:
            self._open(create=True)
        self._run(f"SAVEPOINT _cf_savepoint_{self._depth}")
        self._depth += 1

    def release(self) -> None:
        """Keep what the innermost transaction wrote; the outermost one commits."""
        name = f"RELEASE _cf_savepoint_{self._depth - 1}"
        if self._depth > 1:
            self._run(name)
        else:
            self._commit(name)
            self._confirmed = False
        self._depth -= 1

    def roll_back(self) -> None:
        """Undo what the innermost transaction wrote."""
        self._depth -= 1
        self._confirmed = self._confirmed and self._depth > 0
        if self.broken is None:
            self._undo(f"_cf_savepoint_{self._depth}")
            self._run(f"RELEASE _cf_savepoint_{self._depth}")

    def delete_all(self) -> None:
        """Delete the file, uncommitted writes included."""
        if self.broken is not None:
            raise self.broken
        self.epoch += 1
        self._implicit = self._confirmed = False
        self._drop_connection()
        if self._memory is not None:
            self._memory.close()
        if self.path is not None:
            # The database first: a log that is left without one is discarded by SQLite.
            for suffix in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        self._settle()
        for finish in self.after_commit:
            finish()

    def check(self, exc: sqlite3.Error) -> None:
        """Break the database if ``exc`` made SQLite roll the transaction back by itself."""
        connection = self._connection
        if connection is None or connection.in_transaction:
            return
        if self._implicit or self._depth > 0:
            self._fail(translate(exc, "", connection))

    def close(self) -> None:
        """Commit and close; another Database may take over the file."""
        try:
            if self.broken is None:
                self.flush()
        finally:
            self._drop_connection()

    def abandon(self) -> None:
        """Close without committing what the running turn wrote."""
        self._implicit = self._confirmed = False
        if self._connection is not None and self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        self._drop_connection()
        self._settle()

    def _open(self, create: bool) -> sqlite3.Connection:
        is_file = self.path is None or create or self.path.exists()
        if self._connection is not None:
            self._stand_in = self._connection  # a cursor may still read it
        kept = None if self._memory is None else self._memory.take(self.guard)
        self._connection = kept or connect(self.path if is_file else None, self.guard)
        self._is_file = is_file
        return self._connection

    def _drop_connection(self) -> None:
        if self._memory is not None and self._connection is not None:
            self._memory.keep(self._connection)
            self._connection = None
        for connection in (self._connection, self._stand_in):
            if connection is not None:
                connection.close()
        self._connection = self._stand_in = None
        self._is_file = False

    def _turn_ended(self) -> None:
        with suppress(JsException):  # `on_failure` and the waiting promise have heard of it
            self.flush()

    def _run(self, sql: str) -> None:
        assert self._connection is not None
        self._connection.execute(sql)

    def _commit(self, sql: str) -> None:
        try:
            for prepare in self.before_commit:
                prepare()
            self._run(sql)
        except sqlite3.Error as exc:
            failure = translate(exc, "", self._connection)
            if getattr(exc, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CONSTRAINT:
                failure = error(CONSTRAINTS_VIOLATED + failure.message)
            self._fail(failure)
            raise failure from exc
        for finish in self.after_commit:
            finish()

    def _fail(self, failure: JsException) -> None:
        self.broken = failure
        self._implicit = self._confirmed = False
        with suppress(sqlite3.Error):
            self._run("ROLLBACK")
        self._drop_connection()
        self._settle(failure)
        if self._on_failure is not None:
            self._on_failure(failure)

    def _undo(self, savepoint: str) -> None:
        self._run(f"ROLLBACK TO {savepoint}")
        for restore in self.after_roll_back:
            restore()

    def _wait(self) -> PyodideFuture:
        # One each: a waiter that is cancelled takes its future with it.
        promise = PyodideFuture(loop=asyncio.get_running_loop())
        self._waiting.append(promise)
        return promise

    def _settle(self, failure: JsException | None = None) -> None:
        waiting, self._waiting = self._waiting, []
        for promise in waiting:
            if promise.done():
                continue
            if failure is None:
                promise.set_result(None)
            else:
                promise.set_exception(failure)
                promise.exception()  # whoever waits sees it; nobody may be waiting


def _failed(failure: JsException) -> PyodideFuture:
    future = PyodideFuture(loop=asyncio.get_running_loop())
    future.set_exception(failure)
    future.exception()
    return future
