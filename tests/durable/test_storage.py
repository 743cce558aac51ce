"""Keys and values: clones, limits, deletion, and the SDK's wrapper around it all."""

from __future__ import annotations

import asyncio
import datetime

import pytest

from wrangler_py.durable.storage import StorageRules
from wrangler_py.js.array import JsArray
from wrangler_py.js.buffers import Uint8Array
from wrangler_py.js.errors import JsException
from wrangler_py.js.object import JsObject


async def test_a_value_read_is_a_fresh_copy(storage):
    value = JsObject({"n": 1, "list": JsArray([1])})
    await storage.put("a", value)
    value.n = 2
    read = await storage.get("a")
    read.list.push(2)
    assert read.n == 1
    assert (await storage.get("a")).list.length == 1


async def test_a_function_cannot_be_stored(storage):
    with pytest.raises(JsException) as raised:
        await storage.put("a", lambda: None)
    assert raised.value.name == "DataCloneError"


async def test_many_pairs_are_stored_or_none(storage):
    entries = JsObject({"small": 1, "big": Uint8Array._of(bytes(3_000_000))})
    with pytest.raises(JsException, match="string or blob too big: SQLITE_TOOBIG"):
        await storage.put(entries)
    assert await storage.get("small") is None
    await storage.put("small", 2)
    assert await storage.get("small") == 2


LEGACY_LIMITS = [
    (
        lambda s: s.put("k" * 2049, 1),
        "Keys cannot be larger than 2048 bytes. A key of size 2049 was provided.",
    ),
    (
        lambda s: s.get("é" * 1025),
        "Keys cannot be larger than 2048 bytes. A key of size 2050 was provided.",
    ),
    (
        lambda s: s.put("k", Uint8Array._of(bytes(140_000))),
        "Values cannot be larger than 131072 bytes. A value of size 140",
    ),
    (
        lambda s: s.get(JsArray([str(n) for n in range(129)])),
        "Maximum number of key value pairs is 128. 129 pairs were provided.",
    ),
]


@pytest.mark.parametrize(("call", "text"), LEGACY_LIMITS)
async def test_the_older_backend_has_its_limits(call, text, legacy):
    with pytest.raises(JsException) as raised:
        await call(legacy)
    assert raised.value.name == "RangeError"
    assert raised.value.message.startswith(text)


async def test_the_limits_of_the_older_backend_are_not_those_of_sqlite(storage):
    await storage.put("k" * 3000, Uint8Array._of(bytes(200_000)))
    assert list(await storage.list()) == ["k" * 3000]


async def test_a_new_listing_ends_the_one_before(storage):
    storage.kv.put("a", 1)
    storage.kv.put("b", 2)
    first = storage.kv.list()
    assert list(first.next().value) == ["a", 1]
    second = storage.kv.list()
    assert list(second.next().value) == ["a", 1]
    with pytest.raises(JsException, match=r"Only one kv\.list\(\) iterator can exist"):
        first.next()
    assert [list(pair) for pair in second] == [["b", 2]]


@pytest.mark.parametrize(("rules", "left"), [(True, None), (False, 4_000_000_000_000)])
async def test_delete_all_and_the_alarm_follow_the_compatibility_date(rules, left, opened, index):
    storage = opened(rules=StorageRules(delete_all_deletes_alarm=rules))
    await storage.setAlarm(4e12)
    await storage.sync()
    await storage.deleteAll()
    await storage.sync()
    alarm = await storage.getAlarm()
    assert (alarm or None) == left
    assert [entry.time_ms for entry in index.all()] == ([left] if left else [])


def test_nobody_constructs_a_storage(storage):
    with pytest.raises(JsException, match="Illegal constructor"):
        type(storage).constructor.new()


@pytest.fixture
def wrapped(storage):
    from workers.rpc import _BindingWrapper  # needs the facades

    return _BindingWrapper(storage)


async def test_the_sdk_stores_and_reads_python_values(wrapped):
    when = datetime.datetime(2026, 1, 2, 3, 4, 5)
    value = {"n": 1, "f": 1.5, "none": None, "list": [1, "x"], "when": when}
    await wrapped.put("a", value)
    read = await wrapped.get("a")
    assert read == value
    assert read.n == 1
    assert await wrapped.get("missing") is None
    await wrapped.put("none", None)
    assert await wrapped.get("none") is None


async def test_the_sdk_reaches_every_form(wrapped):
    await wrapped.put({"a1": 1, "a2": 2, "b": 3})
    assert await wrapped.get(["a1", "b"]) == {"a1": 1, "b": 3}
    assert await wrapped.list(prefix="a", reverse=True) == {"a2": 2, "a1": 1}
    assert await wrapped.delete("a1") is True
    assert await wrapped.delete(["a1", "a2"]) == 1
    assert await wrapped.getAlarm() is None
    await wrapped.setAlarm(datetime.datetime.now() + datetime.timedelta(days=1))
    assert await wrapped.getAlarm() > 1e12
    await wrapped.sync()
    await wrapped.deleteAll()
    assert await wrapped.list() == {}


async def test_the_sdk_runs_sql(wrapped):
    sql = wrapped.sql
    sql.exec("create table t(id integer primary key, body text, data blob)")
    cursor = sql.exec("insert into t(body, data) values (?, ?) returning id", "x", b"\x00\xff")
    assert cursor.one().id == 1
    row = sql.exec("select * from t where id = ?", 1).one()
    assert (row.body, row["body"], bytes(row.data)) == ("x", "x", b"\x00\xff")
    assert [r.n for r in sql.exec("select 1 n union select 2")] == [1, 2]
    assert sql.exec("select null n").toArray() == [{"n": None}]
    assert sql.exec("select 1 a, 2 b").columnNames == ["a", "b"]
    assert [list(r) for r in sql.exec("select 1, 2").raw()] == [[1, 2]]
    assert sql.exec("select count(*) as count from t").one().count == 1
    assert sql.databaseSize > 0


async def test_the_sdk_runs_transactions_and_synchronous_keys(wrapped):
    async def closure(txn):
        await txn.put("a", 1)
        await asyncio.sleep(0)
        return await txn.get("a")

    assert await wrapped.transaction(closure) == 1
    wrapped.kv.put("b", {"x": [1]})
    assert wrapped.kv.get("b").x == [1]
    assert [list(pair) for pair in wrapped.kv.list(prefix="a")] == [["a", 1]]
    assert wrapped.transactionSync(lambda: wrapped.kv.delete("b")) is True
