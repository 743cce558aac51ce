"""Another program, run to its end; nobody is there to answer its questions."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

__all__ = ["run_to_its_end"]

_GRACE = 2.0
"""Seconds that a program gets to end when it is told to."""


def run_to_its_end(
    line: str | Sequence[str],
    folder: Path,
    say: Callable[[str], None],
    env: Mapping[str, str] | None = None,
) -> int:
    """Run ``line``, by the shell if it is a text, in ``folder``; its exit code.

    ``say`` gets each line as it is printed. What interrupts us ends the program, too.
    """
    with _terminable() as is_alone:
        # A group of its own is ended as a whole, what a shell has started included. While `dev`
        # serves, the terminal's Ctrl-C has to reach it directly: we hear of that only afterwards.
        more: dict[str, Any] = {"process_group": 0} if is_alone else {}
        process = subprocess.Popen(
            line,
            shell=isinstance(line, str),
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            **more,
        )
        assert process.stdout is not None
        with process.stdout as printed:
            try:
                for text in printed:
                    say(text.rstrip("\n"))
                return process.wait()
            except BaseException:
                _end(process, is_group=is_alone)
                raise


@contextmanager
def _terminable() -> Iterator[bool]:
    """Make SIGTERM an exception for the length of a block; False: somebody handles it already."""
    is_alone = (
        hasattr(os, "killpg")
        and threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    )
    if is_alone:
        signal.signal(signal.SIGTERM, _exit)
    try:
        yield is_alone
    finally:
        if is_alone:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _exit(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def _end(process: subprocess.Popen[str], *, is_group: bool) -> None:
    send = (lambda number: os.killpg(process.pid, number)) if is_group else process.send_signal
    with suppress(ProcessLookupError, PermissionError):
        send(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)
        if is_group or process.returncode is None:
            send(signal.SIGKILL)
    process.wait()
