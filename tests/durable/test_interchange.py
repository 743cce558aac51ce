"""State that workerd wrote is read here, and the other way round."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.durable.record import LEFT_BEHIND
from tests.durable.steps import run
from tests.durable.workerd import BINARY, workerd
from wrangler_py.durable.alarm_store import AlarmIndex
from wrangler_py.durable.ids import IdFactory
from wrangler_py.durable.storage import close, open_storage
from wrangler_py.js.array import JsArray
from wrangler_py.js.object import JsObject

RECORDED = Path(__file__).with_name("recorded")
LEFT = json.loads((RECORDED / "left.json").read_text())["id"]

FOUND = [
    (["get", "text"], "héllo"),
    (["get", "number"], 2),
    (["get", "data"], {"list": [1, 2.5, None, True], "when": {"$date": 5}}),
    (["get", "bytes"], {"$bytes": [0, 255]}),
    (
        ["sql", "SELECT * FROM notes"],
        {"columns": ["id", "body"], "rows": [[1, "one"], [2, "two"]]},
    ),
    (["getAlarm"], 4_000_000_000_000),
    (["getCurrentBookmark"], "00000000-00000001-00000000-" + "0" * 32),
]
READS = [step for step, _ in FOUND]
ANSWERS = [answer for _, answer in FOUND]

needs_workerd = pytest.mark.skipif(BINARY is None, reason="WORKERD names no binary")


@pytest.fixture
def left_behind(tmp_path):
    """A folder with a database that workerd wrote."""
    shutil.copy(RECORDED / "object.sqlite", tmp_path / f"{LEFT}.sqlite")
    shutil.copy(RECORDED / "metadata.sqlite", tmp_path / "metadata.sqlite")
    return tmp_path


async def test_what_workerd_left_is_found(left_behind):
    index = AlarmIndex(left_behind / "metadata.sqlite")
    storage = open_storage(left_behind, LEFT, index)
    assert [await run(storage, step) for step in READS] == ANSWERS
    alarms = [(entry.actor_id, entry.time_ms, entry.name) for entry in index.all()]
    assert alarms == [(LEFT, 4_000_000_000_000, "left")]
    close(storage)
    index.close()


async def test_values_are_the_bytes_that_workerd_writes(left_behind, storage):
    await storage.put("text", "héllo")
    await storage.put("number", 2)
    await storage.put("data", JsObject({"list": JsArray([1, 2.5])}))
    await storage.sync()
    ours = dict(storage._database.reading().execute("SELECT key, value FROM _cf_KV"))
    with closing(sqlite3.connect(left_behind / f"{LEFT}.sqlite")) as db:
        theirs = dict(db.execute("SELECT key, value FROM _cf_KV"))
    assert ours["text"] == theirs["text"]
    assert ours["number"] == theirs["number"] == b"\xff\x0fI\x04"


async def test_the_schema_is_that_of_workerd(left_behind, storage):
    await storage.put("a", 1)
    await storage.setAlarm(4e12)
    await storage.sync()
    query = "SELECT name, sql FROM sqlite_master WHERE name LIKE '~_cf~_%' ESCAPE '~' ORDER BY 1"
    with closing(sqlite3.connect(left_behind / f"{LEFT}.sqlite")) as db:
        theirs = db.execute(query).fetchall()
    ours = storage._database.reading().execute(query).fetchall()
    assert _bare(ours) == _bare(theirs)


def _bare(schema):
    return [(name, "".join(sql.split())) for name, sql in schema]


@needs_workerd
async def test_workerd_finds_what_we_left(tmp_path):
    folder = tmp_path / "disk" / "test-Sqlite"
    actor_id = IdFactory("test-Sqlite").from_name("ours").toString()
    index = AlarmIndex(folder / "metadata.sqlite")
    storage = open_storage(folder, actor_id, index, name="ours")
    for step in LEFT_BEHIND:
        await run(storage, step)
    close(storage)
    index.close()
    with workerd(tmp_path) as oracle:
        assert oracle.run("ours", READS) == ANSWERS
