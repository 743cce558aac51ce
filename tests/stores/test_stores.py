"""Where bindings keep what they keep."""

from __future__ import annotations

import sqlite3

import pytest

from wrangler_py.errors import UsageError
from wrangler_py.stores.blobs import Blobs
from wrangler_py.stores.ids import id_of
from wrangler_py.stores.stores import Stores, transaction


def test_a_file_is_called_as_wrangler_calls_it(tmp_path):
    # Seen on disk after `wrangler kv key put --local` with the namespace id "abc".
    assert Stores(tmp_path).database_path("kv", "KVNamespaceObject", "abc") == (
        tmp_path
        / "kv"
        / "miniflare-KVNamespaceObject"
        / "3f477c5215ab6ad21a31a5567fc178958f5b6d83ca22597629a0fd86c3e87647.sqlite"
    )
    assert id_of("miniflare-D1DatabaseObject", "dbid").startswith("ecbc736354685028b2ee")


def test_a_database_is_one_connection_and_lasts(tmp_path):
    stores = Stores(tmp_path)
    database = stores.database("kv", "X", "n")
    database.execute("CREATE TABLE t (a)")
    assert stores.database("kv", "X", "n") is database
    stores.close()
    again = Stores(tmp_path).database("kv", "X", "n")
    assert again.execute("SELECT name FROM sqlite_master").fetchall() == [("t",)]
    assert again.execute("PRAGMA synchronous").fetchone() == (2,)
    again.close()


def test_a_file_that_is_no_database_is_named(tmp_path):
    path = Stores(tmp_path).database_path("kv", "X", "n")
    path.parent.mkdir(parents=True)
    path.write_text("x" * 300)
    with pytest.raises(UsageError, match="file is not a database") as caught:
        Stores(tmp_path).database("kv", "X", "n")
    assert caught.value.where == str(path)


def test_a_transaction_that_fails_did_not_happen():
    stores = Stores()
    database = stores.database("kv", "X", "n")
    database.execute("CREATE TABLE t (a)")

    def half_done():
        with transaction(database):
            database.execute("INSERT INTO t VALUES (1)")
            database.execute("INSERT INTO nowhere VALUES (1)")

    with pytest.raises(sqlite3.OperationalError):
        half_done()
    with transaction(database):
        database.execute("INSERT INTO t VALUES (2)")
    assert database.execute("SELECT a FROM t").fetchall() == [(2,)]
    stores.close()


@pytest.fixture(params=["on disk", "in memory"])
def blobs(request, tmp_path):
    return Blobs(tmp_path / "kv" / "blobs" if request.param == "on disk" else None)


def test_a_blob_comes_back(blobs):
    name = blobs.write(b"data")
    assert len(name) == 80
    assert blobs.read(name) == b"data"
    assert blobs.read(blobs.write(iter([b"a", b"b"]))) == b"ab"


def test_a_deleted_blob_is_gone_but_for_its_reader(blobs):
    name = blobs.write(b"data")
    with blobs.open(name) as reader:
        blobs.delete(name)
        assert reader.read() == b"data"
    with pytest.raises(FileNotFoundError):
        blobs.read(name)
    blobs.delete(name)


def test_a_blob_that_is_not_written_to_its_end_leaves_nothing(tmp_path):
    def breaks():
        yield b"begun"
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        Blobs(tmp_path).write(breaks())
    assert list(tmp_path.iterdir()) == []


def test_a_name_cannot_leave_its_folder(tmp_path):
    stores = Stores(tmp_path)
    for name in ("../x", "..", "a/b", ""):
        stores.blobs("kv", name).write(b"x")
    folders = [path for path in tmp_path.rglob("*") if path.is_dir() and path.name == "blobs"]
    assert len(folders) == 4
    assert all(path.parent.parent == tmp_path / "kv" for path in folders)


def test_what_is_kept_is_made_once_and_closed():
    class Kept:
        closed = False

        def __init__(self, stores):
            self.stores = stores

        def close(self):
            self.closed = True

    stores = Stores()
    kept = stores.keep(Kept)
    assert stores.keep(Kept) is kept
    stores.close()
    assert kept.closed
