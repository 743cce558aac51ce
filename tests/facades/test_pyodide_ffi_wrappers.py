"""pyodide.ffi.wrappers: listeners and timers without proxies to look after."""

from __future__ import annotations

import asyncio

import pytest

from wrangler_py.facades import pyodide_ffi_wrappers as wrappers

import js  # type: ignore[import-not-found]  # isort: skip


def test_a_listener_listens_until_it_is_removed():
    target, seen = js.EventTarget.new(), []
    wrappers.add_event_listener(target, "ping", seen.append)
    target.dispatchEvent(js.Event.new("ping"))
    wrappers.remove_event_listener(target, "ping", seen.append)
    target.dispatchEvent(js.Event.new("ping"))
    assert [event.type for event in seen] == ["ping"]


def test_a_listener_that_does_not_listen_cannot_be_removed():
    with pytest.raises(KeyError):
        wrappers.remove_event_listener(js.EventTarget.new(), "ping", print)


async def test_a_timeout_runs_once_and_leaves_nothing():
    ran = asyncio.Event()
    timer = wrappers.set_timeout(ran.set, 0)
    await ran.wait()
    assert not wrappers._timers
    wrappers.clear_timeout(timer)


async def test_a_cleared_timeout_never_runs():
    ran, later = [], asyncio.Event()
    wrappers.clear_timeout(wrappers.set_timeout(lambda: ran.append(1), 0))
    wrappers.set_timeout(later.set, 5)
    await later.wait()
    assert not ran


async def test_an_interval_runs_until_it_is_cleared():
    ticks, enough = [], asyncio.Event()

    def tick():
        ticks.append(1)
        if len(ticks) == 3:
            wrappers.clear_interval(timer)
            enough.set()

    timer = wrappers.set_interval(tick, 1)
    await enough.wait()
    assert len(ticks) == 3
    assert not wrappers._timers
