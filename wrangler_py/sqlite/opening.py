"""What is said of a file that SQLite cannot open."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import UsageError

__all__ = ["opening"]

_BROKEN = ("file is not a database", "malformed")


@contextmanager
def opening(path: Path | None) -> Iterator[None]:
    """A block that opens the file at ``path``; None: a database in memory.

    Raises: UsageError, with the file, where SQLite cannot.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        is_broken = any(words in str(error) for words in _BROKEN)
        hint = "move it away, and a new one is made" if is_broken else None
        message = f"state cannot be opened: {error}"
        raise UsageError(message, where=str(path), hint=hint) from None
