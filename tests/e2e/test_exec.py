"""`pywrangler exec` as a process: what the command sees, how it ends, and what we say then."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .processes import environ

pytestmark = pytest.mark.once

WORKER = """
import time
from js import WebSocketPair
from pyodide.ffi import create_proxy
from workers import DurableObject, Response, WorkerEntrypoint

class Counter(DurableObject):
    async def fetch(self, request):
        count = (await self.ctx.storage.get("count") or 0) + 1
        await self.ctx.storage.put("count", count)
        return Response(str(count))

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        print("asked for", request.url)
        if request.url.endswith("/count"):
            return await self.env.COUNTER.getByName("c").fetch(request)
        while request.url.endswith("/endless"):
            pass
        if request.headers.get("Upgrade") != "websocket":
            return Response("Hi")
        client, server = WebSocketPair.new().object_values()
        server.accept()
        reply = create_proxy(lambda event: server.send(event.data.upper()))
        server.addEventListener("message", reply)
        return Response(None, status=101, web_socket=client)
"""

ASK = """
import os, sys, urllib.request
url = os.environ["WORKER_URL"]
assert url.startswith("http://127.0.0.1:"), url
for path in sys.argv[1:]:
    print(urllib.request.urlopen(url + path).read().decode())
"""

CHAT = """
import os
from websockets.sync.client import connect
with connect(os.environ["WORKER_URL"].replace("http", "ws")) as ws:
    ws.send("hello")
    print(ws.recv())
"""

# Says so once it is ready for a signal.
SLEEPER = """
import os, signal, sys, time
def end(number, frame):
    print("heard", signal.Signals(number).name, flush=True)
    os._exit(5)
for name in sys.argv[1:]:
    signal.signal(getattr(signal, name), end if name != "SIGUSR1" else signal.SIG_DFL)
if "SIGUSR1" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(60)
"""

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, source in {"w": WORKER, "ask": ASK, "chat": CHAT, "sleeper": SLEEPER}.items():
        (tmp_path / f"{name}.py").write_text(source)
    return tmp_path


@pytest.fixture
def start(folder: Path) -> Start:
    """Start `pywrangler exec` with options, and `--` words; its streams are pipes."""

    def start(*arguments: str, **variables: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "wrangler_py", "exec", *arguments],
            cwd=folder,
            env={**environ(), **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def ended(process: subprocess.Popen[str], seconds: float = 15) -> tuple[int, str, str]:
    """The exit code and what was said. That both pipes end says that nobody is left."""
    try:
        out, err = process.communicate(timeout=seconds)
    finally:
        process.kill()
    return process.returncode, out, err


def test_the_command_talks_to_the_worker_and_has_standard_output_for_itself(start):
    process = start("w.py", "--", sys.executable, "ask.py", "/", "/count", "/count")
    code, out, err = ended(process)
    assert (code, out) == (0, "Hi\n1\n2\n")
    assert "[wrangler:info] Ready on http://127.0.0.1:" in err
    assert "asked for http://127.0.0.1:" in err


def test_the_command_opens_websockets(start):
    code, out, _ = ended(start("w.py", "--", sys.executable, "chat.py"))
    assert (code, out) == (0, "HELLO\n")


def test_the_commands_exit_code_is_ours_and_its_options_are_its_own(start):
    words = [sys.executable, "-c", "import sys; print(sys.argv[1:]); sys.exit(7)", "--port", "--"]
    assert ended(start("w.py", "--", *words))[:2] == (7, "['--port', '--']\n")


def test_state_is_new_unless_it_is_to_be_kept(start, folder):
    words = ["--", sys.executable, "ask.py", "/count"]
    kept = ["w.py", "--persist-to", "kept", *words]
    assert [ended(start(*kept))[1] for _ in range(2)] == ["1\n", "2\n"]
    assert ended(start("w.py", *words))[1] == "1\n"
    assert not (folder / ".wrangler").exists()


def test_a_worker_that_does_not_load_is_our_failure(start, folder):
    (folder / "bad.py").write_text("x = 1\n1 / 0\n")
    touch = [sys.executable, "-c", "print('ran')"]
    code, out, err = ended(start("bad.py", "--", *touch, GITHUB_ACTIONS="true"))
    assert (code, out) == (1, "")
    assert 'bad.py", line 2, in <module>' in err
    title = "bad.py could not be loaded"
    annotation = f"::error file=bad.py,line=2,title={title}::ZeroDivisionError: division by zero"
    assert annotation in err.splitlines()


@pytest.mark.parametrize("top_level", ["while True: pass", "import time; time.sleep(60)"])
def test_a_worker_that_is_not_ready_in_time_is_given_up(start, folder, top_level):
    (folder / "slow.py").write_text(top_level)
    code, out, err = ended(start("slow.py", "--timeout", "0.2", "--", "true"))
    assert (code, out) == (4, "")
    assert "the Worker was not ready within 0.2 s" in err
    assert "slow.py:1\n" in err


def test_a_port_in_use_has_its_own_code(start):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, _, err = ended(start("w.py", "--port", port, "--", "true"))
    assert code == 3
    assert f"port {port} is in use" in err


WRONG = [
    (["w.py"], "pywrangler exec [SCRIPT] [OPTIONS] -- COMMAND [ARGS]..."),
    (["w.py", "--"], "there is no command to run"),
    (["w.py", "--", "no-such-command"], "there is no command no-such-command"),
    (["nope.py", "--", "true"], "there is no script nope.py"),
    (["w.py", "--json", "--", "true"], "there is no option --json"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG)
def test_what_is_wrong_with_the_line_is_a_usage_error(start, arguments, said):
    code, out, err = ended(start(*arguments))
    assert (code, out) == (2, "")
    assert said in err
    assert "Ready" not in err


posix = pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")


@posix
def test_a_command_that_a_signal_ends_gives_128_and_its_number(start):
    assert ended(start("w.py", "--", "sh", "-c", "kill -9 $$"))[0] == 128 + 9


@posix
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_is_passed_on_and_the_commands_answer_is_ours(start, name):
    process = start("w.py", "--", sys.executable, "sleeper.py", name)
    assert process.stdout.readline() == "ready\n"
    process.send_signal(getattr(signal, name))
    assert ended(process, 2)[:2] == (5, f"heard {name}\n")


@posix
def test_a_command_that_does_not_hear_is_killed_in_time(start):
    process = start("w.py", "--", sys.executable, "sleeper.py", "SIGUSR1")
    assert process.stdout.readline() == "ready\n"
    began = time.monotonic()
    process.terminate()
    assert ended(process, 5)[0] == 128 + 9
    assert time.monotonic() - began < 2


@posix
def test_a_second_signal_ends_everything_at_once(start):
    process = start("w.py", "--", sys.executable, "sleeper.py", "SIGUSR1")
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    process.terminate()
    assert ended(process, 1)[0] in (128 + 9, 128 + signal.SIGTERM, 128 + signal.SIGINT)


@posix
def test_what_the_command_leaves_running_ends_with_it(start):
    # It holds our pipes: they end when it does.
    code, out, _ = ended(start("w.py", "--", "sh", "-c", "sleep 60 & echo left; exit 3"), 5)
    assert (code, out) == (3, "left\n")


@posix
def test_a_worker_that_never_gives_way_does_not_keep_us_from_ending(start):
    process = start("w.py", "--", sys.executable, "ask.py", "/endless")
    while "asked for" not in process.stderr.readline():
        assert process.poll() is None
    began = time.monotonic()
    process.terminate()
    assert ended(process, 5)[0] == 128 + signal.SIGTERM
    assert time.monotonic() - began < 2


@posix
def test_on_a_terminal_the_command_has_the_keyboard_and_ctrl_c(folder):
    from .terminal import Terminal  # needs pseudo-terminals

    (folder / "ask_name.py").write_text(
        "import sys, time\n"
        "for _ in range(2):\n"
        "    try:\n        print('up')\n        time.sleep(60)\n"
        "    except KeyboardInterrupt:\n        print('interrupted')\n"
        "print('hello', input('name? '))\nsys.exit(9)\n"
    )
    ours = [sys.executable, "-m", "wrangler_py", "exec", "w.py"]
    terminal = Terminal(*ours, "--", sys.executable, "ask_name.py", cwd=folder)
    try:
        for _ in range(2):  # the second one would end us
            terminal.until("up\n", 15)
            terminal.press("\x03")
            terminal.until("interrupted\n")
        terminal.until("name? ")
        terminal.type("Ada")
        terminal.until("hello Ada\n")
        assert terminal.process.wait(timeout=5) == 9
    finally:
        terminal.close()
