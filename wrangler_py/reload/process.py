"""The process around a server: its limits, its loop, the signals that end it, its last threads."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from types import FrameType
from typing import Any

from ..context import is_ctrl_c
from ..runtime.uncaught import go_on_after
from .watchdog import WorkerInterrupted, at_prompt, in_debugger

_MACOS_FILES = 10_240
"""What a process may have open there, whatever the hard limit says ("unlimited")."""

_THREADS_GRACE = 0.5
"""Seconds that a worker's own threads get to end after everything else did."""


def run(main: Coroutine[Any, Any, int]) -> int:
    """Run ``main`` as the whole life of the process, on the fastest loop; the exit code."""
    allow_many_files()
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        code = _run_to_the_end(runner.get_loop(), main)
        _leave_threads_behind(code)
        return code


def _run_to_the_end(loop: asyncio.AbstractEventLoop, main: Coroutine[Any, Any, int]) -> int:
    """Run ``main``; a worker's own `sys.exit()` in a task ends neither it nor the loop."""
    task = loop.create_task(main)
    while True:
        try:
            return loop.run_until_complete(task)
        except (KeyboardInterrupt, SystemExit) as exc:
            if task.done() or is_ctrl_c(exc):
                raise
            go_on_after(exc, loop)


def allow_many_files() -> None:
    """Each socket is a file, an object that is awake up to three: the usual 1,024 are few."""
    try:
        import resource
    except ImportError:
        return  # Windows, which has no such limit
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in (hard, _MACOS_FILES):
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            return


def _leave_threads_behind(code: int) -> None:
    """End the process even if a thread of the worker, which nobody can stop, runs on."""

    def leave() -> None:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)

    others = set(threading.enumerate()) - {threading.main_thread()}
    if any(not thread.daemon for thread in others):
        grace = threading.Timer(_THREADS_GRACE, leave)
        grace.daemon = True  # threads that end in time make it unnecessary
        grace.start()


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _end_debugging() -> None:
    """Make an editor's debugger, if it holds us, stop nothing any more: what follows is the end."""
    if (pydevd := sys.modules.get("pydevd")) is not None:
        pydevd.stoptrace()


def stop_signal(
    break_off: Callable[[], None], heard: Callable[[int], None] | None = None
) -> asyncio.Future[int]:
    """A future that the first SIGINT, SIGTERM or SIGHUP completes with its number.

    The second one kills. Ctrl-C at the prompt of a debugger is the debugger's. ``heard`` gets each
    number at once, in the signal handler.
    """
    loop = asyncio.get_running_loop()
    stop: asyncio.Future[int] = loop.create_future()
    seen: set[int] = set()

    def stopped(number: int) -> None:
        if not stop.done():
            stop.set_result(number)

    # Not `loop.add_signal_handler`: code that never gives way must not keep us from hearing it.
    def on_signal(number: int, frame: FrameType | None) -> None:
        if number == signal.SIGINT and at_prompt(frame):
            raise KeyboardInterrupt
        debugging = in_debugger(frame)
        if heard is not None:
            heard(number)
        if seen:
            os._exit(128 + number)
        seen.add(number)
        loop.call_soon_threadsafe(stopped, number)
        break_off()
        if debugging:
            _end_debugging()
            raise WorkerInterrupted("the server was told to stop")

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)
    hangup = getattr(signal, "SIGHUP", None)  # the terminal was closed; not on Windows
    if hangup is not None and signal.getsignal(hangup) is not signal.SIG_IGN:  # not under nohup
        signal.signal(hangup, on_signal)
    return stop
