"""Keys with values: a SQLite file of entries, and a blob for each value.

The layout is wrangler's: `_mf_entries`, expiration in milliseconds since 1970, metadata as JSON.

Source: https://developers.cloudflare.com/kv/reference/how-kv-works/
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .stores import Stores, transaction

__all__ = ["SCHEMA", "Entry", "KeyValues", "Page"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS _mf_entries (
  key TEXT PRIMARY KEY,
  blob_id TEXT NOT NULL,
  expiration INTEGER,
  metadata TEXT
);
CREATE INDEX IF NOT EXISTS _mf_entries_expiration_idx ON _mf_entries(expiration);
"""
_ALIVE = "(expiration IS NULL OR expiration > :now)"


class Entry(NamedTuple):
    """A key without its value."""

    key: str
    expiration: int | None
    """Seconds since 1970."""
    metadata: str | None
    """JSON."""


class Page(NamedTuple):
    entries: list[Entry]
    cursor: str | None
    """Where the next page begins; None: there is none."""


class KeyValues:
    """One namespace; what has expired is not there."""

    def __init__(
        self,
        stores: Stores,
        name: str,
        kind: str = "kv",
        class_name: str = "KVNamespaceObject",
    ) -> None:
        """``kind`` and ``class_name``: as in `Stores.database`."""
        self._clock = stores.clock
        self._database = stores.database(kind, class_name, name)
        self._database.executescript(SCHEMA)
        self._blobs = stores.blobs(kind, name)

    def get(self, key: str) -> tuple[bytes, Entry] | None:
        """The value and its entry."""
        row = self._database.execute(
            f"SELECT blob_id, key, expiration, metadata FROM _mf_entries "
            f"WHERE key = :key AND {_ALIVE}",
            {"key": key, "now": self._clock.now_ms()},
        ).fetchone()
        if row is None:
            return None
        try:
            return self._blobs.read(row[0]), _entry(row[1:])
        except FileNotFoundError:  # somebody took the file away
            return None

    def put(
        self,
        key: str,
        value: bytes | Iterator[bytes],
        expiration: int | None = None,
        metadata: str | None = None,
    ) -> None:
        """Set a key; durable when it returns. ``expiration``: in seconds since 1970."""
        blob = self._blobs.write(value)
        row = key, blob, None if expiration is None else expiration * 1000, metadata
        with transaction(self._database) as database:
            old = database.execute("SELECT blob_id FROM _mf_entries WHERE key = ?", (key,))
            stale = [name for (name,) in old]
            database.execute("INSERT OR REPLACE INTO _mf_entries VALUES (?, ?, ?, ?)", row)
        self._forget(stale)

    def delete(self, *keys: str) -> None:
        """Forget keys, if they are there."""
        stale: list[str] = []
        with transaction(self._database) as database:
            for key in keys:
                gone = database.execute(
                    "DELETE FROM _mf_entries WHERE key = ? RETURNING blob_id", (key,)
                )
                stale += [name for (name,) in gone.fetchall()]
        self._forget(stale)

    def list(self, prefix: str = "", limit: int = 1000, cursor: str | None = None) -> Page:
        """Keys in the order of their UTF-8.

        Raises: ValueError: the cursor is none of ours.
        """
        self._drop_expired()
        after = "" if not cursor else _decoded(cursor)
        found = self._database.execute(
            f"SELECT key, expiration, metadata FROM _mf_entries WHERE {_ALIVE} "
            "AND substr(key, 1, length(:prefix)) = :prefix AND (:after = '' OR key > :after) "
            "ORDER BY key LIMIT :limit",
            {
                "now": self._clock.now_ms(),
                "prefix": prefix,
                "after": after,
                "limit": limit + 1,
            },
        ).fetchall()
        entries = [_entry(row) for row in found[:limit]]
        more = len(found) > limit
        return Page(entries, _encoded(entries[-1].key) if more and entries else None)

    def _drop_expired(self) -> None:
        gone = self._database.execute(
            "DELETE FROM _mf_entries WHERE expiration <= ? RETURNING blob_id",
            (self._clock.now_ms(),),
        ).fetchall()
        self._forget([name for (name,) in gone])

    def _forget(self, blobs: Sequence[str]) -> None:
        for blob in blobs:
            self._blobs.delete(blob)


def _entry(row: tuple[str, int | None, str | None]) -> Entry:
    key, expiration, metadata = row
    return Entry(key, None if expiration is None else expiration // 1000, metadata)


def _encoded(key: str) -> str:
    return base64.b64encode(key.encode()).decode()


def _decoded(cursor: str) -> str:
    try:
        return base64.b64decode(cursor, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise ValueError("the cursor is none of ours") from None
