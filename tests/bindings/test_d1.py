"""D1 through the SDK, as a Worker uses it, and its file as other tools see it."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from wrangler_py.bindings.d1.store import Databases, Query, Refused
from wrangler_py.bindings.d1.values import bound
from wrangler_py.js.errors import JsException
from wrangler_py.stores.stores import Stores
from wrangler_py.testing import run_worker

ROOT = Path(__file__).parents[2]

SCRIPT = """
import json

from pyodide.ffi import JsException
from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        found = await getattr(self, request.url.rpartition("/")[2])(self.env.DB)
        return Response(json.dumps(found))

    async def insert(self, db):
        await db.exec("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT UNIQUE, photo)")
        insert = db.prepare("INSERT INTO users (name, photo) VALUES (?, ?)")
        done = await insert.bind("Ann", b"ab").run()
        await insert.bind("Bob", None).run()
        return [done.success, done.meta.changes, done.meta.last_row_id]

    async def read(self, db):
        select = db.prepare("SELECT * FROM users WHERE id >= ?").bind(1)
        everything = await select.all()
        return {
            "all": everything.results,
            "names": [row.name for row in everything.results],
            "first": await select.first(),
            "column": await select.first("name"),
            "none": await db.prepare("SELECT 1 WHERE 0").first(),
            "raw": await select.raw(),
            "headed": (await select.raw(columnNames=True))[0],
        }

    async def batch(self, db):
        insert = db.prepare("INSERT INTO users (name) VALUES (?)")
        done = await db.batch([insert.bind("Cid"), db.prepare("SELECT count(*) AS n FROM users")])
        try:
            await db.batch([insert.bind("Dot"), insert.bind("Ann")])
        except JsException as exc:
            return [done[1].results[0].n, str(exc), await self.count(db)]

    async def count(self, db):
        return await db.prepare("SELECT count(*) AS n FROM users").first("n")

    async def values(self, db):
        values = [None, True, 1.5, "x", b"a", [1, 2]]
        return await db.prepare("SELECT ?, ?, ?, ?, ?, ?").bind(*values).raw()

    async def uncaught(self, db):
        await db.prepare("SELECT * FROM nowhere").all()

    async def session(self, db):
        session = db.withSession("first-primary")
        before = session.getBookmark() is None
        await session.prepare("SELECT 1").all()
        bookmark = session.getBookmark()
        await session.prepare("CREATE TABLE s (a)").run()
        return [before, bookmark < session.getBookmark(), hasattr(session, "exec")]
"""
CONFIG = """{
  "name": "store", "main": "entry.py", "compatibility_date": "2026-11-01",
  "compatibility_flags": ["python_workers"],
  "d1_databases": [{"binding": "DB", "database_name": "users", "database_id": "db"}]
}"""


@pytest.fixture
async def worker(tmp_path):
    (tmp_path / "entry.py").write_text(SCRIPT)
    (tmp_path / "wrangler.jsonc").write_text(CONFIG)
    async with run_worker(folder=tmp_path) as running:
        yield running


async def asked(worker, what):
    return json.loads(await (await worker.fetch(f"/{what}")).text())


async def test_rows_go_in_and_come_out_in_every_form(worker):
    assert await asked(worker, "insert") == [True, 1, 1]
    ann = {"id": 1, "name": "Ann", "photo": [97, 98]}
    found = await asked(worker, "read")
    assert found.pop("all")[0] == found.pop("first") == ann
    assert found.pop("raw")[0] == list(ann.values())
    assert found == {"names": ["Ann", "Bob"], "column": "Ann", "none": None, "headed": list(ann)}


async def test_a_batch_happens_as_a_whole_or_not_at_all(worker):
    await asked(worker, "insert")
    said = (
        "Error: D1_ERROR: UNIQUE constraint failed: users.name: SQLITE_CONSTRAINT "
        "(extended: SQLITE_CONSTRAINT_UNIQUE)"
    )
    assert await asked(worker, "batch") == [3, said, 3]


async def test_values_of_python_are_bound_as_the_sdk_converts_them(worker):
    assert await asked(worker, "values") == [[None, 1, 1.5, "x", [97], [1, 2]]]


REFUSED = [
    (None, "'undefined' not supported for value 'undefined'", 1),
    ([1], "'object' not supported for value '[1]'", 1),
    (b"a", "'object' not supported for value 'b'a''", 1),
    (print, "'function' not supported for value '<built-in function print>'", 0),
    (2**53, "'bigint' not supported for value '9007199254740992'", 0),
]


@pytest.mark.parametrize(("value", "said", "hints"), REFUSED)
def test_a_value_that_reaches_d1_without_the_sdk_is_refused_as_javascript_sees_it(
    value, said, hints
):
    with pytest.raises(JsException) as caught:
        bound(value)
    assert str(caught.value) == f"Error: D1_TYPE_ERROR: Type {said}"
    assert len(getattr(caught.value, "__notes__", ())) == hints


async def test_an_error_that_nobody_catches_is_d1s_own(worker):
    async with worker.raises(Exception, match="D1_ERROR: no such table: nowhere: SQLITE_ERROR"):
        await worker.fetch("/uncaught")


async def test_the_bookmark_of_a_session_grows_with_what_it_saw(worker):
    assert await asked(worker, "session") == [True, True, False]


def test_the_file_stands_where_wrangler_looks_and_is_durable(tmp_path):
    stores = Stores(tmp_path)
    database = stores.keep(Databases).open("db")
    database.run([Query("CREATE TABLE t (a)"), Query("INSERT INTO t VALUES (?)", ["x"])], False)
    (file,) = tmp_path.rglob("*.sqlite")
    # Seen on disk with the database "db".
    name = "4fea589dffe569f8ba071ec87ac0160124823fb6b357717ae164e87fbe3b243a.sqlite"
    assert file.relative_to(tmp_path / "d1").parts == ("miniflare-D1DatabaseObject", name)
    other = sqlite3.connect(file)  # as after a kill: nobody closed the first
    assert other.execute("SELECT a FROM t").fetchall() == [("x",)]
    other.close()
    stores.close()
    again = Stores(tmp_path)
    (found,) = again.keep(Databases).open("db").run([Query("SELECT a FROM t")], True)
    assert (found.rows, found.meta["changed_db"]) == ([("x",)], False)
    again.close()


@pytest.mark.parametrize("text", ["COMMIT", "ROLLBACK", "BEGIN IMMEDIATE", "BEGIN", "END"])
def test_the_platforms_own_words_do_not_let_a_script_out_of_its_transaction(text):
    database = Stores().keep(Databases).open("db")
    database.run([Query("CREATE TABLE t (a)")], False)
    with pytest.raises(Refused, match="To execute a transaction"):
        database.run([Query("INSERT INTO t VALUES (1)"), Query(text)], False)
    assert database.run([Query("SELECT * FROM t")], False)[0].rows == []
    database.close()


def test_while_another_process_writes_the_error_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("wrangler_py.bindings.d1.store._BUSY_S", 0.01)
    stores = Stores(tmp_path)
    database = stores.keep(Databases).open("db")
    database.run([Query("CREATE TABLE t (a)")], False)
    (file,) = tmp_path.rglob("*.sqlite")
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Refused, match="database is locked: SQLITE_BUSY"):
        database.run([Query("DELETE FROM t")], False)
    assert database.run([Query("SELECT * FROM t")], False)[0].rows == []
    other.close()
    stores.close()


WRITER = """
import sys
from pathlib import Path
from wrangler_py.bindings.d1.store import Databases, Query
from wrangler_py.stores.stores import Stores

database = Stores(Path(sys.argv[1])).keep(Databases).open("db")
database.run([Query("CREATE TABLE IF NOT EXISTS log (n INTEGER PRIMARY KEY, half)")], False)
number = int(sys.argv[2])
while True:
    # Two rows of one batch: both are found, or neither.
    row = "INSERT INTO log VALUES (?, 'x')"
    database.run([Query(row, [number]), Query(row, [-number])], True)
    print(number, flush=True)
    number += 1
"""


@pytest.mark.timeout(60)
def test_every_acknowledged_batch_is_found_whole_after_a_kill(tmp_path):
    chance, first = random.Random(5), 1
    for _ in range(4):
        command = [sys.executable, "-c", WRITER, str(tmp_path), str(first)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert process.stdout is not None
        begun = process.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.1))  # the random moment
        process.kill()
        rest, _ = process.communicate(timeout=10)
        acknowledged = [int(line) for line in (begun + rest).rpartition("\n")[0].split()]
        assert acknowledged[0] == first
        stores = Stores(tmp_path)
        query = Query("SELECT max(n), -min(n), count(*) FROM log")
        ((last, twin, count),) = stores.keep(Databases).open("db").run([query], False)[0].rows
        stores.close()
        assert acknowledged[-1] <= last == twin == count / 2
        first = last + 1


def test_text_that_is_no_unicode_is_replaced_and_a_changed_params_is_refused():
    database = Stores().keep(Databases).open("db")
    (found,) = database.run([Query("SELECT '\ud800' AS a, ? AS b", ["\udfff"])], False)
    assert found.rows == [("\ufffd", "\ufffd")]
    with pytest.raises(Refused, match="Failed to parse body as JSON"):
        database.run([Query("SELECT ?", [object()])], False)
    database.close()
