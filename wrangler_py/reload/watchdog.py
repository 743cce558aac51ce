"""A thread that notices a worker which never gives way, names its line, and can break it off.

The loop, the server and the watcher all wait for the script's code to return. When it does
not, this thread still sees files change, and raises in the middle of the user's code.
"""

from __future__ import annotations

import asyncio
import ctypes
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from ..runtime.tracing import Frame, user_line
from .snapshot import Snapshot

PATIENCE = 1.0
"""Seconds without a sign of the loop before the user is told."""
_PERIOD = 0.25
_POLL = 0.05
# Ignored by default everywhere, and used by nobody in Python: safe to send to our own thread.
_SIGNAL = getattr(signal, "SIGURG", None)


_PROMPTS = frozenset({"bdb", "ipdb", "pdb", "pudb"})
_OF_EDITORS = frozenset({"debugpy", "pydevd", "_pydevd_bundle"})
# Where the stack of whatever the loop runs begins. Below it an editor that started the process
# has frames of its own, all the time.
_LOOPS = frozenset({"asyncio", "wrangler_py.reload.process"})


class WorkerInterrupted(BaseException):
    """Raised inside code that ran on while its file was saved, or the server was told to stop."""


def in_debugger(frame: FrameType | None) -> bool:
    """Whether a debugger holds a running stack, and a person takes the time."""
    return _holds(frame, _PROMPTS | _OF_EDITORS)


def at_prompt(frame: FrameType | None) -> bool:
    """Whether it is a debugger whose prompt is in this terminal."""
    return _holds(frame, _PROMPTS)


def _holds(frame: FrameType | None, debuggers: frozenset[str]) -> bool:
    while frame is not None:
        name = str(frame.f_globals.get("__name__", ""))
        package = name.partition(".")[0]
        if package in debuggers:
            return True
        if package in _LOOPS or name in _LOOPS:
            return False
        frame = frame.f_back
    return False


class Watchdog:
    """Watches the thread that it is made in, which runs the loop."""

    def __init__(
        self,
        root: Path,
        snapshot: Snapshot,
        on_blocked: Callable[[Frame, float], None],
        on_interrupted: Callable[[], None],
    ) -> None:
        """``on_interrupted`` is the first thing that runs on the loop after an interruption."""
        self._root, self._snapshot = root, snapshot
        self._on_blocked, self._on_interrupted = on_blocked, on_interrupted
        self._loop = asyncio.get_running_loop()
        self._thread_id = threading.get_ident()
        self._beat = threading.Event()
        self._stopped = threading.Event()
        self._armed = False
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="wrangler-py-watchdog", daemon=True)
        # An editor's debugger stops every thread at a breakpoint but for those that it must not.
        self._thread.pydev_do_not_trace = True  # type: ignore[attr-defined]

    def start(self) -> None:
        if _SIGNAL is not None:
            signal.signal(_SIGNAL, self._on_signal)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(timeout=1)
        if _SIGNAL is not None:
            signal.signal(_SIGNAL, signal.SIG_DFL)

    def break_off(self) -> None:
        """The server is to stop: code that does not give way is broken off, saved or not."""
        self._stopping = True

    def _run(self) -> None:
        while not self._stopped.wait(_PERIOD):
            self._beat.clear()
            try:
                self._loop.call_soon_threadsafe(self._beat.set)
            except RuntimeError:
                return  # the loop is closed
            if not self._beat.wait(PATIENCE):
                self._blocked()

    def _blocked(self) -> None:
        """The loop has not turned for a while: say where, and wait for a save."""
        started = time.monotonic() - PATIENCE
        told = False
        while not self._beat.wait(_POLL) and not self._stopped.is_set():
            frame = sys._current_frames().get(self._thread_id)
            line = user_line(frame, self._root)
            if in_debugger(frame):
                started = time.monotonic()  # it is a person who takes the time
                line = None
            if line is None:
                continue
            blocked = time.monotonic() - started
            if not told and blocked >= PATIENCE:
                told = True
                self._on_blocked(line, blocked)
            # A pause at a breakpoint is none of the worker's: saving meanwhile breaks off nothing.
            if blocked >= PATIENCE and (self._stopping or self._snapshot.touched()):
                self._interrupt()

    def _interrupt(self) -> None:
        self._armed = True
        self._loop.call_soon_threadsafe(self._on_interrupted)
        if _SIGNAL is not None:
            signal.pthread_kill(self._thread_id, _SIGNAL)
        else:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(
                ctypes.c_ulong(self._thread_id), ctypes.py_object(WorkerInterrupted)
            )

    def _on_signal(self, _number: int, frame: FrameType | None) -> None:
        if self._armed and user_line(frame, self._root) is not None:
            self._armed = False
            reason = "the server was told to stop" if self._stopping else "its code was saved"
            raise WorkerInterrupted(f"{reason} while this line was still running")
