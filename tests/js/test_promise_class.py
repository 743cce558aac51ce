"""Promise.new and the functions over several promises."""

from __future__ import annotations

import asyncio

import pytest

from wrangler_py.js.callbacks import create_proxy
from wrangler_py.js.errors import JsException
from wrangler_py.js.ffi import to_js

import js  # type: ignore[import-not-found]  # isort: skip


async def test_only_the_first_settlement_counts():
    def executor(resolve, reject):
        resolve(1)
        reject(js.Error.new("late"))
        resolve(2)

    assert await js.Promise.new(executor) == 1


async def test_an_executor_that_raises_rejects_with_a_python_error():
    def executor(resolve, reject):
        raise ValueError("x")

    with pytest.raises(JsException, match="ValueError: x") as caught:
        await js.Promise.new(executor)
    assert caught.value.name == "PythonError"


async def test_resolving_with_a_promise_follows_it():
    made = js.Promise.withResolvers()
    made.resolve(js.Promise.new(lambda resolve, _: resolve("inner")))
    assert await made.promise == "inner"


async def test_all_keeps_the_order_whatever_ends_first():
    slow, fast = js.Promise.withResolvers(), js.Promise.withResolvers()
    everything = js.Promise.all(to_js([slow.promise, 5, fast.promise]))
    fast.resolve("fast")
    await asyncio.sleep(0)
    assert not everything.done()
    slow.resolve("slow")
    assert list(await everything) == ["slow", 5, "fast"]


async def test_all_of_nothing_is_done_at_once():
    assert list(await js.Promise.all(to_js([]))) == []


async def test_race_takes_the_first_and_forgets_the_rest():
    first, second = js.Promise.withResolvers(), js.Promise.withResolvers()
    race = js.Promise.race(to_js([first.promise, second.promise]))
    second.resolve(2)
    first.reject(js.Error.new("late"))
    assert await race == 2


async def test_any_fails_only_when_all_fail():
    rejected = js.Promise.reject(js.Error.new("a"))
    assert await js.Promise.any(to_js([rejected, 7])) == 7
    with pytest.raises(JsException, match="All promises were rejected") as caught:
        await js.Promise.any(to_js([js.Promise.reject(js.Error.new("b"))]))
    assert caught.value.name == "AggregateError"
    assert len(caught.value.errors) == 1


async def test_all_settled_tells_each_outcome():
    outcomes = await js.Promise.allSettled(to_js([1, js.Promise.reject(js.Error.new("no"))]))
    assert [outcome.status for outcome in outcomes] == ["fulfilled", "rejected"]


async def test_promises_in_a_python_list_are_only_borrowed():
    with pytest.raises(JsException, match="destroyed when an iterator was exhausted"):
        await js.Promise.all([js.Promise.resolve(1)])


async def test_a_python_future_in_an_array_rejects_as_a_python_error():
    async def fail(*_):
        raise ValueError("inside")

    promises = to_js([1]).map(create_proxy(fail))
    with pytest.raises(JsException, match="ValueError: inside"):
        await js.Promise.all(promises)


async def test_without_a_function_there_is_no_promise():
    with pytest.raises(JsException, match="Promise resolver undefined is not a function"):
        js.Promise.new()


async def test_who_gives_up_waiting_for_a_promise_does_not_cancel_it():
    made = js.Promise.withResolvers()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(made.promise, 0)
    waiting = asyncio.ensure_future(made.promise)
    await asyncio.sleep(0)
    waiting.cancel()
    made.resolve(7)
    assert await made.promise == 7
