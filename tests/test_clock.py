from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace
from typing import Any

from wrangler_py import clock
from wrangler_py.compat import LATEST
from wrangler_py.context import IoContext


class Later(clock.Clock):
    moved = 60.0


def test_the_time_is_the_machines():
    before = time.time()
    assert before <= clock.current().time() <= time.time()
    assert int(before * 1000) <= clock.now_ms() <= time.time() * 1000
    assert abs(clock.MACHINE.time_ns() - time.time_ns()) < 1e9


def test_a_clock_that_was_moved_is_ahead():
    moved = Later()
    assert 59 < moved.time() - time.time() < 61
    assert 59_000 < moved.now_ms() - time.time() * 1000 < 61_000


async def test_the_loops_time_is_moved_with_it():
    assert 59 < Later().elapsed() - asyncio.get_running_loop().time() < 61


def test_code_of_a_worker_has_the_workers_clock():
    owner = IoContext(SimpleNamespace(clock=Later(), forget=lambda _: None), "", LATEST)
    with owner.entered():
        assert isinstance(clock.current(), Later)
        assert clock.now_ms() > time.time() * 1000 + 59_000
    assert clock.current() is clock.MACHINE


def test_a_worker_without_a_clock_has_the_machines():
    assert clock.of(IoContext(None, "", LATEST)) is clock.MACHINE


async def test_a_timer_starts_with_the_loops_own_means():
    started: list[Any] = []

    def call_later(delay: float, *call: Any, **options: Any) -> None:
        started.append((delay, call, options))

    clock.MACHINE.start(call_later, 2.0, print, "x", context=None)
    assert started == [(2.0, (print, "x"), {"context": None})]
