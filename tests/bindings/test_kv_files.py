"""Keys that `wrangler kv key put` kept are read; recorded from wrangler 4.164."""

from __future__ import annotations

import sqlite3

from wrangler_py.stores.key_values import Entry, KeyValues
from wrangler_py.stores.stores import Stores

DATABASE = (
    "miniflare-KVNamespaceObject/"
    "e4eadeaa6e94c35599064d65a5dccc6ceb8d4cdcbd4ff36e6f59acee40bff782.sqlite"
)
"""Of the namespace `names`."""
SCHEMA = """
CREATE TABLE _mf_entries (
  key TEXT PRIMARY KEY,
  blob_id TEXT NOT NULL,
  expiration INTEGER,
  metadata TEXT
);
CREATE INDEX _mf_entries_expiration_idx ON _mf_entries(expiration);
"""
BLOB = "e4766f4eb23c187d66ef51b80e050b9f201e4953baf53fa25c8a37c2840bbb00000001a208343e73"
ROW = ("a/b", BLOB, 2147480000000, '{"by":"wrangler"}')


def test_a_key_of_wrangler_is_read(tmp_path):
    path = tmp_path / "kv" / DATABASE
    path.parent.mkdir(parents=True)
    database = sqlite3.connect(path)
    database.executescript(SCHEMA)
    database.execute("INSERT INTO _mf_entries VALUES (?, ?, ?, ?)", ROW)
    database.commit()
    database.close()
    blobs = tmp_path / "kv" / "names" / "blobs"
    blobs.mkdir(parents=True)
    (blobs / BLOB).write_bytes(b"written by wrangler")
    stores = Stores(tmp_path)
    entry = Entry("a/b", 2147480000, '{"by":"wrangler"}')
    assert KeyValues(stores, "names").get("a/b") == (b"written by wrangler", entry)
    stores.close()
