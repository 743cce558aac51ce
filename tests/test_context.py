"""What an event owns, and how its failures are told."""

from __future__ import annotations

import asyncio
import gc
import signal
from typing import Any

import pytest

from wrangler_py.context import IoContext, adopt, blame, is_ctrl_c, to_blame, was_told
from wrangler_py.runtime.loop import instrument


def raised(function: Any) -> BaseException:
    try:
        function()
    except BaseException as exc:
        return exc
    raise AssertionError


def interrupt() -> None:
    raise KeyboardInterrupt


@pytest.fixture
def told() -> list[tuple[BaseException, str]]:
    return []


@pytest.fixture
def owner(told) -> IoContext:
    return IoContext(None, "/path", None, lambda *what: told.append(what))


def test_a_raise_of_the_scripts_is_no_key():
    assert not is_ctrl_c(raised(interrupt))
    assert not is_ctrl_c(SystemExit())


def test_the_interpreters_own_handler_is_one():
    def wait() -> None:
        signal.raise_signal(signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert is_ctrl_c(raised(wait))
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_report_says_whose_it_is(owner, told):
    exc = ValueError("x")
    owner.report(exc, "waitUntil")
    owner.report(exc, "fetch", "GET /")
    owner.report(exc, "scheduled", "")
    assert [where for _, where in told] == ["waitUntil of /path", "fetch of GET /", "scheduled"]


def test_a_path_cannot_steer_the_terminal(told):
    owner = IoContext(None, "/\x1b[2J" + "a" * 500, None, lambda *what: told.append(what))
    owner.report(ValueError("x"), "fetch")
    ((_, where),) = told
    assert "\x1b" not in where
    assert len(where) < 250


def test_a_copy_of_what_was_told_is_not_told_again(owner, told):
    origin, copy = ValueError("x"), ValueError("x")
    copy.__wrangler_origin__ = origin  # type: ignore[attr-defined]
    owner.report(origin, "blockConcurrencyWhile")
    assert was_told(copy)
    owner.report(copy, "fetch")
    assert len(told) == 1


def test_one_exception_that_is_raised_again_is_told_again(owner, told):
    exc = ValueError("the same for each request")
    owner.report(exc, "fetch")
    owner.report(exc, "fetch")
    assert len(told) == 2


async def test_a_failed_task_of_an_event_is_the_events(owner, told):
    instrument(asyncio.get_running_loop())

    async def fails() -> None:
        raise ValueError("x")

    with owner.entered():
        task = asyncio.get_running_loop().create_task(fails())
        adopt(task)
    await asyncio.wait([task])
    owner.close()
    assert to_blame(task) is owner
    del task
    gc.collect()
    ((exc, where),) = told
    assert str(exc) == "x"
    assert where.startswith("the task test_a_failed_task_of_an_event")


async def test_an_event_that_ends_does_not_hide_what_failed_before(owner, told):
    instrument(asyncio.get_running_loop())
    future = asyncio.get_running_loop().create_future()
    owner.tasks.add(future)
    blame(future, owner)
    future.set_exception(ValueError("x"))
    owner.close()
    owner.tasks.clear()
    del future
    gc.collect()
    assert [where for _, where in told] == ["a promise that nobody awaited of /path"]
