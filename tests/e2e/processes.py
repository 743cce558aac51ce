"""`pywrangler dev` as a process of its own, as a user starts it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 20


def environ() -> dict[str, str]:
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": path, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1"}


def run_pywrangler(
    *words: str, cwd: Path, seconds: float = 30, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run one command line in ``cwd`` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "wrangler_py", *words],
        cwd=cwd,
        env={**environ(), **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


class Dev:
    """A running `pywrangler dev`; what it says goes to a file."""

    def __init__(
        self,
        *arguments: str,
        cwd: Path,
        folder: Path,
        port: str = "0",
        launcher: Sequence[str] = (),
    ) -> None:
        """``launcher``: what stands between the interpreter and the module."""
        self.said_file, self.ready_file = folder / "said", folder / "ready.json"
        self._url: str | None = None
        python = [sys.executable, *launcher]
        command = [*python, "-m", "wrangler_py", "dev", *arguments, "--port", port]
        with self.said_file.open("wb") as out:
            self.process = subprocess.Popen(
                [*command, "--ready-file", str(self.ready_file)],
                cwd=cwd,
                env=environ(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )

    @property
    def said(self) -> str:
        return self.said_file.read_text(encoding="utf-8")

    @property
    def url(self) -> str:
        # The file goes when the server does, its address does not.
        if self._url is None:
            self._url = str(json.loads(self.ready_file.read_text())["url"])
        return self._url

    def wait_ready(self) -> None:
        wait_for(self.ready_file.exists, self, START_SECONDS)

    def wait_said(self, pattern: str, seconds: float = 10) -> None:
        """Wait until what was said matches ``pattern`` somewhere."""
        wait_for(lambda: re.search(pattern, self.said, re.MULTILINE) is not None, self, seconds)

    def stop(self, seconds: float = 5) -> int:
        """SIGTERM, and its exit code."""
        self.process.terminate()
        return self.process.wait(timeout=seconds)


def wait_for(condition, dev: Dev, seconds: float) -> None:
    """Another process's doings can only be looked for."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert dev.process.poll() is None, f"it ended: {dev.said}"
        assert time.monotonic() < deadline, f"not within {seconds} s: {dev.said}"
        time.sleep(0.005)


@contextmanager
def dev(*arguments: str, cwd: Path, folder: Path, **options: str) -> Iterator[Dev]:
    """Run `pywrangler dev` until the block ends; ready at its start."""
    running = Dev(*arguments, cwd=cwd, folder=folder, **options)
    try:
        running.wait_ready()
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
        running.process.wait(timeout=5)
