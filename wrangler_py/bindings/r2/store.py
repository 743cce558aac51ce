"""The objects of one bucket: a SQLite file of entries, and blobs with their bytes.

The layout is wrangler's. An object that came in parts has no blob of its own: its parts do.

Source: https://developers.cloudflare.com/r2/how-r2-works/
"""

from __future__ import annotations

import base64
import json
import re
import secrets
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ...stores.stores import Stores, transaction
from .conditions import Condition
from .refusals import PreconditionFailed

__all__ = [
    "Entry",
    "ListQuery",
    "Page",
    "Piece",
    "R2Store",
    "Written",
    "decoded_cursor",
    "new_version",
    "packed",
]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS _mf_objects (
  key TEXT PRIMARY KEY,
  blob_id TEXT,
  version TEXT NOT NULL,
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  uploaded INTEGER NOT NULL,
  checksums TEXT NOT NULL,
  http_metadata TEXT NOT NULL,
  custom_metadata TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS _mf_multipart_uploads (
  upload_id TEXT PRIMARY KEY,
  key TEXT NOT NULL,
  http_metadata TEXT NOT NULL,
  custom_metadata TEXT NOT NULL,
  state TINYINT DEFAULT 0 NOT NULL
);
CREATE TABLE IF NOT EXISTS _mf_multipart_parts (
  upload_id TEXT NOT NULL REFERENCES _mf_multipart_uploads(upload_id),
  part_number INTEGER NOT NULL,
  blob_id TEXT NOT NULL,
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  checksum_md5 TEXT NOT NULL,
  object_key TEXT REFERENCES _mf_objects(key) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (upload_id, part_number)
);
"""
_COLUMNS = "key, blob_id, version, size, etag, uploaded, checksums, http_metadata, custom_metadata"
_SELECTED = "substr(key, 1, length(:prefix)) = :prefix AND (:after IS NULL OR key > :after)"


class Entry(NamedTuple):
    """An object without its bytes."""

    key: str
    version: str
    size: int
    etag: str
    uploaded: int
    """Milliseconds since 1970."""
    checksums: Mapping[str, str]
    """Hex by algorithm (`md5`)."""
    http_metadata: Mapping[str, Any]
    """By R2's names; `cacheExpiry` in milliseconds since 1970."""
    custom_metadata: Mapping[str, str]


class Piece(NamedTuple):
    """A blob that holds a part of an object."""

    blob: str
    size: int


class Written(NamedTuple):
    """Bytes that are on disk but belong to no object yet."""

    blob: str
    size: int
    digests: Mapping[str, bytes]


class ListQuery(NamedTuple):
    prefix: str = ""
    delimiter: str = ""
    after: str | None = None
    limit: int = 1000


class Page(NamedTuple):
    entries: list[Entry]
    prefixes: list[str]
    cursor: str | None
    """Where the next page begins; None: there is none."""


class R2Store:
    """One bucket."""

    def __init__(self, stores: Stores, name: str) -> None:
        self.clock = stores.clock
        self.database = stores.database("r2", "R2BucketObject", name)
        self.database.executescript(_SCHEMA)
        self.blobs = stores.blobs("r2", name)

    def head(self, key: str) -> Entry | None:
        found = self._row(key)
        return None if found is None else found[0]

    def find(self, key: str) -> tuple[Entry, list[Piece]] | None:
        """An object and where its bytes are, in order."""
        found = self._row(key)
        if found is None:
            return None
        entry, blob = found
        if blob is not None:
            return entry, [Piece(blob, entry.size)]
        rows = self.database.execute(
            "SELECT blob_id, size FROM _mf_multipart_parts WHERE object_key = ? "
            "ORDER BY part_number",
            (key,),
        )
        return entry, [Piece(*row) for row in rows]

    def put(
        self,
        key: str,
        written: Written,
        checksums: Mapping[str, str],
        http_metadata: Mapping[str, Any],
        custom_metadata: Mapping[str, str],
        condition: Condition | None = None,
    ) -> Entry:
        """Set a key; durable when it returns.

        Raises: PreconditionFailed: the bytes are forgotten.
        """
        etag = written.digests["md5"].hex()
        entry = Entry(
            key,
            new_version(),
            written.size,
            etag,
            self.clock.now_ms(),
            dict(checksums) | {"md5": etag},
            http_metadata,
            custom_metadata,
        )
        try:
            with transaction(self.database):
                self._check(key, condition)
                stale = self.replace(entry, written.blob, checksums)
        except BaseException:
            self.blobs.delete(written.blob)
            raise
        self.forget(stale)
        return entry

    def delete(self, keys: Sequence[str]) -> None:
        """Forget keys, if they are there; all or none."""
        with transaction(self.database):
            stale = [blob for key in keys for blob in self._drop(key)]
        self.forget(stale)

    def page(self, query: ListQuery) -> Page:
        """Keys in the order of their UTF-8; those with a delimiter after the prefix grouped."""
        named = query._asdict() | {"limit": query.limit + 1}
        rows = self.database.execute(_grouped() if query.delimiter else _plain(), named).fetchall()
        more = len(rows) > query.limit
        entries: list[Entry] = []
        prefixes: list[str] = []
        for group, *row in rows[: query.limit]:
            if group is None:
                entries.append(_entry(row)[0])
            else:
                prefixes.append(group)
        cursor = base64.b64encode(rows[query.limit - 1][1].encode()).decode() if more else None
        return Page(entries, prefixes, cursor)

    def replace(self, entry: Entry, blob: str | None, checksums: Mapping[str, str]) -> list[str]:
        """Write an entry within a transaction; the blobs that nothing refers to any longer."""
        stale = self._drop(entry.key)
        self.database.execute(
            "INSERT INTO _mf_objects VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                entry.key,
                blob,
                entry.version,
                entry.size,
                entry.etag,
                entry.uploaded,
                packed(checksums),
                packed(entry.http_metadata),
                packed(entry.custom_metadata),
            ),
        )
        return stale

    def forget(self, blobs: Sequence[str]) -> None:
        for blob in blobs:
            self.blobs.delete(blob)

    def _row(self, key: str) -> tuple[Entry, str | None] | None:
        found = self.database.execute(
            f"SELECT {_COLUMNS} FROM _mf_objects WHERE key = ?", (key,)
        ).fetchone()
        return None if found is None else _entry(found)

    def _check(self, key: str, condition: Condition | None) -> None:
        if condition is None:
            return
        there = self.head(key)
        if there is None:
            holds = condition.holds_of_nothing()
        else:
            holds = condition.holds(there.etag, there.uploaded)
        if not holds:
            raise PreconditionFailed

    def _drop(self, key: str) -> list[str]:
        gone = self.database.execute(
            "DELETE FROM _mf_objects WHERE key = ? RETURNING blob_id", (key,)
        ).fetchall()
        if not gone:
            return []
        if gone[0][0] is not None:
            return [gone[0][0]]
        parts = self.database.execute(
            "DELETE FROM _mf_multipart_parts WHERE object_key = ? RETURNING blob_id", (key,)
        )
        return [blob for (blob,) in parts.fetchall()]


def new_version() -> str:
    return secrets.token_hex(16)


def packed(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _entry(row: Sequence[Any] | sqlite3.Row) -> tuple[Entry, str | None]:
    key, blob, version, size, etag, uploaded, checksums, http_metadata, custom_metadata = row
    known = json.loads(checksums)
    if len(etag) == 32:  # that of an object in parts is no MD5
        known["md5"] = etag
    metadata = json.loads(http_metadata), json.loads(custom_metadata)
    return Entry(key, version, size, etag, uploaded, known, *metadata), blob


def _plain() -> str:
    return f"SELECT NULL, {_COLUMNS} FROM _mf_objects WHERE {_SELECTED} ORDER BY key LIMIT :limit"


def _grouped() -> str:
    """One row for each common prefix, with the last of its keys: the next page begins there."""
    rest = "substr(key, length(:prefix) + 1)"
    length = f"length(:prefix) + instr({rest}, :delimiter) + length(:delimiter) - 1"
    group = f"iif(instr({rest}, :delimiter), substr(key, 1, {length}), NULL)"
    columns = _COLUMNS.removeprefix("key, ")
    return (
        f"SELECT {group} AS grp, max(key) AS last, {columns} FROM _mf_objects WHERE {_SELECTED} "
        "GROUP BY grp, iif(grp IS NULL, key, NULL) ORDER BY last LIMIT :limit"
    )


def decoded_cursor(cursor: str) -> str:
    """The key in a cursor; as R2's simulator, what is no base64 in it counts for nothing."""
    digits = re.sub(r"[^A-Za-z0-9+/]", "", cursor)
    if len(digits) % 4 == 1:
        digits = digits[:-1]
    return base64.b64decode(digits + "=" * (-len(digits) % 4)).decode("utf-8", "replace")
