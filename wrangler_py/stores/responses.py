"""Responses that the Cache API keeps: entries as keys have them, and a blob for each body.

The layout is wrangler's: expiration in milliseconds since 1970; metadata is JSON of the status, the
headers and the body's size.

Source: https://developers.cloudflare.com/workers/runtime-apis/cache/
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from typing import BinaryIO, NamedTuple

from .key_values import SCHEMA
from .stores import Stores, transaction

__all__ = ["Caches", "Response", "Responses"]

Pairs = Sequence[tuple[str, str]]


class Response(NamedTuple):
    """A response that is kept."""

    status: int
    headers: Pairs
    size: int
    body: BinaryIO


class Caches:
    """The caches of one folder."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._opened: dict[str, Responses] = {}

    def of(self, name: str) -> Responses:
        if name not in self._opened:
            self._opened[name] = Responses(self._stores, name)
        return self._opened[name]


class Responses:
    """One cache; what has expired is not there."""

    def __init__(self, stores: Stores, name: str) -> None:
        """``name``: `default`, or `named:` and what a script calls it."""
        self._clock = stores.clock
        self._database = stores.database("cache", "CacheObject", name)
        self._database.executescript(SCHEMA)
        self._blobs = stores.blobs("cache", name)
        self._drop_expired()

    def get(self, key: str) -> Response | None:
        """What is kept under ``key``; its reader closes the body."""
        row = self._database.execute(
            "SELECT blob_id, expiration, metadata FROM _mf_entries WHERE key = ?", (key,)
        ).fetchone()
        if row is None:
            return None
        blob, expiration, metadata = row
        if self._has_expired(expiration):
            self.delete(key)
            return None
        about = json.loads(metadata)
        headers = [(name, value) for name, value in about["headers"]]
        try:
            return Response(about["status"], headers, about["size"], self._blobs.open(blob))
        except FileNotFoundError:  # somebody took the file away
            return None

    async def put(
        self, key: str, status: int, headers: Pairs, body: AsyncIterator[bytes], expiration: float
    ) -> None:
        """Keep a response once its body has ended; durable when it returns.

        ``expiration``: milliseconds since 1970.

        Raises: OSError; what ``body`` raises. What was there before stays.
        """
        size = 0
        with self._blobs.writing() as (blob, write):
            async for chunk in body:
                size += len(chunk)
                write(chunk)
        about = {"headers": [list(pair) for pair in headers], "status": status, "size": size}
        metadata = json.dumps(about, ensure_ascii=False, separators=(",", ":"))
        with transaction(self._database) as database:
            old = database.execute("SELECT blob_id FROM _mf_entries WHERE key = ?", (key,))
            stale = [name for (name,) in old]
            database.execute(
                "INSERT OR REPLACE INTO _mf_entries VALUES (?, ?, ?, ?)",
                (key, blob, expiration, metadata),
            )
        for name in stale:
            self._blobs.delete(name)

    def delete(self, key: str) -> bool:
        """Forget a response; whether it was there."""
        gone = self._database.execute(
            "DELETE FROM _mf_entries WHERE key = ? RETURNING blob_id, expiration", (key,)
        ).fetchone()
        if gone is None:
            return False
        self._blobs.delete(gone[0])
        return not self._has_expired(gone[1])

    def _drop_expired(self) -> None:
        gone = self._database.execute(
            "DELETE FROM _mf_entries WHERE expiration <= ? RETURNING blob_id",
            (self._clock.now_ms(),),
        ).fetchall()
        for (blob,) in gone:
            self._blobs.delete(blob)

    def _has_expired(self, expiration: float | None) -> bool:
        return expiration is not None and expiration <= self._clock.now_ms()
