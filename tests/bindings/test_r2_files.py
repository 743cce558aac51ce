"""Objects that `wrangler r2 object put` kept are read; recorded from wrangler 4.164."""

from __future__ import annotations

import sqlite3

from wrangler_py.bindings.r2.store import R2Store
from wrangler_py.stores.stores import Stores

DATABASE = (
    "miniflare-R2BucketObject/"
    "7f9393e361b850806cc4f78f4907f107fa3776e27c2551b6ac9a19e499299a34.sqlite"
)
"""Of the bucket `files`."""
SCHEMA = """CREATE TABLE _mf_objects (
    key TEXT PRIMARY KEY,
    blob_id TEXT,
    version TEXT NOT NULL,
    size INTEGER NOT NULL,
    etag TEXT NOT NULL,
    uploaded INTEGER NOT NULL,
    checksums TEXT NOT NULL,
    http_metadata TEXT NOT NULL,
    custom_metadata TEXT NOT NULL
)"""
ROW = (
    "a/b.txt",
    "6897cd69762832290c1a023c1709d812e2420ada62469663ddbb510c8d505072000001a2081e41d5",
    "d816fbf17c2ae08aaffc09da75ec1201",
    9,
    "0878403390b7e5f02a7d7fc0ebc85939",
    1795432530391,
    "{}",
    '{"contentType":"text/plain"}',
    "{}",
)


def test_an_object_of_wrangler_is_read(tmp_path):
    path = tmp_path / "r2" / DATABASE
    path.parent.mkdir(parents=True)
    database = sqlite3.connect(path)
    database.execute(SCHEMA)
    database.execute("INSERT INTO _mf_objects VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", ROW)
    database.commit()
    database.close()
    blobs = tmp_path / "r2" / "files" / "blobs"
    blobs.mkdir(parents=True)
    (blobs / str(ROW[1])).write_bytes(b"filedata\n")
    stores = Stores(tmp_path)
    found = R2Store(stores, "files").find("a/b.txt")
    assert found is not None
    entry, [piece] = found
    assert stores.blobs("r2", "files").read(piece.blob) == b"filedata\n"
    assert (entry.size, entry.etag, entry.checksums) == (9, ROW[4], {"md5": ROW[4]})
    assert entry.http_metadata == {"contentType": "text/plain"}
    stores.close()
