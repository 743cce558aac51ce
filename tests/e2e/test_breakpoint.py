"""`breakpoint()` stops in the terminal that runs `pywrangler dev`."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest

from .processes import START_SECONDS, environ

pty = pytest.importorskip("pty", reason="pseudo-terminals are for POSIX")

WORKER = """
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        answer = 6 * 7
        breakpoint()
        return Response(f"{answer}")
"""


class Terminal:
    """A terminal with `pywrangler dev` in it."""

    def __init__(self, script: Path) -> None:
        self.seen = ""
        self.screen, inner = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "wrangler_py", "dev", script.name, "--port", "0"],
            cwd=script.parent,
            env={**environ(), "TERM": "dumb"},
            stdin=inner,
            stdout=inner,
            stderr=inner,
            start_new_session=True,
        )
        os.close(inner)

    def until(self, wanted: str, seconds: float = 10, press: signal.Signals | None = None) -> str:
        """Read until ``wanted`` is seen, pressing meanwhile; what came up to there."""
        deadline = time.monotonic() + seconds
        while wanted not in self.seen:
            assert time.monotonic() < deadline, self.seen
            if press is not None:
                self.process.send_signal(press)
            if select.select([self.screen], [], [], 0.2)[0]:
                self.seen += os.read(self.screen, 4096).decode()
        before, _, self.seen = self.seen.partition(wanted)
        return before

    def type(self, line: str) -> None:
        os.write(self.screen, f"{line}\n".encode())

    def end(self) -> int:
        """SIGTERM, and the exit code."""
        self.process.terminate()
        try:
            return self.process.wait(timeout=4)
        except subprocess.TimeoutExpired:
            # One that comes in the moment before the prompt listens is heard with the next.
            self.process.terminate()
            return self.process.wait(timeout=4)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=5)
        os.close(self.screen)


@pytest.fixture
def terminal(tmp_path):
    script = tmp_path / "worker.py"
    script.write_text(WORKER)
    made = Terminal(script)
    yield made
    made.close()


def ask(terminal: Terminal, answers: list[str]) -> threading.Thread:
    terminal.until("Ready on ", START_SECONDS)
    url = terminal.until("\r\n").strip()

    def request() -> None:
        try:
            with urllib.request.urlopen(url, timeout=20) as response:
                answers.append(response.read().decode())
        except OSError as error:
            answers.append(str(error))

    thread = threading.Thread(target=request, daemon=True)
    thread.start()
    terminal.until("(Pdb) ")
    return thread


def test_values_are_seen_and_changed_and_nobody_complains_that_it_takes_long(terminal):
    answers: list[str] = []
    thread = ask(terminal, answers)
    time.sleep(1.6)  # longer than a worker may block the loop
    terminal.type("p answer")
    assert "42" in terminal.until("(Pdb) ")
    terminal.type("answer = 43")
    terminal.until("(Pdb) ")
    terminal.type("c")
    thread.join(10)
    assert answers == ["43"]
    said = terminal.until("200 OK")
    assert "giving way" not in said
    assert terminal.end() == 0


def test_ctrl_c_at_the_prompt_is_the_debuggers(terminal):
    answers: list[str] = []
    thread = ask(terminal, answers)
    # A key that comes in the moment before the prompt listens is heard with the next one.
    terminal.until("--KeyboardInterrupt--", press=signal.SIGINT)
    terminal.until("(Pdb) ")
    terminal.type("c")
    thread.join(10)
    assert answers == ["42"]


def test_sigterm_at_the_prompt_ends_the_server(terminal):
    answers: list[str] = []
    thread = ask(terminal, answers)
    assert terminal.end() == 0
    thread.join(10)
    assert answers == ["HTTP Error 500: Internal Server Error"]
