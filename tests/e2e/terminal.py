"""A pseudo-terminal with `pywrangler dev` in it, as a person sees and uses it."""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import subprocess
import sys
import termios
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from .processes import START_SECONDS, environ

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
SECONDS = 10


DEV = (sys.executable, "-m", "wrangler_py", "dev", "--port", "0")


class Terminal:
    """What it shows is in ``seen``, up to where the test has read."""

    def __init__(self, *command: str, cwd: Path, **env: str) -> None:
        self.seen = self.raw = ""
        self.screen, self.inner = os.openpty()
        self.modes_before = self.modes()
        self.process = subprocess.Popen(
            command,
            cwd=cwd,
            env={**_without_ci(environ()), "TERM": "xterm", **env},
            stdin=self.inner,
            stdout=self.inner,
            stderr=self.inner,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        self.url = ""

    def modes(self) -> list[object]:
        return termios.tcgetattr(self.inner)

    @property
    def echoes(self) -> bool:
        """Whether a line is edited and echoed: the modes of every program but ours."""
        both = termios.ICANON | termios.ECHO
        return int(self.modes()[3]) & both == both  # type: ignore[call-overload]

    def ready(self) -> None:
        self.until("Ready on ", START_SECONDS)
        self.url = self.until("\n").strip()

    def until(
        self, wanted: str, seconds: float = SECONDS, press: signal.Signals | None = None
    ) -> str:
        """Read until ``wanted`` is seen, pressing meanwhile; what came up to there."""
        deadline = time.monotonic() + seconds
        while wanted not in self.seen:
            assert time.monotonic() < deadline, f"no {wanted!r} in: {self.seen}"
            if press is not None:
                self.process.send_signal(press)
            self._read(0.2)
        before, _, self.seen = self.seen.partition(wanted)
        return before

    def until_true(self, condition: Callable[[], bool], seconds: float = SECONDS) -> None:
        """Read until something is so."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"not so after: {self.seen}"
            self._read(0.01)

    def _read(self, seconds: float) -> None:
        if select.select([self.screen], [], [], seconds)[0]:
            text = os.read(self.screen, 65536).decode(errors="replace")
            self.raw += text
            self.seen += ESCAPES.sub("", text).replace("\r\n", "\n")

    def type(self, line: str) -> None:
        self.press(f"{line}\n")

    def press(self, keys: str) -> None:
        os.write(self.screen, keys.encode())

    def ask(self, path: str = "/") -> Answer:
        """A request that may take until a person has done something."""
        return Answer(f"{self.url}{path}")

    def end(self, press: str = "") -> int:
        """Press, or SIGTERM; the exit code."""
        if press:
            self.press(press)
        else:
            self.process.terminate()
        for _ in range(2):
            try:
                return self._wait(4)
            except subprocess.TimeoutExpired:
                # One that comes in the moment before a prompt listens is heard with the next.
                self.process.terminate()
        raise AssertionError(f"it goes on: {self.seen}")

    def _wait(self, seconds: float) -> int:
        deadline = time.monotonic() + seconds
        while self.process.poll() is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("dev", seconds)
            self._read(0.02)  # who writes to a full terminal waits
        while select.select([self.screen], [], [], 0)[0]:
            self._read(0)
        return self.process.returncode

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=5)
        os.close(self.screen)
        os.close(self.inner)


class Answer:
    """To one request, in a thread."""

    def __init__(self, url: str) -> None:
        self._text = ""
        self._thread = threading.Thread(target=self._ask, args=(url,), daemon=True)
        self._thread.start()

    def _ask(self, url: str) -> None:
        try:
            with urllib.request.urlopen(url, timeout=30) as response:
                self._text = response.read().decode()
        except urllib.error.HTTPError as error:
            self._text = f"{error}\n{error.read().decode()}"
        except OSError as error:
            self._text = str(error)

    @property
    def is_there(self) -> bool:
        return not self._thread.is_alive()

    @property
    def text(self) -> str:
        self._thread.join(SECONDS)
        assert self.is_there, "there was no answer"
        return self._text


def _without_ci(variables: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in variables.items() if name != "CI"}
