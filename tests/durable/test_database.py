"""One commit per turn, what waits for it, and what happens when it fails."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

import pytest

from wrangler_py.durable.database import Database, Memory
from wrangler_py.durable.storage import close, durable
from wrangler_py.js.errors import JsException
from wrangler_py.sqlite.connection import MEMORY

from .conftest import OBJECT

FOREIGN_KEY = (
    "create table par(id integer primary key); "
    "create table chi(p references par(id) deferrable initially deferred)"
)


def on_disk(path):
    """The keys that another process would find."""
    with closing(sqlite3.connect(path)) as other:
        try:
            return [key for (key,) in other.execute("SELECT key FROM _cf_KV ORDER BY key")]
        except sqlite3.OperationalError:
            return []


async def test_the_file_appears_with_the_first_write(tmp_path, storage):
    path = tmp_path / f"{OBJECT}.sqlite"
    assert await storage.get("a") is None
    assert storage.sql.exec("select 1 n").one().n == 1
    assert not path.exists()
    await storage.put("a", 1)
    assert path.exists()


async def test_a_cursor_from_before_the_first_write_goes_on(storage):
    cursor = storage.sql.exec("select 1 n union select 2")
    assert cursor.next().value.n == 1
    await storage.put("a", 1)
    assert [row.n for row in cursor] == [2]


async def test_writes_of_one_turn_are_one_commit(tmp_path, storage):
    path = tmp_path / f"{OBJECT}.sqlite"
    await storage.put("a", 1)
    storage.sql.exec("create table t(x)")
    await storage.put("b", 2)
    assert on_disk(path) == []
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert on_disk(path) == ["a", "b"]


async def test_awaiting_storage_never_lets_another_task_run(storage):
    async def increment():
        value = await storage.get("n") or 0
        await storage.put("n", value + 1)

    await asyncio.gather(*(increment() for _ in range(50)))
    assert await storage.get("n") == 50


async def test_durable_is_done_when_the_write_is_committed(tmp_path, storage):
    path = tmp_path / f"{OBJECT}.sqlite"
    assert durable(storage).done()
    await storage.put("a", 1)
    promise = durable(storage)
    assert not promise.done()
    await promise
    assert on_disk(path) == ["a"]


async def test_one_waiter_that_gives_up_leaves_the_others(storage):
    await storage.put("a", 1)
    first, second = durable(storage), durable(storage)
    first.cancel()
    await second


async def test_nobody_waits_for_an_unconfirmed_write(storage):
    await storage.put("a", 1, allowUnconfirmed=True)
    assert durable(storage).done()
    await storage.put("b", 1)
    assert not durable(storage).done()


async def test_sync_commits_at_once(tmp_path, storage):
    await storage.put("a", 1)
    await storage.sync()
    assert on_disk(tmp_path / f"{OBJECT}.sqlite") == ["a"]


async def test_a_commit_that_fails_breaks_the_object(tmp_path, opened):
    failures = []
    storage = opened(on_failure=failures.append)
    await storage.put("before", 1)
    storage.sql.exec(FOREIGN_KEY)
    await storage.sync()
    await storage.put("lost", 1)
    storage.sql.exec("insert into chi values (5)")
    with pytest.raises(JsException) as raised:
        await durable(storage)
    assert raised.value.message == (
        "Durable Object was reset and rolled back to its last known good state because the "
        "application left the database in a state where constraints were violated: "
        "FOREIGN KEY constraint failed: SQLITE_CONSTRAINT "
        "(extended: SQLITE_CONSTRAINT_FOREIGNKEY)"
    )
    assert failures == [raised.value]
    with pytest.raises(JsException):
        await storage.get("before")
    with pytest.raises(JsException):
        await durable(storage)
    assert on_disk(tmp_path / f"{OBJECT}.sqlite") == ["before"]
    assert await opened().get("before") == 1


async def test_an_abort_drops_what_the_turn_wrote(opened):
    storage = opened()
    await storage.put("kept", 1)
    await storage.sync()
    await storage.put("dropped", 1)
    promise = durable(storage)
    close(storage, commit=False)
    await promise
    again = opened()
    assert [await again.get(key) for key in ("kept", "dropped")] == [1, None]


async def test_closing_commits(opened):
    storage = opened()
    await storage.put("a", 1)
    close(storage)
    assert await opened().get("a") == 1


async def test_delete_all_removes_the_file_and_storage_goes_on(tmp_path, storage):
    await storage.put("a", 1)
    storage.sql.exec("create table t(x)")
    await storage.sync()
    cursor = storage.sql.exec("select 1 union select 2")
    cursor.next()
    await storage.deleteAll()
    assert list(tmp_path.glob(f"{OBJECT}.sqlite*")) == []
    with pytest.raises(JsException, match="canceled because the database was deleted"):
        cursor.next()
    assert storage.sql.exec("select name from sqlite_master").toArray().length == 0
    await storage.put("b", 2)
    assert list(await storage.list()) == ["b"]


async def test_a_database_in_memory_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    database = Database(None)
    database.writing().execute("CREATE TABLE t (x)")
    database.flush()
    assert database.reading().execute("SELECT count(*) FROM t").fetchone() == (0,)
    database.close()
    assert not (tmp_path / MEMORY).exists()


async def test_commits_survive_a_power_cut(storage):
    await storage.put("a", 1)
    db = storage._database.reading()
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert db.execute("PRAGMA synchronous").fetchone() == (2,)


async def test_a_database_in_memory_may_be_kept_for_the_next_one():
    memory = Memory()
    first = Database(None, memory=memory)
    first.writing().execute("CREATE TABLE t (x)")
    first.flush()
    first.writing().execute("INSERT INTO t VALUES (1)")
    first.abandon()
    assert not memory.is_empty
    second = Database(None, memory=memory)
    assert second.reading().execute("SELECT count(*) FROM t").fetchone() == (0,)
    second.delete_all()
    second.close()
    assert memory.is_empty


async def test_a_database_in_memory_that_holds_nothing_is_not_kept():
    memory = Memory()
    database = Database(None, memory=memory)
    database.reading().execute("SELECT 1")
    database.close()
    assert memory.is_empty
    memory.close()
