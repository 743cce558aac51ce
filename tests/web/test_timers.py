"""Timers: they belong to the event that started them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from wrangler_py import compat
from wrangler_py.context import IoContext
from wrangler_py.js.callbacks import create_proxy
from wrangler_py.js.errors import JsException
from wrangler_py.js.proxy import JsFunction
from wrangler_py.web import timers
from wrangler_py.web.abort import AbortController


class Event:
    """An event of a worker whose failures are collected."""

    def __init__(self) -> None:
        self.failures: list[tuple[str, str]] = []
        self.context = IoContext(None, "test", compat.LATEST, self.failed)

    def failed(self, exc: BaseException, where: str) -> None:
        self.failures.append((str(exc), where))


@pytest.fixture
def event() -> Event:
    return Event()


async def test_a_timer_passes_its_arguments_once() -> None:
    got: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    made = timers.setTimeout(create_proxy(lambda *args: got.set_result(args)), 1, "a", 2)
    assert type(made) is int
    assert await got == ("a", 2)


async def test_a_bare_function_is_borrowed_and_fails_when_the_timer_fires(event: Event) -> None:
    with event.context.entered():
        timers.setTimeout(lambda: None, 0)
    await _turns(event)
    assert len(event.failures) == 1
    assert "borrowed proxy was automatically destroyed" in event.failures[0][0]


async def test_an_exception_is_shown_and_an_interval_goes_on(event: Event) -> None:
    calls: list[int] = []
    done = asyncio.Event()

    def fails() -> None:
        calls.append(1)
        if len(calls) == 2:
            timers.clearInterval(made)
            done.set()
        raise ValueError("boom")

    with event.context.entered():
        made = timers.setInterval(create_proxy(fails), 1)
    await done.wait()
    assert event.failures == [("boom", "a setInterval callback of test")] * 2
    assert event.context.pending_io == 0


async def test_an_async_callback_is_a_task_of_the_event(event: Event) -> None:
    async def fails() -> None:
        await asyncio.sleep(0)
        raise ValueError("later")

    with event.context.entered():
        timers.setTimeout(create_proxy(fails), 0)
    await _turns(event)
    assert event.failures == [("later", "a setTimeout callback of test")]


async def test_a_timer_ends_with_its_event(event: Event) -> None:
    with event.context.entered():
        timers.setTimeout(create_proxy(lambda: None), 60_000)
    assert (event.context.pending_io, len(event.context.resources)) == (1, 1)
    event.context.close()
    assert event.context.pending_io == 0
    assert not timers._timers


async def test_a_timer_of_an_event_that_is_over_never_fires(event: Event) -> None:
    event.context.close()
    with event.context.entered():
        timers.setTimeout(create_proxy(lambda: None), 0)
    assert not timers._timers


async def test_the_callback_runs_as_its_event(event: Event) -> None:
    from wrangler_py import context

    seen: list[Any] = []
    with event.context.entered():
        timers.setTimeout(create_proxy(lambda: seen.append(context.current())), 0)
        timers.queueMicrotask(create_proxy(lambda: seen.append(context.current())))
    for _ in range(3):
        await asyncio.sleep(0)
    assert seen == [event.context, event.context]


@pytest.mark.parametrize("wrong", [None, "x", 999, 5.5, {}])
def test_clearing_what_is_no_timer_is_ignored(wrong: Any) -> None:
    timers.clearTimeout(wrong)
    timers.clearTimeout()


async def test_a_cleared_timer_does_not_fire() -> None:
    fired: list[int] = []
    made = timers.setTimeout(create_proxy(lambda: fired.append(1)), 0)
    timers.clearTimeout(made)
    last = asyncio.Event()
    timers.setTimeout(create_proxy(last.set), 1)
    await last.wait()
    assert fired == []


@pytest.mark.parametrize(
    ("args", "received"),
    [((), "undefined"), ((5, 1), "type number (5)"), (("x",), "type string ('x')")],
)
def test_a_callback_must_be_callable(args: Any, received: str) -> None:
    with pytest.raises(JsException) as caught:
        timers.setTimeout(*args)
    text = f'The "callback" argument must be of type function. Received {received}'
    assert caught.value.message == text


def test_a_microtask_must_be_callable() -> None:
    with pytest.raises(JsException, match="Failed to execute 'queueMicrotask' on 'ServiceWorker"):
        JsFunction(timers.queueMicrotask, "queueMicrotask")(5)


async def test_scheduler_waits_or_is_aborted() -> None:
    await timers.scheduler.wait(1)
    controller = AbortController()
    waiting = timers.scheduler.wait(60_000, signal=controller.signal)
    controller.abort()
    with pytest.raises(JsException, match="AbortError: The operation was aborted"):
        await waiting
    with pytest.raises(JsException, match="AbortError"):
        await timers.scheduler.wait(1, signal=controller.signal)
    with pytest.raises(JsException, match="Failed to execute 'wait' on 'Scheduler'"):
        await timers.scheduler.wait()
    await asyncio.sleep(0)
    assert not timers._timers


async def test_global_scope_has_no_clock() -> None:
    top = IoContext(None, "import", compat.LATEST)
    top.is_global = True
    with top.entered():
        with pytest.raises(JsException, match="Disallowed operation called within global scope"):
            timers.setTimeout(create_proxy(lambda: None), 1)
        timers.clearTimeout(timers.setTimeout(create_proxy(lambda: None), 0))


async def _turns(event: Event) -> None:
    for _ in range(200):
        if event.failures:
            return
        await asyncio.sleep(0.001)
