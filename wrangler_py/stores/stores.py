"""Everything that the bindings of one project keep; it outlives the code that uses it.

On disk the layout is wrangler's: `<kind>/miniflare-<Class>/<id>.sqlite` and `<kind>/<name>/blobs/`.

Source: https://developers.cloudflare.com/workers/development-testing/local-data/
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from ..clock import MACHINE, Clock
from ..sqlite.opening import opening
from .blobs import Blobs
from .ids import id_of

__all__ = ["Stores", "transaction"]

T = TypeVar("T")


class Stores:
    """The stores under one folder, each opened when it is first asked for."""

    def __init__(self, folder: Path | None = None, clock: Clock = MACHINE) -> None:
        """``folder``: `.wrangler/state/v3`; None: everything is in memory."""
        self.folder = folder
        self.clock = clock
        self._databases: dict[tuple[str, str, str], sqlite3.Connection] = {}
        self._blobs: dict[tuple[str, str], Blobs] = {}
        self._kept: dict[Any, Any] = {}

    def database(self, kind: str, class_name: str, name: str) -> sqlite3.Connection:
        """The SQLite file of ``name``: autocommit, each commit durable when it returns.

        ``kind``: the folder (`kv`); ``class_name``: as in wrangler (`KVNamespaceObject`).
        """
        key = kind, class_name, name
        if key not in self._databases:
            self._databases[key] = self._connect(kind, class_name, name)
        return self._databases[key]

    def open(self, kind: str, class_name: str, name: str) -> sqlite3.Connection:
        """The same, for a caller who closes it."""
        return self._connect(kind, class_name, name)

    def database_path(self, kind: str, class_name: str, name: str) -> Path | None:
        """Where that file is, or will be; None in memory."""
        if self.folder is None:
            return None
        unique_key = f"miniflare-{class_name}"
        return self.folder / kind / unique_key / f"{id_of(unique_key, name)}.sqlite"

    def blobs(self, kind: str, name: str) -> Blobs:
        """The blobs of ``name``."""
        key = kind, name
        if key not in self._blobs:
            self._blobs[key] = Blobs(self.folder and self.folder / kind / _step(name) / "blobs")
        return self._blobs[key]

    def keep(self, kind: Callable[[Stores], T]) -> T:
        """What ``kind`` makes of these stores, made once: for what is not in a file."""
        if kind not in self._kept:
            self._kept[kind] = kind(self)
        made: T = self._kept[kind]
        return made

    def reset(self) -> None:
        """Forget everything that is in memory; files stay."""
        self.close()

    def close(self) -> None:
        """Close every file. What was made by `keep` is closed if it can be."""
        kept, self._kept = self._kept, {}
        for each in kept.values():
            close = getattr(each, "close", None)
            if close is not None:
                close()
        databases, self._databases = self._databases, {}
        for connection in databases.values():
            connection.close()
        self._blobs.clear()

    def _connect(self, kind: str, class_name: str, name: str) -> sqlite3.Connection:
        path = self.database_path(kind, class_name, name)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        with opening(path):
            return _opened(path)


def _opened(path: Path | None) -> sqlite3.Connection:
    connection = sqlite3.connect(path or ":memory:", isolation_level=None)
    try:
        if path is not None:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA busy_timeout = 5000")
    except BaseException:
        connection.close()  # it is no database
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Run a block as one transaction that is durable at its end, or did not happen."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


_DOTS = re.compile(r"(?<![^/\\])\.+(?![^/\\])")
_UNSAFE = re.compile(r"""[?<>*"'^/\\:|\x00-\x1f\x80-\x9f]""")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_AROUND = re.compile(r"^ +| +$")
_LONGEST = 255


def _step(name: str) -> str:
    """``name`` as one step of a path, as wrangler spells it.

    Two names may share a folder: what is in it has names that nobody guesses.
    """
    name = _DOTS.sub(lambda dots: "_" * len(dots[0]), name)
    name = _UNSAFE.sub("_", name)
    if _RESERVED.fullmatch(name):
        name = "_"
    name = _AROUND.sub(lambda spaces: "_" * len(spaces[0]), name)
    return name[:_LONGEST] or "_"
