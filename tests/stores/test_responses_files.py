"""Responses that wrangler's local cache kept are read, and kept as it keeps them; recorded from
miniflare of wrangler 4.164."""

from __future__ import annotations

import json
import sqlite3

import pytest

from wrangler_py.stores.responses import Caches
from wrangler_py.stores.stores import Stores

DEFAULT = "9f458c07675338a7426a7b81ac4fb1baf92d034efbcaaf4336379640ed744ded.sqlite"
PAGES = "510725e147b9be7cd468cc7c3ccc10b73b8dd71ab774d22b079a15b0ebfbd81a.sqlite"
"""Of `caches.default`, and of the cache `pages`."""
SCHEMA = """
CREATE TABLE _mf_entries (
  key TEXT PRIMARY KEY,
  blob_id TEXT NOT NULL,
  expiration INTEGER,
  metadata TEXT
);
CREATE INDEX _mf_entries_expiration_idx ON _mf_entries(expiration);
"""
BLOB = "4da599e5ebff14c673e81b5844ad9463f4b25063d96dd8db39ac8dd962920a2c000001a22f18a172"
METADATA = (
    '{"headers":[["cache-control","max-age=31536000"],["content-length","16"],'
    '["content-type","text/plain;charset=UTF-8"],["x-own","é"],["age","0"],'
    '["date","Tue, 01 Dec 2026 00:54:33 GMT"]],"status":200,"size":16}'
)
KEY, EXPIRATION = "http://a.example/p?q=1", 4102444800000


@pytest.fixture
def stores(tmp_path):
    with_files = Stores(tmp_path)
    yield with_files
    with_files.close()


def test_a_response_of_wrangler_is_read(tmp_path, stores):
    path = tmp_path / "cache" / "miniflare-CacheObject" / PAGES
    path.parent.mkdir(parents=True)
    database = sqlite3.connect(path)
    database.executescript(SCHEMA)
    row = (KEY, BLOB, EXPIRATION, METADATA)
    database.execute("INSERT INTO _mf_entries VALUES (?, ?, ?, ?)", row)
    database.commit()
    database.close()
    blobs = tmp_path / "cache" / "named_pages" / "blobs"
    blobs.mkdir(parents=True)
    (blobs / BLOB).write_bytes(b"kept by wrangler")
    found = Caches(stores).of("named:pages").get(KEY)
    assert found is not None
    assert (found.status, found.size, found.headers[3]) == (200, 16, ("x-own", "é"))
    with found.body as body:
        assert body.read() == b"kept by wrangler"


async def test_a_response_is_kept_as_wrangler_keeps_it(tmp_path, stores):
    async def body():
        yield b"kept by "
        yield b"wrangler"

    headers = [tuple(pair) for pair in json.loads(METADATA)["headers"]]
    for name in ("default", "named:pages"):
        await Caches(stores).of(name).put(KEY, 200, headers, body(), EXPIRATION)
    names = {path.name for path in (tmp_path / "cache" / "miniflare-CacheObject").glob("*.sqlite")}
    assert names == {DEFAULT, PAGES}
    database = sqlite3.connect(tmp_path / "cache" / "miniflare-CacheObject" / PAGES)
    ((key, blob, expiration, metadata),) = database.execute("SELECT * FROM _mf_entries")
    database.close()
    assert (key, expiration, metadata) == (KEY, EXPIRATION, METADATA)
    kept = tmp_path / "cache" / "named_pages" / "blobs" / blob
    assert kept.read_bytes() == b"kept by wrangler"


async def test_a_body_that_breaks_leaves_what_was_there(tmp_path, stores):
    async def whole():
        yield b"old"

    async def breaks():
        yield b"ne"
        raise ConnectionError

    cache = Caches(stores).of("default")
    await cache.put(KEY, 200, [], whole(), EXPIRATION)
    with pytest.raises(ConnectionError):
        await cache.put(KEY, 200, [], breaks(), EXPIRATION)
    found = cache.get(KEY)
    assert found is not None
    with found.body as body:
        assert body.read() == b"old"
    assert len(list((tmp_path / "cache" / "default" / "blobs").iterdir())) == 1


async def test_what_has_expired_is_dropped_when_a_cache_is_opened(tmp_path):
    async def body():
        yield b"old"

    first = Stores(tmp_path)
    await Caches(first).of("default").put(KEY, 200, [], body(), 1)
    first.close()
    blobs = tmp_path / "cache" / "default" / "blobs"
    assert len(list(blobs.iterdir())) == 1
    second = Stores(tmp_path)
    assert Caches(second).of("default").get(KEY) is None
    assert list(blobs.iterdir()) == []
    second.close()


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        # As miniflare's own `sanitisePath` spells them.
        ("named:pages", "named_pages"),
        ("plain", "plain"),
        ("..", "__"),
        ("../a/b:c", "___a_b_c"),
        ("named:../a", "named_.._a"),
        ("con", "_"),
        (" a ", "_a_"),
        ("a?b*c", "a_b_c"),
    ],
)
def test_a_folder_is_called_as_wrangler_calls_it(name, folder, tmp_path, stores):
    stores.blobs("cache", name).write(b"")
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [folder]
