"""Start and stop what is measured."""

from __future__ import annotations

import http.client
import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

WORKERS = Path(__file__).parent / "workers"
HTTP, WEBSOCKET = WORKERS / "hello.py", WORKERS / "websocket.py"
DURABLE_OBJECT = WORKERS / "durable_object.py"


def _more_files() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _environment() -> dict[str, str]:
    """As a user has it: the second start of anything finds its bytecode."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


class Server:
    """A server process on a port of its own."""

    def __init__(self, command: list[str], port: int) -> None:
        self.port = port
        self._started = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=_more_files,
            env=_environment(),
        )

    def wait(self, limit: float = 15) -> float:
        """Seconds from the start of the process to its first answer."""
        while time.perf_counter() - self._started < limit:
            with suppress(OSError, http.client.HTTPException):
                if get(self.port)[0] in (200, 426):
                    return time.perf_counter() - self._started
            time.sleep(0.002)
        raise TimeoutError("the server does not answer")

    def memory(self) -> int:
        """Resident bytes."""
        pages = Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def cpu(self) -> float:
        """Seconds of CPU that the process has used."""
        return time.clock_gettime((~self._process.pid << 3) | 2)  # clock_getcpuclockid(3)

    def open_files(self) -> list[str]:
        """Where its file descriptors lead to."""
        found = []
        for entry in os.scandir(f"/proc/{self._process.pid}/fd"):
            with suppress(FileNotFoundError):  # closed in the meantime
                found.append(os.readlink(entry.path))
        return found

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)


def get(port: int, path: str = "/") -> tuple[int, str]:
    """One GET on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def ours(script: Path) -> list[str]:
    return [sys.executable, "-m", "wrangler_py", "dev", str(script), "--log-level", "none"]


@contextmanager
def running(kind: str, script: Path = HTTP, *options: str) -> Iterator[Server]:
    """A server of ``kind`` "ours" (of ``script``) or "bare", stopped afterwards."""
    port = free_port()
    command = [*ours(script), "--port", str(port), *options]
    if kind == "bare":
        command = [sys.executable, "-m", "bench.bare", str(port)]
    server = Server(command, port)
    try:
        yield server
    finally:
        server.stop()
