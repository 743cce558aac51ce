"""asyncio's own runners inside code that a loop runs already."""

from __future__ import annotations

import asyncio

import pytest

from wrangler_py.js import profile, stack, webloop
from wrangler_py.js.webloop import WebLoop


@pytest.fixture(autouse=True)
def wanted(monkeypatch):
    monkeypatch.setattr(stack, "_wanted", True)
    webloop.allow_nested_runs()


async def soon(value):
    await asyncio.sleep(0)
    return value


async def in_a_handler(function):
    async def handler():
        return function()

    return await stack.drive(handler())


def by_run():
    return asyncio.run(soon("answer"))


def by_runner():
    with asyncio.Runner() as runner:
        return runner.run(soon("answer"))


def by_a_loop_of_its_own():
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(soon("answer"))
    finally:
        loop.close()


def by_runs_in_runs():
    async def outer():
        return asyncio.run(soon("answer"))

    return asyncio.run(outer())


WAYS = [by_run, by_runner, by_a_loop_of_its_own, by_runs_in_runs]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_a_driven_handler_may_wait_by_asyncios_runners(way):
    assert await in_a_handler(way) == "answer"


async def test_a_runner_refuses_what_is_no_coroutine():
    def run():
        with asyncio.Runner() as runner:
            runner.run(5)

    with pytest.raises(ValueError, match="a coroutine was expected, got 5"):
        await in_a_handler(run)


async def test_its_tasks_and_futures_belong_to_the_loop_that_runs():
    async def handler():
        loop = WebLoop()
        future = loop.create_future()
        loop.call_soon(future.set_result, 1)
        loops = {future.get_loop(), loop.create_task(soon(2)).get_loop()}
        return await future, loops == {asyncio.get_running_loop()}

    assert await stack.drive(handler()) == (1, True)


async def test_nothing_ends_it():
    loop = WebLoop()
    loop.stop()
    loop.close()
    assert (loop.is_running(), loop.is_closed(), loop.time() > 0) == (True, False, True)


async def test_without_stack_switching_run_until_complete_only_starts_it():
    with profile.use(profile.PROFILES["0.26"]):
        future = WebLoop().run_until_complete(soon(3))
    assert not future.done()
    assert await future == 3


async def test_code_that_nobody_drives_meets_pythons_own_refusal():
    coroutine = soon(1)
    with pytest.raises(RuntimeError, match="cannot be called from a running event loop"):
        asyncio.run(coroutine)
    coroutine.close()


async def test_outside_a_loop_the_runners_are_those_of_python():
    def alone():
        with asyncio.Runner() as runner:
            return isinstance(runner.get_loop(), WebLoop), runner.run(soon(1)), asyncio.run(soon(2))

    assert await asyncio.to_thread(alone) == (False, 1, 2)
