"""`dev --record` and `replay` as processes: through a reload, a kill, and each exit code."""

from __future__ import annotations

import json
import os
from pathlib import Path

import aiohttp
import pytest

from .processes import dev, run_pywrangler

pytestmark = pytest.mark.once

WORKER = """
from js import WebSocketPair
from pyodide.ffi import create_proxy
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.headers.get("Upgrade") != "websocket":
            return Response.json({"page": 1})
        client, server = WebSocketPair.new().object_values()
        server.accept()
        server.addEventListener("message", create_proxy(lambda e: server.send(e.data.upper())))
        return Response(None, status=101, web_socket=client)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "entry.py").write_text(WORKER)
    return tmp_path


def replay(folder: Path, *arguments: str) -> tuple[int, str, str]:
    done = run_pywrangler("replay", *arguments, cwd=folder)
    return done.returncode, done.stdout, done.stderr


async def say(url: str, *words: str) -> None:
    async with aiohttp.ClientSession() as http:
        async with http.get(url) as answer:
            assert await answer.json() == {"page": 1}
        async with http.ws_connect(url) as ws:
            for word in words:
                await ws.send_str(word)
                assert (await ws.receive()).data == word.upper()


async def test_a_session_goes_on_across_a_reload_and_is_played_again(folder, tmp_path_factory):
    beside = tmp_path_factory.mktemp("beside")
    with dev("entry.py", "--record", "s.jsonl", cwd=folder, folder=beside) as server:
        async with aiohttp.ClientSession() as http, http.ws_connect(server.url) as ws:
            await ws.send_str("one")
            await ws.receive()
            (folder / "entry.py").write_text(WORKER + "# saved\n")
            closed = await ws.receive()
            assert (closed.type, closed.data) == (aiohttp.WSMsgType.CLOSE, 1012)
        await say(server.url, "two")
        async with aiohttp.ClientSession() as http, http.ws_connect(server.url) as ws:
            server.process.terminate()
            assert (await ws.receive()).data == 1001
        assert server.process.wait(timeout=5) == 0
        assert "with cookies, Authorization headers" in server.said
    assert [line["from"] for line in _lines(folder) if "close" in line].count("tool") == 2

    code, out, err = replay(folder, "s.jsonl", "entry.py")
    assert (code, err) == (0, "")
    assert out.startswith("1 request, 3 WebSockets, 2 messages played; ")
    assert " as recorded (" in out

    (folder / "entry.py").write_text(WORKER.replace("e.data.upper()", "e.data.title()"))
    code, out, err = replay(folder, "s.jsonl", "entry.py")
    number = 1 + next(n for n, line in enumerate(_lines(folder), 1) if line.get("text") == "ONE")
    assert (code, err) == (1, "")
    assert f"s.jsonl:{number}: WebSocket / (1): a message differs\n    expected ONE\n" in out
    code, out, err = replay(folder, "s.jsonl", "entry.py", "--json")
    assert (code, err) == (1, "")
    assert json.loads(out)["differences"][0]["line"] == number
    assert replay(folder, "s.jsonl", "entry.py", "--update")[0] == 0
    assert replay(folder, "s.jsonl", "entry.py")[0] == 0


def _lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "s.jsonl").read_text().splitlines()[1:]]


async def test_a_killed_server_leaves_a_session_that_plays(folder, tmp_path_factory):
    beside = tmp_path_factory.mktemp("beside")
    with dev("entry.py", "--record", "s.jsonl", cwd=folder, folder=beside) as server:
        async with aiohttp.ClientSession() as http, http.ws_connect(server.url) as ws:
            await ws.send_str("one")
            await ws.receive()
            server.process.kill()
            server.process.wait(timeout=5)
    assert _lines(folder)[-1]["text"] == "ONE"
    assert replay(folder, "s.jsonl", "entry.py")[0] == 0
    os.truncate(folder / "s.jsonl", (folder / "s.jsonl").stat().st_size - 9)
    code, out, err = replay(folder, "s.jsonl", "entry.py")
    assert (code, err) == (0, "")
    assert out.startswith("s.jsonl: the last line is not whole, and is left out\n")


async def test_a_session_is_played_against_a_running_server(folder, tmp_path_factory):
    beside = tmp_path_factory.mktemp("beside")
    with dev("entry.py", "--record", "s.jsonl", cwd=folder, folder=beside) as server:
        await say(server.url, "one")
    other = tmp_path_factory.mktemp("other")
    with dev("entry.py", cwd=folder, folder=other) as server:
        assert replay(folder, "s.jsonl", "--against", server.url)[0] == 0
        socket_url = server.url.replace("http", "ws")
        assert replay(folder, "s.jsonl", "--against", socket_url)[0] == 0
        assert server.stop() == 0
    code, _, err = replay(folder, "s.jsonl", "--against", server.url)
    assert code == 4
    assert "nobody answers at" in err


def test_wrong_commands_are_usage_errors(folder):
    (folder / "not.jsonl").write_text("{}\n")
    (folder / "s.jsonl").write_text('{"wrangler-py session": 1}\n')
    for arguments, text in [
        (("none.jsonl", "entry.py"), "cannot read none.jsonl"),
        (("not.jsonl", "entry.py"), "this is no recorded session"),
        (("s.jsonl", "entry.py", "--against", "http://a"), "either a SCRIPT to start"),
        (("s.jsonl", "--against", "here"), "here is no server's address"),
        ((), "missing argument 'SESSION'"),
    ]:
        code, _, err = replay(folder, *arguments)
        assert (code, text in err) == (2, True), err


def test_a_worker_that_does_not_load_is_no_difference(folder):
    (folder / "s.jsonl").write_text('{"wrangler-py session": 1}\n')
    (folder / "entry.py").write_text("import nothing_like_it\n")
    code, out, err = replay(folder, "s.jsonl", "entry.py")
    assert (code, out) == (1, "")
    assert "nothing_like_it" in err


def test_a_recording_is_never_overwritten(folder):
    (folder / "s.jsonl").write_text("mine")
    done = run_pywrangler("dev", "entry.py", "--record", "s.jsonl", cwd=folder)
    assert done.returncode == 2
    assert "hint: delete it, or record to another file" in done.stderr
    assert (folder / "s.jsonl").read_text() == "mine"
