"""Blocking work that a framework would give to a thread."""

from __future__ import annotations

import sys
import threading
import types

import pytest

from wrangler_py import compat
from wrangler_py.context import IoContext
from wrangler_py.runtime.inline import run_blocking_work_inline


@pytest.fixture
def to_thread(monkeypatch):
    """A stand-in for `anyio.to_thread`."""

    async def run_sync(function, *args, abandon_on_cancel=False):
        return "in a thread"

    module = types.ModuleType("anyio.to_thread")
    module.run_sync = run_sync
    monkeypatch.setitem(sys.modules, "anyio.to_thread", module)
    run_blocking_work_inline()
    run_blocking_work_inline()
    return module


async def test_a_workers_blocking_work_runs_at_once(to_thread):
    owner = IoContext(None, "test", compat.LATEST)
    with owner.entered():
        result = await to_thread.run_sync(
            lambda x: (x, threading.current_thread()), 1, limiter=None
        )
    assert result == (1, threading.current_thread())
    owner.close()


async def test_everybody_elses_goes_to_a_thread(to_thread):
    assert await to_thread.run_sync(print, abandon_on_cancel=True) == "in a thread"


def test_without_anyio_there_is_nothing_to_do(monkeypatch):
    monkeypatch.delitem(sys.modules, "anyio.to_thread", raising=False)
    run_blocking_work_inline()
    assert "anyio.to_thread" not in sys.modules
