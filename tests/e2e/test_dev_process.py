"""The documented flows, through the command as a process: start, talk, save, stop."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from .processes import Dev, dev, run_pywrangler

pytestmark = pytest.mark.once

SEED = """
from js import WebSocketPair
from pyodide.ffi import create_proxy
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.headers.get("Upgrade") != "websocket":
            return Response("Expected Upgrade: websocket", status=426)
        client, server = WebSocketPair.new().object_values()
        server.accept()

        def on_message(event):
            server.send("VERSION " + event.data)

        server.addEventListener("message", create_proxy(on_message))
        return Response(None, status=101, web_socket=client)
"""
PLAIN = """
import time
from pathlib import Path
from beside import WORD
from workers import Response, WorkerEntrypoint

DATA = Path(__file__).with_name("data.txt").read_text().strip()

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.url.endswith("/loop"):
            while True:
                pass
        return Response(f"VERSION {WORD} {DATA}")
"""


@pytest.fixture
def project(tmp_path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "seed.py").write_text(SEED)
    (folder / "plain.py").write_text(PLAIN.replace("VERSION", "v1"))
    (folder / "beside.py").write_text("WORD = 'w1'\n")
    (folder / "data.txt").write_text("d1\n")
    return folder


@pytest.fixture
def seed(project, tmp_path) -> Iterator[Dev]:
    with dev("seed.py", cwd=project, folder=tmp_path) as running:
        yield running


@pytest.fixture
def plain(project, tmp_path) -> Iterator[Dev]:
    with dev("plain.py", cwd=project, folder=tmp_path) as running:
        yield running


@pytest.fixture
async def client():
    async with aiohttp.ClientSession() as session:
        yield session


async def text_of(client: aiohttp.ClientSession, url: str, **options) -> str:
    async with client.get(url, **options) as response:
        return await response.text()


async def until(client: aiohttp.ClientSession, url: str, wanted: str) -> None:
    """Ask until the answer is ``wanted``."""
    async with asyncio.timeout(10):
        while await text_of(client, url) != wanted:
            pass  # each round is an answered request


# The flow that this product began with.


async def test_upgrade_is_required_then_messages_go_and_come_then_it_closes(seed, client):
    async with client.get(seed.url) as response:
        assert (response.status, response.reason) == (426, "Upgrade Required")
        assert await response.text() == "Expected Upgrade: websocket"
    async with client.ws_connect(seed.url) as ws:
        for text in ("hello", "again"):
            await ws.send_str(text)
            assert await ws.receive_str() == f"VERSION {text}"
        assert await ws.close(code=4000, message=b"done")
        assert ws.close_code == 4000
    await asyncio.to_thread(seed.wait_said, "closed 4000")
    assert await asyncio.to_thread(seed.stop) == 0
    head, _, rest = seed.said.partition(f"[wrangler:info] Ready on {seed.url}\n")
    assert head.endswith("⎔ Starting local server...\n")
    lines = rest.splitlines()
    assert lines[0].startswith("[wrangler:info] GET / 426 Upgrade Required (")
    assert lines[1].startswith("[wrangler:info] GET / 101 Switching Protocols (")
    assert lines[2].startswith('[wrangler:info] WS / #1 closed 4000 "done" by client (')
    assert lines[2].endswith(", 2 msg 10 B in, 2 msg 26 B out)")
    assert lines[3] == "⎔ Shutting down local server..."


async def test_saving_closes_the_socket_with_1012_and_the_next_one_meets_the_new_code(
    seed, client, project
):
    async with client.ws_connect(seed.url) as ws:
        (project / "seed.py").write_text(SEED.replace("VERSION", "v2"))
        message = await ws.receive(timeout=5)
        assert message.type is aiohttp.WSMsgType.CLOSE
        assert (message.data, message.extra) == (1012, "Worker reloaded")
    async with client.ws_connect(seed.url) as ws:
        await ws.send_str("hello")
        assert await ws.receive_str() == "v2 hello"


# Ends.


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_closes_sockets_with_1001_and_ends_with_0(seed, client, number):
    async with client.ws_connect(seed.url) as ws:
        seed.process.send_signal(number)
        message = await ws.receive(timeout=5)
        assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 1001)
    assert await asyncio.to_thread(seed.process.wait, 3) == 0
    assert "Traceback" not in seed.said


async def test_a_client_that_does_not_answer_the_goodbye_does_not_hold_it_up(seed):
    host, _, port = seed.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=5) as deaf:
        deaf.sendall(
            b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        assert deaf.recv(12) == b"HTTP/1.1 101"
        seed.process.terminate()
        assert seed.process.wait(timeout=4) == 0


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="children are found in /proc")
async def test_it_is_one_process(plain, client):
    assert await text_of(client, plain.url) == "v1 w1 d1"
    children = Path(f"/proc/{plain.process.pid}/task/{plain.process.pid}/children")
    assert children.read_text() == ""


@pytest.mark.parametrize(
    ("number", "flags"), [(signal.SIGTERM, []), (signal.SIGINT, ["--no-reload"])]
)
async def test_a_signal_ends_a_worker_that_never_gives_way(
    project, tmp_path, client, number, flags
):
    with dev("plain.py", *flags, cwd=project, folder=tmp_path) as running:
        request = asyncio.create_task(text_of(client, f"{running.url}/loop"))
        await asyncio.to_thread(running.wait_said, "without giving way")
        running.process.send_signal(number)
        assert await asyncio.to_thread(running.process.wait, 5) == 0
        assert "the server was told to stop" in await request


async def test_a_signal_or_a_save_ends_an_import_that_never_ends(project, tmp_path):
    (project / "plain.py").write_text("while True:\n    pass\n")
    running = Dev("plain.py", cwd=project, folder=tmp_path)
    try:
        await asyncio.to_thread(running.wait_said, r"plain\.py:[12] in <module>")
        (project / "plain.py").write_text(PLAIN.replace("VERSION", "v1"))
        await asyncio.to_thread(running.wait_ready)
        (project / "plain.py").write_text("while True:\n    pass\n#\n")
        await asyncio.to_thread(running.wait_said, r"(?s)in <module>.*plain\.py:[12] in <module>")
        assert await asyncio.to_thread(running.stop) == 0
    finally:
        if running.process.poll() is None:
            running.process.kill()
        running.process.wait(timeout=5)


async def test_a_signal_ends_the_first_load_of_a_worker_that_never_gives_way(project, tmp_path):
    (project / "plain.py").write_text("while True:\n    pass\n")
    running = Dev("plain.py", cwd=project, folder=tmp_path)
    try:
        await asyncio.to_thread(running.wait_said, "without giving way")
        await asyncio.to_thread(running.stop)
        assert "Ready" not in running.said
    finally:
        if running.process.poll() is None:
            running.process.kill()
        running.process.wait(timeout=5)


@pytest.mark.parametrize("start", ["threading.Thread(target=WAIT).start()", "POOL.submit(WAIT)"])
async def test_a_thread_of_the_worker_does_not_keep_the_process(project, tmp_path, start):
    (project / "plain.py").write_text(
        "import threading\nfrom concurrent.futures import ThreadPoolExecutor\n"
        "WAIT, POOL = threading.Event().wait, ThreadPoolExecutor()\n"
        + PLAIN.replace("        if request", f"        {start}\n        if request")
    )
    with dev("plain.py", cwd=project, folder=tmp_path) as running:
        async with aiohttp.ClientSession() as client:
            await text_of(client, running.url)
        assert await asyncio.to_thread(running.stop) == 0


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="closing a terminal sends none here")
async def test_closing_the_terminal_says_goodbye_to_sockets(seed, client):
    async with client.ws_connect(seed.url) as socket:
        seed.process.send_signal(signal.SIGHUP)
        message = await socket.receive()
        assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 1001)
    assert await asyncio.to_thread(seed.process.wait, 5) == 0


async def test_a_script_that_was_deleted_is_told_in_our_words_only(plain, project):
    (project / "plain.py").unlink()
    await asyncio.to_thread(plain.wait_said, "the last good version keeps serving")
    assert "✘ [ERROR] plain.py does not exist\n" in plain.said
    assert "wrangler_py" not in plain.said


def run_dev(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return run_pywrangler("dev", *arguments, cwd=cwd, seconds=20)


def test_a_port_in_use_is_one_clear_line_and_exit_code_3(project):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run_dev("seed.py", "--ip", "127.0.0.1", "--port", str(port), cwd=project)
    assert done.returncode == 3
    assert done.stderr == (
        f"✘ [ERROR] port {port} is in use\n"
        f"    at 127.0.0.1:{port}\n    hint: `--port 0` picks a free one\n"
    )
    assert "Ready" not in done.stdout


def test_a_script_that_is_not_there_is_exit_code_2(project):
    done = run_dev("sed.py", "--port", "0", cwd=project)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == "✘ [ERROR] there is no script sed.py"


def test_a_worker_that_does_not_load_is_exit_code_1_without_reload(project):
    (project / "seed.py").write_text("def broken(:\n")
    done = run_dev("seed.py", "--no-reload", "--port", "0", cwd=project)
    assert done.returncode == 1
    assert 'seed.py", line 1' in done.stderr
    assert done.stderr.splitlines()[-1].startswith("SyntaxError")
    assert "Ready" not in done.stdout


def test_a_ready_file_that_cannot_be_written_is_exit_code_2(project):
    for place in ("no/such/folder", "."):
        done = run_dev("seed.py", "--port", "0", "--ready-file", place, cwd=project)
        assert done.returncode == 2
        assert "✘ [ERROR] cannot write " in done.stderr
        assert "Traceback" not in done.stderr


# Saves.


def write(path: Path, text: str) -> None:
    path.write_text(text)


def rename_over(path: Path, text: str) -> None:
    draft = path.with_name(".draft~")
    draft.write_text(text)
    os.replace(draft, path)


def delete_and_rewrite(path: Path, text: str) -> None:
    path.unlink()
    path.write_text(text)


@pytest.mark.parametrize("save", [write, rename_over, delete_and_rewrite])
async def test_each_way_to_save_is_noticed(plain, client, project, save):
    assert await text_of(client, plain.url) == "v1 w1 d1"
    for version in ("v2", "v3"):
        save(project / "plain.py", PLAIN.replace("VERSION", version))
        await until(client, plain.url, f"{version} w1 d1")


async def test_a_sibling_module_and_a_data_file_count_as_code(plain, client, project):
    (project / "beside.py").write_text("WORD = 'w2'\n")
    await until(client, plain.url, "v1 w2 d1")
    (project / "data.txt").write_text("d2\n")
    await until(client, plain.url, "v1 w2 d2")


async def test_a_burst_of_saves_ends_with_the_last(plain, client, project):
    for number in range(50):
        (project / "plain.py").write_text(PLAIN.replace("VERSION", f"b{number}"))
    await until(client, plain.url, "b49 w1 d1")
    assert plain.said.count("updated and ready") < 50


@pytest.mark.parametrize(
    ("broken", "kind"),
    [
        ("def broken(:\n", "SyntaxError"),
        ("import nothing_of_that_name\n", "ModuleNotFoundError"),
        ("1 / 0\n", "ZeroDivisionError"),
        ("raise SystemExit(3)\n", "SystemExit"),
    ],
)
async def test_code_that_does_not_load_leaves_the_last_good_version_serving(
    plain, client, project, broken, kind
):
    (project / "plain.py").write_text(broken)
    await asyncio.to_thread(plain.wait_said, "could not be loaded")
    await asyncio.to_thread(plain.wait_said, kind)
    assert await text_of(client, plain.url) == "v1 w1 d1"
    page = await text_of(client, plain.url, headers={"Accept": "text/html"})
    assert kind not in page  # this worker's answer is text, which gets no banner
    (project / "plain.py").write_text(PLAIN.replace("VERSION", "v2"))
    await until(client, plain.url, "v2 w1 d1")


async def test_a_worker_that_is_broken_at_the_start_is_served_once_it_is_mended(
    project, tmp_path, client
):
    (project / "plain.py").write_text("def broken(:\n")
    running = Dev("plain.py", "--ip", "127.0.0.1", cwd=project, folder=tmp_path)
    try:
        await asyncio.to_thread(running.wait_said, "nothing is served yet")
        await asyncio.to_thread(running.wait_said, "Listening on ")
        assert not running.ready_file.exists()
        assert "Ready on " not in running.said
        url = running.said.partition("Listening on ")[2].split(",")[0]
        async with client.get(url) as response:
            assert response.status == 500
            assert "SyntaxError" in await response.text()
        (project / "plain.py").write_text(PLAIN.replace("VERSION", "v1"))
        await asyncio.to_thread(running.wait_ready)
        assert running.said.count(f"Ready on {url}\n") == 1
        assert await text_of(client, running.url) == "v1 w1 d1"
        assert running.stop() == 0
    finally:
        if running.process.poll() is None:
            running.process.kill()
        running.process.wait(timeout=5)


async def test_an_endless_loop_is_named_and_broken_off_by_the_next_save(plain, client, project):
    request = asyncio.create_task(text_of(client, f"{plain.url}/loop"))
    await asyncio.to_thread(plain.wait_said, r"plain\.py:1[12] in fetch")
    (project / "plain.py").write_text(PLAIN.replace("VERSION", "v2"))
    assert "its code was saved" in await asyncio.wait_for(request, 5)
    await until(client, plain.url, "v2 w1 d1")
