"""`breakpoint()` stops in the terminal that runs `pywrangler dev`, which is all the debugger's."""

from __future__ import annotations

import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import aiohttp
import pytest

from .processes import dev

pytest.importorskip("pty", reason="pseudo-terminals are for POSIX")

from .terminal import DEV, Answer, Terminal

WORKER = """
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        answer = 6 * 7
        breakpoint()
        return Response(f"{answer}")
"""

Start = Callable[..., Terminal]


@pytest.fixture
def start(tmp_path) -> Iterator[Start]:
    """A terminal with a worker, ready."""
    opened: list[Terminal] = []

    def start(source: str = WORKER, *, loads: bool = True, **env: str) -> Terminal:
        (tmp_path / "worker.py").write_text(source)
        made = Terminal(*DEV, "worker.py", cwd=tmp_path, **env)
        opened.append(made)
        if loads:
            made.ready()
        return made

    yield start
    for each in opened:
        each.close()


def stop(terminal: Terminal, path: str = "/") -> Answer:
    answer = terminal.ask(path)
    terminal.until("(Pdb) ")
    return answer


def test_values_are_seen_and_changed_and_nobody_complains_that_it_takes_long(start):
    terminal = start()
    answer = stop(terminal)
    time.sleep(1.6)  # longer than a worker may block the loop
    terminal.type("p answer")
    assert "42" in terminal.until("(Pdb) ")
    terminal.type("answer = 43")
    terminal.until("(Pdb) ")
    terminal.type("c")
    assert answer.text == "43"
    assert "giving way" not in terminal.until("200 OK")
    assert terminal.end() == 0


def test_keys_are_the_debuggers_until_it_is_done(start):
    terminal = start()
    answer = stop(terminal)
    terminal.type("!s = 5")  # each of these letters is a hotkey, too
    terminal.until("(Pdb) ")
    terminal.type("p s, 'hcbxr'")
    said = terminal.until("(Pdb) ")
    assert "(5, 'hcbxr')" in said
    assert "updated" not in said
    assert "WebSocket" not in said
    terminal.type("c")
    assert answer.text == "42"
    terminal.press("s")
    terminal.until("no WebSocket is open")
    assert terminal.end("x") == 0
    assert terminal.modes() == terminal.modes_before


def test_a_line_can_be_edited_and_the_last_one_fetched_back(start):
    terminal = start()
    answer = stop(terminal)
    terminal.type("p 40 + 2")
    terminal.until("(Pdb) ")
    terminal.press("\033[A\x7f3\n")  # up, backspace, 3
    assert "\n43\n" in terminal.until("(Pdb) ")
    terminal.type("c")
    assert answer.text == "42"


def test_stepping_goes_line_by_line_across_an_await(start):
    source = WORKER.replace("breakpoint()\n", "breakpoint()\n        await sleep(0.01)\n")
    terminal = start("from asyncio import sleep\n" + source)
    answer = stop(terminal)
    if sys.version_info >= (3, 13):  # it stops at the call itself, not behind it
        terminal.type("n")
        terminal.until("await sleep")
        terminal.until("(Pdb) ")
    terminal.type("n")
    terminal.until("return Response")
    terminal.until("(Pdb) ")
    terminal.type("c")
    assert answer.text == "42"
    terminal.until("200 OK")


def test_quitting_ends_the_request_and_not_the_server(start):
    terminal = start()
    answer = stop(terminal)
    terminal.type("q")
    assert "500" in answer.text
    terminal.until("500 Internal Server Error")
    again = stop(terminal)
    terminal.type("c")
    assert again.text == "42"
    assert terminal.end("x") == 0


def test_the_old_way_to_stop_works_as_well(start):
    terminal = start(WORKER.replace("breakpoint()", "import pdb; pdb.set_trace()"))
    answer = stop(terminal)
    terminal.type("p 'hcbxq'")
    terminal.until("'hcbxq'\n")
    terminal.until("(Pdb) ")
    terminal.type("c")
    assert answer.text == "42"


def test_breakpoints_can_be_switched_off(start):
    terminal = start(PYTHONBREAKPOINT="0")
    assert terminal.ask().text == "42"


AT_IMPORT = f"breakpoint()\n{WORKER}".replace("        breakpoint()\n", "")


def test_it_stops_at_import(start):
    terminal = start(AT_IMPORT, loads=False)
    terminal.until("(Pdb) ")
    terminal.type("c")
    terminal.ready()
    assert terminal.ask().text == "42"
    assert terminal.end("x") == 0


def test_quitting_at_import_is_a_load_that_failed(start):
    terminal = start(AT_IMPORT, loads=False)
    terminal.until("(Pdb) ")
    terminal.type("q")
    terminal.until("worker.py could not be loaded")
    terminal.until("Listening on ")
    assert terminal.end("x") == 0


SOCKETS = """
from js import WebSocketPair
from pyodide.ffi import create_proxy
from workers import DurableObject, Response, WorkerEntrypoint

class Room(DurableObject):
    async def fetch(self, request):
        client, server = WebSocketPair.new().object_values()
        self.ctx.acceptWebSocket(server)
        return Response(None, status=101, web_socket=client)

    async def webSocketMessage(self, ws, message):
        breakpoint()
        ws.send(message)

    async def webSocketClose(self, ws, code, reason, was_clean):
        ws.close(code, reason)

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if "room" in request.url:
            return await self.env.ROOM.get(self.env.ROOM.idFromName("x")).fetch(request)
        client, server = WebSocketPair.new().object_values()
        server.accept()
        def listen(event):
            message = event.data
            breakpoint()
            server.send(message)
        server.addEventListener("message", create_proxy(listen))
        return Response(None, status=101, web_socket=client)
"""


@pytest.mark.parametrize("path", ["/listener", "/room"])
async def test_it_stops_where_a_message_is_heard(start, path):
    terminal = start(SOCKETS)
    async with aiohttp.ClientSession() as client, client.ws_connect(terminal.url + path) as ws:
        await ws.send_str("one")
        terminal.until("(Pdb) ")
        terminal.type("message = 'two'")
        terminal.until("(Pdb) ")
        terminal.type("c")
        assert await ws.receive_str() == "two"


def test_a_save_meanwhile_is_taken_in_afterwards(start, tmp_path):
    terminal = start()
    answer = stop(terminal)
    mended = WORKER.replace("6 * 7", "7 * 7").replace("breakpoint()", "pass")
    (tmp_path / "worker.py").write_text(mended)
    time.sleep(1.6)  # longer than a loop is waited for
    terminal.type("p answer")
    said = terminal.until("(Pdb) ")
    assert "42" in said
    assert "updated" not in said
    terminal.type("c")
    assert answer.text == "42"
    terminal.until("updated and ready in ")
    assert terminal.ask().text == "49"


def test_what_other_threads_say_waits_until_the_prompt_is_gone(start):
    speak = "threading.Timer(0.3, console.log, ['from elsewhere']).start()\n        "
    imports = "import threading, time\nfrom js import console\n"
    terminal = start(imports + WORKER.replace("breakpoint()", f"{speak}breakpoint()"))
    answer = stop(terminal)
    terminal.type("time.sleep(1)")
    assert "from elsewhere" not in terminal.until("(Pdb) ")
    terminal.type("c")
    terminal.until("from elsewhere")
    assert answer.text == "42"


def test_ctrl_c_at_the_prompt_is_the_debuggers(start):
    terminal = start()
    answer = stop(terminal)
    # A key that comes in the moment before the prompt listens is heard with the next one.
    terminal.until("--KeyboardInterrupt--", press=signal.SIGINT)
    terminal.until("(Pdb) ")
    terminal.type("c")
    assert answer.text == "42"
    terminal.until("200 OK")
    assert terminal.end("x") == 0


def test_sigterm_at_the_prompt_ends_the_server(start):
    terminal = start()
    answer = stop(terminal)
    assert terminal.end() == 0
    assert "500" in answer.text
    assert terminal.modes() == terminal.modes_before


def test_without_a_terminal_it_says_so_instead_of_waiting_for_somebody(tmp_path):
    (tmp_path / "worker.py").write_text(WORKER)
    with dev("worker.py", cwd=tmp_path, folder=tmp_path) as running:
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(running.url, timeout=10)
        text = caught.value.read().decode()
        assert "a debugger cannot be used here: standard input is not a terminal" in text
        assert "breakpoint()" in text
        assert "hint: run `pywrangler dev` in a terminal" in text
        running.wait_said("worker.py.*line 7")
        assert running.stop() == 0
