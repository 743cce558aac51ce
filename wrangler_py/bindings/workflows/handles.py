"""SQLite files that are open while they are used: there may be more instances than files may be.

Source: https://developers.cloudflare.com/workflows/reference/limits/
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from ...stores.stores import transaction

__all__ = ["Handle", "Handles", "allowed"]

FEW, MANY = 16, 256


def allowed() -> int:
    """How many files are open at once: an eighth of what the process may have, as each has three.

    Closing one costs more than what is done with it, so it had better be many.
    """
    try:
        import resource  # not on Windows

        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    except ImportError:
        return MANY
    return MANY if soft == resource.RLIM_INFINITY else min(max(soft // 8, FEW), MANY)


class Handles:
    """The files of one project's instances; those that were used last are open."""

    def __init__(self, most: int | None) -> None:
        """``most``: so many are open; None: all, as they are in memory."""
        self._most = most
        self._open: OrderedDict[Handle, sqlite3.Connection] = OrderedDict()

    def __len__(self) -> int:
        return len(self._open)

    def connection(self, handle: Handle) -> sqlite3.Connection:
        """``handle``'s, for one statement."""
        found = self._open.get(handle)
        if found is None:
            found = self._open[handle] = handle.connect()
            self._close_others()
        self._open.move_to_end(handle)
        return found

    def close(self, handle: Handle) -> None:
        found = self._open.pop(handle, None)
        if found is not None:
            found.close()

    def _close_others(self) -> None:
        if self._most is None:
            return
        for handle, connection in list(self._open.items())[: -self._most]:
            if not connection.in_transaction:
                self.close(handle)


class Handle:
    """One file."""

    def __init__(self, handles: Handles, connect: Callable[[], sqlite3.Connection]) -> None:
        self.connect = connect
        self._handles = handles
        self._is_closed = False

    @property
    def connection(self) -> sqlite3.Connection:
        if self._is_closed:
            raise sqlite3.ProgrammingError("Cannot operate on a closed database.")
        return self._handles.connection(self)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> sqlite3.Cursor:
        """What it gives is to be read before anything else is done."""
        return self.connection.execute(sql, parameters)

    def transaction(self) -> AbstractContextManager[Any]:
        """A block whose writes are kept all or not at all; blocks may lie in each other."""
        connection = self.connection
        return nullcontext() if connection.in_transaction else transaction(connection)

    def close(self) -> None:
        """For good."""
        self._is_closed = True
        self._handles.close(self)
