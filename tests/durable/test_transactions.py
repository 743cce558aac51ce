"""`transaction`, `transactionSync` and who sees what."""

from __future__ import annotations

import asyncio

import pytest

from wrangler_py.js.errors import JsException, error, type_error


async def test_a_transaction_gives_what_its_closure_gives(storage):
    async def closure(txn):
        await txn.put("a", 1)
        return await txn.get("a")

    assert await storage.transaction(closure) == 1
    assert await storage.get("a") == 1


async def test_a_closure_need_not_be_async(storage):
    assert await storage.transaction(lambda txn: "sync") == "sync"


async def test_an_exception_rolls_back_and_reaches_the_caller(storage):
    await storage.put("a", 1)

    async def closure(txn):
        await txn.put("a", 2)
        storage.sql.exec("create table t(x)")
        await asyncio.sleep(0)
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        await storage.transaction(closure)
    assert await storage.get("a") == 1
    assert storage.sql.exec("select * from sqlite_master where name='t'").toArray().length == 0


async def test_rollback_undoes_and_the_result_still_arrives(storage):
    async def closure(txn):
        await txn.put("a", 2)
        txn.rollback()
        txn.rollback()
        return "done"

    assert await storage.transaction(closure) == "done"
    assert await storage.get("a") is None


async def after_rollback(txn):
    txn.rollback()
    await txn.get("x")


async def put_after_rollback(txn):
    txn.rollback()
    await txn.put("x", 1)


MISUSE = [
    (after_rollback, "Cannot get() on rolled back transaction"),
    (put_after_rollback, "Cannot put() on rolled back transaction"),
    (lambda txn: txn.deleteAll(), "Cannot call deleteAll() within a transaction"),
]


@pytest.mark.parametrize(("closure", "text"), MISUSE)
async def test_misuse_fails_as_on_cloudflare(closure, text, storage):
    with pytest.raises(JsException) as raised:
        await storage.transaction(closure)
    assert raised.value.message == text


@pytest.mark.parametrize(("call", "name"), [("get", "get()"), ("setAlarm", "setAlarm()")])
async def test_a_transaction_is_over_when_its_closure_is(call, name, storage):
    kept = []
    await storage.transaction(kept.append)
    with pytest.raises(JsException) as raised:
        await getattr(kept[0], call)(5)
    assert raised.value.message == (
        f"Cannot call {name} on transaction that has already committed: "
        "did you move `txn` outside of the closure?"
    )


async def test_delete_all_of_the_storage_is_refused_inside(storage):
    with pytest.raises(JsException, match=r"Cannot call deleteAll\(\) within a transaction"):
        await storage.transaction(lambda txn: storage.deleteAll())


async def test_a_nested_transaction_rolls_back_alone(storage):
    async def inner(txn):
        await txn.put("n2", 2)
        raise error("inner")

    async def outer(txn):
        await txn.put("n1", 1)
        with pytest.raises(JsException, match="inner"):
            await storage.transaction(inner)
        await txn.put("n3", 3)

    await storage.transaction(outer)
    assert list(await storage.list()) == ["n1", "n3"]


async def test_an_outer_transaction_cannot_roll_back_under_a_nested_one(storage):
    async def outer(txn):
        await storage.transaction(lambda _: txn.rollback())

    with pytest.raises(JsException, match="while a nested transaction is still running"):
        await storage.transaction(outer)


async def test_transactions_run_one_after_another(storage):
    log = []

    def closure(name):
        async def run(txn):
            log.append(name)
            await asyncio.sleep(0.001)
            log.append(name)

        return run

    await asyncio.gather(*(storage.transaction(closure(name)) for name in "abc"))
    assert log == ["a", "a", "b", "b", "c", "c"]


async def test_other_events_are_kept_out_by_the_seam(opened):
    calls = []

    async def block(function):
        calls.append("begin")
        try:
            return await function()
        finally:
            calls.append("end")

    storage = opened(block=block)
    await storage.transaction(lambda txn: calls.append("closure"))
    assert calls == ["begin", "closure", "end"]


async def test_a_cancelled_transaction_rolls_back(storage):
    begun = asyncio.Event()

    async def closure(txn):
        await txn.put("a", 1)
        begun.set()
        await asyncio.Event().wait()

    task = storage.transaction(closure)
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await storage.get("a") is None


async def test_a_sync_transaction_gives_its_result(storage):
    def closure():
        storage.kv.put("a", 1)
        return 42

    assert storage.transactionSync(closure) == 42
    assert storage.kv.get("a") == 1


async def test_a_sync_transaction_rolls_back_what_it_wrote(storage):
    storage.kv.put("a", 1)

    def inner():
        storage.kv.put("a", 3)
        raise type_error("bad")

    def closure():
        storage.kv.put("a", 2)
        with pytest.raises(JsException, match="bad"):
            storage.transactionSync(inner)
        assert storage.kv.get("a") == 2
        raise error("outer")

    with pytest.raises(JsException, match="outer"):
        storage.transactionSync(closure)
    assert storage.kv.get("a") == 1


@pytest.mark.parametrize("method", ["transaction", "transactionSync"])
def test_a_closure_must_be_a_function(method, storage):
    with pytest.raises(JsException) as raised:
        getattr(storage, method)(5)
    assert raised.value.message == (
        f"Failed to execute '{method}' on 'DurableObjectStorage': "
        "parameter 1 is not of type 'function'."
    )
