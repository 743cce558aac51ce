"""A program that runs beside a served worker, and ends with all that it has started."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from asyncio import Future
from collections.abc import Mapping, Sequence
from contextlib import suppress

from ..config import DevOptions
from ..errors import UsageError
from .dev_server import DevServer
from .serving import SIGNALLED, run_while_serving

_GRACE = 1.0
"""Seconds that a command gets to end after a signal."""
_LEFT_GRACE = 0.3
"""Seconds that its own processes get which outlived it."""
_HAS_GROUPS = hasattr(os, "killpg")


def run_command(options: DevOptions, words: Sequence[str], timeout: float) -> int:
    """Run ``words`` with `WORKER_URL` set while the worker is served; the command's exit code.

    Raises:
        UsageError: there is no such command.
        NotReady: the worker did not load in ``timeout`` seconds.
    """
    command = Command(words)

    async def use(server: DevServer, stop: Future[int]) -> int:
        return await command.run(_environ(server), stop)

    return run_while_serving(options, use, timeout=timeout, heard=command.pass_on)


def _environ(server: DevServer) -> dict[str, str]:
    """What the command finds: where the worker is, and by https what it has to trust."""
    found = {**os.environ, "WORKER_URL": server.url}
    if server.certificate is not None:
        found["WORKER_CERTIFICATE"] = str(server.certificate)
        found.setdefault("NODE_EXTRA_CA_CERTS", str(server.certificate))
    return found


class Command:
    """One program, in a process group of its own, so that nothing of it stays behind.

    On a terminal it shares ours, and with it Ctrl-C, Ctrl-Z and the keyboard.
    """

    def __init__(self, words: Sequence[str]) -> None:
        """Raises UsageError: there is no such program."""
        program = shutil.which(words[0])
        if program is None:
            raise _not_runnable(words[0])
        self._words = [program, *words[1:]]
        self._process: subprocess.Popen[bytes] | None = None
        self._shares_terminal = sys.stdin is not None and sys.stdin.isatty()
        self._has_group = _HAS_GROUPS and not self._shares_terminal
        self._signals = 0

    async def run(self, environ: Mapping[str, str], stop: Future[int]) -> int:
        """Start it and wait; once ``stop`` is done it has a moment left. Its exit code."""
        process = self._start(environ)
        ended = asyncio.get_running_loop().run_in_executor(None, process.wait)
        try:
            await asyncio.wait((ended, stop), return_when=asyncio.FIRST_COMPLETED)
            if not ended.done():
                await asyncio.wait((ended,), timeout=_GRACE)
            if ended.done():
                await self._end_what_is_left()
        finally:
            self._kill()
        code = await ended
        return code if code >= 0 else SIGNALLED - code

    def pass_on(self, number: int) -> None:
        """The command gets the signal that we got; a second one kills it."""
        self._signals += 1
        process = self._process
        if process is None:
            return
        if self._signals > 1:
            self._kill()
        elif self._has_group:
            self._signal_group(number)
        elif os.name == "nt":
            process.terminate()
        else:
            process.send_signal(number)

    def _start(self, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
        try:
            if self._has_group:
                self._process = subprocess.Popen(self._words, env=environ, process_group=0)
            else:
                self._process = subprocess.Popen(self._words, env=environ)
        except OSError as error:
            raise _not_runnable(self._words[0], error.strerror) from None
        if self._shares_terminal:
            # The command hears Ctrl-C as well, and may not want to end of it: a debugger, a shell.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        return self._process

    async def _end_what_is_left(self) -> None:
        """Processes that the command has started and that outlived it."""
        if not self._has_group or not self._signal_group(signal.SIGTERM):
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(_LEFT_GRACE):
                while self._signal_group(0):  # noqa: ASYNC110 - they are not our children
                    await asyncio.sleep(0.01)

    def _kill(self) -> None:
        if self._has_group:
            self._signal_group(signal.SIGKILL)
        elif self._process is not None and self._process.poll() is None:
            self._process.kill()

    def _signal_group(self, number: int) -> bool:
        """Whether there was somebody to hear it."""
        assert self._process is not None
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)
            return True
        return False


def _not_runnable(word: str, why: str | None = None) -> UsageError:
    message = f"{word} cannot be run: {why}" if why else f"there is no command {word}"
    hint = "what follows `--` is run without a shell; `-- sh -c '...'` has one"
    return UsageError(message, hint=hint)
