"""`pywrangler ws` on a terminal: somebody types while frames come."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .processes import START_SECONDS, dev, environ

pytestmark = pytest.mark.once

pty = pytest.importorskip("pty", reason="pseudo-terminals are for POSIX")

WORKER = """
from js import WebSocketPair
from pyodide.ffi import create_proxy
from workers import Response, WorkerEntrypoint

rooms = []

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.headers.get("Upgrade") != "websocket":
            return Response("VERSION")
        client, server = WebSocketPair.new().object_values()
        server.accept()

        def said(event):
            if event.data == "leave":
                server.close(4002, "see you")
            else:
                server.send("echo " + event.data)
                if event.data == "twice":
                    server.send('{"n": 2}')

        server.addEventListener("message", create_proxy(said))
        return Response(None, status=101, web_socket=client)
"""
UP = "\x1b[A"
LEFT = "\x1b[D"


class Screen:
    """A terminal with `pywrangler ws` in it."""

    def __init__(self, cwd: Path, *arguments: str) -> None:
        self.seen = ""
        self.screen, inner = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "wrangler_py", "ws", *arguments],
            cwd=cwd,
            env={**environ(), "TERM": "xterm"},
            stdin=inner,
            stdout=inner,
            stderr=inner,
            start_new_session=True,
        )
        self.inner = inner

    def until(self, wanted: str) -> str:
        """Read until ``wanted`` is seen; what came up to there."""
        deadline = time.monotonic() + START_SECONDS
        while wanted not in self.seen:
            assert time.monotonic() < deadline, self.seen
            if select.select([self.screen], [], [], 0.2)[0]:
                self.seen += os.read(self.screen, 4096).decode()
        before, _, self.seen = self.seen.partition(wanted)
        return before

    def type(self, keys: str) -> None:
        os.write(self.screen, keys.encode())

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=5)
        os.close(self.inner)
        os.close(self.screen)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A running dev server on a port that nobody knows."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "worker.py").write_text(WORKER)
    (folder / "below").mkdir()
    with dev("worker.py", cwd=folder, folder=tmp_path_factory.mktemp("said")) as running:
        yield folder, running


@pytest.fixture
def screen(project):
    folder, running = project
    opened = Screen(folder / "below", "/room")
    opened.until(f"Connected to {running.url.replace('http', 'ws')}/room. /help lists")
    yield opened
    opened.close()


def test_lines_are_sent_and_frames_shown(screen):
    screen.type("hello\r")
    screen.until("> hello\r\n")
    screen.until("< echo hello\r\n")
    screen.type("twice\r")
    screen.until('< {"n": 2}\r\n')
    screen.type("\x04")
    screen.until("closed by us: 1000 (normal)")
    assert screen.process.wait(timeout=5) == 0


def test_a_line_that_is_being_typed_is_there_again_below_a_frame(screen):
    screen.type(f"twice\rhalf a lne{LEFT * 2}")
    screen.until('< {"n": 2}\r\n')
    screen.until("> half a lne\r\033[10C")
    screen.type("i\r")
    screen.until("< echo half a line\r\n")


def test_commands(screen):
    screen.type("/help\r")
    screen.until("/binary 01 02 ff")
    screen.type("/ping there\r")
    screen.until("> ping there\r\n")
    screen.until("< pong there after ")
    screen.type("/nothing\r")
    screen.until("there is no command /nothing")
    screen.type("//slash\r")
    screen.until("< echo /slash\r\n")
    screen.type("/close 4001 bye\r")
    screen.until('closed by us: 4001 "bye"')
    assert screen.process.wait(timeout=5) == 0


def test_the_servers_close_ends_it(screen):
    screen.type("unfinished")
    screen.until("unfinished")
    screen.type("\x15leave\r")
    screen.until('closed by the server: 4002 "see you" (the application\'s own)')
    assert screen.process.wait(timeout=5) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_with_1000(screen, number):
    screen.process.send_signal(number)
    screen.until("closed by us: 1000 (normal)")
    assert screen.process.wait(timeout=5) == 0


def test_the_terminal_is_as_it_was(screen):
    import termios

    during = termios.tcgetattr(screen.inner)[3]
    screen.type("/quit\r")
    assert screen.process.wait(timeout=5) == 0
    after = termios.tcgetattr(screen.inner)[3]
    flags = termios.ICANON | termios.ECHO
    assert (during & flags, after & flags) == (0, flags)


def test_lines_of_the_last_time_come_back(project, screen):
    folder, _ = project
    screen.type("remember me\r")
    screen.until("< echo remember me\r\n")
    screen.type("\x04")
    assert screen.process.wait(timeout=5) == 0
    again = Screen(folder, "/room")
    try:
        again.until("Connected to ")
        again.type(f"{UP}\r")
        again.until("< echo remember me\r\n")
    finally:
        again.close()


def test_a_reload_says_to_connect_again(project, screen):
    folder, _ = project
    (folder / "worker.py").write_text(WORKER.replace("VERSION", "another"))
    screen.until("closed by the server: 1012")
    screen.until("(the code was reloaded: connect again)")
    assert screen.process.wait(timeout=5) == 1
