"""`pywrangler dev` in a terminal, from its banner to the last key."""

from __future__ import annotations

import asyncio
import re
import shutil
import signal
from pathlib import Path

import aiohttp
import pytest

pytest.importorskip("pty", reason="pseudo-terminals are for POSIX")

from .terminal import DEV, Terminal

pytestmark = pytest.mark.once

WORKER = """\
from js import WebSocketPair
from workers import DurableObject, Response, WorkerEntrypoint

class Room(DurableObject):
    async def fetch(self, request):
        client, server = WebSocketPair.new().object_values()
        self.ctx.acceptWebSocket(server)
        return Response(None, status=101, web_socket=client)

    async def webSocketMessage(self, ws, message):
        ws.send(f"VERSION {message}")

    async def webSocketClose(self, ws, code, reason, was_clean):
        ws.close(code, reason)

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.headers.get("Upgrade") == "websocket":
            room = self.env.ROOM
            return await room.get(room.idFromName("lobby")).fetch(request)
        answer = "VERSION"
        if "stop" in request.url:
            breakpoint()
        return Response(answer)
"""
KEYS = "[b] browser  [c] clear  [r] reload  [s] sockets  [h] hibernate  [x] exit"


@pytest.fixture
def script(tmp_path) -> Path:
    path = tmp_path / "worker.py"
    save(path, "one")
    return path


def save(script: Path, version: str) -> None:
    script.write_text(WORKER.replace("VERSION", version))


@pytest.fixture
def start(script):
    opened: list[Terminal] = []

    def start(*arguments: str, **env: str) -> Terminal:
        made = Terminal(*DEV, script.name, *arguments, cwd=script.parent, **env)
        opened.append(made)
        return made

    yield start
    for each in opened:
        each.close()


@pytest.fixture
def terminal(start) -> Terminal:
    made = start()
    made.ready()
    made.until(KEYS)
    return made


def test_an_hour_of_work(start, script):
    terminal = start("--var", "WORD:hello")
    head = terminal.until("[wrangler:info] Ready on ")
    terminal.url = terminal.until("\n").strip()
    assert re.search(r"^ ⛅️ wrangler-py \d+\.\d+\.\d+\S*\n─+\n", head, re.MULTILINE)
    assert "env.ROOM (Room)       Durable Object          local\n" in head
    assert 'env.WORD ("hello")    Environment Variable    local\n' in head
    assert head.endswith("⎔ Starting local server...\n")
    terminal.until(KEYS)
    assert terminal.ask().text == "one"
    terminal.until("[wrangler:info] GET / 200 OK (")
    save(script, "two")
    terminal.until("⎔ ")
    line = "⎔ " + terminal.until("\n")
    assert re.search(r"⎔ Local server updated and ready in \d+ ms: worker\.py$", line)
    script.write_text("def broken(:\n")
    terminal.until("worker.py could not be loaded")
    terminal.until("the last good version keeps serving")
    assert terminal.ask().text == "two"
    save(script, "three")
    terminal.until("⎔ Local server updated and ready in ")
    answer = terminal.ask("/stop")
    terminal.until("(Pdb) ")
    terminal.type("answer = 'four'")
    assert "answer = 'four'" in terminal.until("(Pdb) ")  # what is typed is seen
    terminal.type("c")
    assert answer.text == "four"
    terminal.until("GET /stop 200 OK (")
    terminal.until_true(lambda: not terminal.echoes)
    assert terminal.end("x") == 0
    assert "⎔ Shutting down local server..." in terminal.seen
    assert terminal.modes() == terminal.modes_before


# Keys.


def test_b_opens_a_browser(start, tmp_path):
    note = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {note}.part && mv {note}.part {note}\n')
    browser.chmod(0o755)
    terminal = start(BROWSER=str(browser))
    terminal.ready()
    terminal.until(KEYS)
    terminal.press("B")  # with Caps Lock
    terminal.until_true(note.exists)
    assert note.read_text() == terminal.url


def test_b_never_opens_a_browser_that_would_take_the_terminal(start):
    terminal = start(BROWSER="w3m")
    terminal.ready()
    terminal.until(KEYS)
    terminal.press("b")
    terminal.until(f"there is no browser to open {terminal.url} with; BROWSER may name one\n")


def test_c_clears_and_leaves_the_keys(terminal):
    terminal.press("c")
    terminal.until(KEYS)
    assert "\033[2J\033[3J\033[H" in terminal.raw


def test_r_reloads_what_was_not_saved(terminal):
    terminal.press("r")
    terminal.until("\n")
    assert re.fullmatch(r"⎔ Local server updated and ready in \d+ ms", terminal.until("\n"))


def test_a_key_that_means_nothing_is_answered_with_those_that_do(terminal):
    terminal.press("?")
    terminal.until(KEYS)
    terminal.press("\033[A")  # an arrow is no key of ours
    terminal.press("s")
    assert terminal.until("no WebSocket is open") == "\n"


@pytest.mark.parametrize("key", ["x", "q", "X", "\x03"])
def test_the_end(terminal, key):
    assert terminal.end(key) == 0
    assert "⎔ Shutting down local server..." in terminal.seen
    assert terminal.modes() == terminal.modes_before


async def test_sockets_are_listed_hibernate_wake_and_close(terminal):
    async def until(wanted: str) -> str:
        return await asyncio.to_thread(terminal.until, wanted)

    async with aiohttp.ClientSession() as client:
        async with client.ws_connect(f"{terminal.url}/ws") as ws:
            await until("[wrangler:info] GET /ws 101 Switching Protocols (")
            assert (await until("\n")).endswith("ms) #1")
            await ws.send_str("é")
            assert await ws.receive_str() == "one é"
            terminal.press("s")
            await until("1 open WebSocket:\n")
            row = (await until("\n")).split("  ")
            assert row[1:3] == ["#1", "/ws"]
            assert row[4:] == ["1 msg 2 B in", "1 msg 6 B out", 'Room "lobby", hibernatable']
            terminal.press("h")
            assert await until("\n") == '[wrangler:info] Room "lobby" hibernated (1 WebSocket kept)'
            assert await until("\n") == "1 of 1 Durable Object hibernated"
            await ws.send_str("again")
            assert await ws.receive_str() == "one again"
            assert await until("\n") == '[wrangler:info] Room "lobby" woken (1 WebSocket kept)'
            await ws.close(code=4001, message=b"bye")
        line = await until("\n")
    assert re.fullmatch(
        r'\[wrangler:info\] WS /ws #1 closed 4001 "bye" by client '
        r"\([\d.]+m?s, 2 msg 7 B in, 2 msg 15 B out\)",
        line,
    )


async def test_a_save_says_what_became_of_the_sockets(terminal, script):
    async with aiohttp.ClientSession() as client, client.ws_connect(terminal.url) as ws:
        await ws.send_str("a")
        assert await ws.receive_str() == "one a"
        save(script, "two")
        await asyncio.to_thread(terminal.until, "⎔ Local server updated and ready in ")
        line = await asyncio.to_thread(terminal.until, "\n")
        assert line.endswith("ms: worker.py (1 WebSocket kept)")
        await ws.send_str("b")
        assert await ws.receive_str() == "two b"


def test_h_says_what_keeps_an_object_awake(terminal, script):
    terminal.press("h")
    terminal.until("no Durable Object is awake\n")
    script.write_text(SLEEPLESS)
    terminal.until("updated and ready")
    assert terminal.ask().text == "ticking"
    terminal.press("h")
    terminal.until("0 of 1 Durable Object hibernated\n")
    assert terminal.until("\n") == '  Room "lobby"  awake: a timer is set'


SLEEPLESS = """\
from js import setTimeout
from pyodide.ffi import create_proxy
from workers import DurableObject, Response, WorkerEntrypoint

class Room(DurableObject):
    async def fetch(self, request):
        setTimeout(create_proxy(lambda: None), 60_000)
        return Response("ticking")

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await self.env.ROOM.get(self.env.ROOM.idFromName("lobby")).fetch(request)
"""


# Modes.


def test_sigterm_leaves_the_terminal_as_it_was(terminal):
    assert not terminal.echoes
    assert terminal.end() == 0
    assert terminal.modes() == terminal.modes_before


def test_a_second_signal_that_kills_leaves_it_as_it_was(terminal, script):
    script.write_text(WORKER.replace("VERSION", "two") + STUBBORN)
    terminal.until("import time")  # the watchdog names the line
    assert not terminal.echoes
    terminal.process.send_signal(signal.SIGTERM)
    terminal.process.send_signal(signal.SIGTERM)
    assert terminal.end() != 0
    assert terminal.modes() == terminal.modes_before


STUBBORN = """
while True:
    try:
        import time; time.sleep(30)
    except BaseException:
        pass
"""


@pytest.fixture
def shell(tmp_path, script):
    """A shell that controls jobs."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash here")
    made = Terminal(bash, "--norc", "--noprofile", "-i", cwd=tmp_path, PS1="$ ")
    made.until("$ ")
    yield made
    made.type("\x03kill -9 %1; exit")
    made.close()


def test_ctrl_z_gives_the_terminal_back_until_it_goes_on(shell):
    shell.type(f"{' '.join(DEV)} worker.py")
    shell.until(KEYS)
    shell.press("\x1a")
    shell.until("Stopped")
    shell.type("echo seen-$((6 * 7))")
    shell.until("seen-42")
    shell.type("fg")
    shell.until("worker.py\n")
    shell.until_true(lambda: not shell.echoes)
    shell.press("s")
    shell.until("no WebSocket is open")
    shell.press("x")
    shell.until("⎔ Shutting down local server...")
    shell.until("$ ")


def test_in_the_background_it_serves_and_takes_no_keys_before_it_is_called(shell):
    shell.type(f"{' '.join(DEV)} worker.py &")
    shell.ready()
    assert shell.ask().text == "one"
    shell.type("jobs")
    assert "Running" in shell.until("worker.py &\n")
    shell.type("fg")
    shell.until("worker.py\n")
    shell.until_true(lambda: not shell.echoes)
    shell.press("s")
    shell.until("no WebSocket is open")
    shell.press("x")
    shell.until("⎔ Shutting down local server...")
    shell.until("$ ")


@pytest.mark.parametrize(
    ("arguments", "env"),
    [
        (["--no-show-interactive-dev-session"], {}),
        (["--json"], {}),
        ([], {"CI": "true"}),
        ([], {"TERM": "dumb"}),
    ],
)
def test_no_keys_where_nobody_is_to_press_them(start, arguments, env):
    terminal = start(*arguments, **env)
    terminal.until("eady")
    terminal.until("\n")
    assert terminal.echoes
    assert "[b]" not in terminal.seen
    assert terminal.end() == 0
