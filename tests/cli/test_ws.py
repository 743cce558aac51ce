"""`pywrangler ws` as a process, against a server that plays the Worker or is one."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from websockets.asyncio.server import serve

from wrangler_py.cli import run

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 20


async def room(socket):
    """Greets nobody, echoes, and does what some words ask for."""
    async for message in socket:
        match message:
            case "leave":
                await socket.close(4002, "see you")
            case "done":
                await socket.close(1000)
            case "quiet":
                continue
            case "twice":
                await socket.send("one")
                await socket.send("two")
            case _:
                await socket.send(message)


@asynccontextmanager
async def server():
    async with serve(room, "127.0.0.1", 0) as running:
        yield f"ws://127.0.0.1:{running.sockets[0].getsockname()[1]}/"


class Client:
    """A `pywrangler ws` whose standard input is a pipe."""

    def __init__(self, process) -> None:
        self.process = process

    def type(self, text: str) -> None:
        self.process.stdin.write(text.encode())

    async def line(self) -> str:
        return (await self.process.stdout.readline()).decode().rstrip("\n")

    async def end(self) -> tuple[int, list[str], str]:
        async with asyncio.timeout(SECONDS):
            out, err = await self.process.communicate(b"")
        return self.process.returncode, out.decode().splitlines(), err.decode()


async def client(*arguments: str, cwd: Path | None = None) -> Client:
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return Client(
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "wrangler_py", "ws", *arguments,
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": path, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1"},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    )  # fmt: skip


async def said(*arguments: str, piped: str = "", cwd: Path | None = None):
    running = await client(*arguments, cwd=cwd)
    running.type(piped)
    return await running.end()


async def test_one_shot_waits_for_one_answer_each():
    async with server() as url:
        code, out, err = await said(url, "-x", "hello", "-x", '{"n":1}')
    assert (code, err) == (0, "")
    assert [line[9:] for line in out] == ["> hello", "< hello", '> {"n": 1}', '< {"n": 1}']


async def test_http_is_as_good_as_ws_and_raw_is_the_answer_alone():
    async with server() as url:
        address = url.replace("ws://", "HTTP://")
        assert await said(address, "-x", "hello", "--raw") == (0, ["hello"], "")


async def test_json_tells_everything():
    async with server() as url:
        code, out, _ = await said(url, "-x", "hello", "-x", "/ping x", "--json")
    events = [json.loads(line) for line in out]
    names = [event["event"] for event in events]
    assert (code, names) == (0, ["open", "sent", "received", "sent", "received", "close"])
    assert events[2]["data"] == "hello"
    assert events[4]["type"] == "pong"
    assert (events[5]["code"], events[5]["by"]) == (1000, "client")


async def test_a_count_is_waited_for_and_no_more():
    async with server() as url:
        assert await said(url, "-x", "twice", "--count", "2", "--raw") == (0, ["one", "two"], "")


async def test_with_a_wait_no_answer_is_needed():
    async with server() as url:
        result = await said(url, "-x", "quiet", "-x", "twice", "--wait", "0.2", "--raw")
    assert result == (0, ["one", "two"], "")


async def test_an_answer_that_does_not_come_fails():
    async with server() as url:
        code, out, err = await said(url, "-x", "quiet", "--timeout", "0.2", "--raw")
    assert (code, out) == (1, [])
    assert err.startswith("✘ [ERROR] no answer within 0.2 s\n")


async def test_too_few_messages_fail_even_after_a_kind_goodbye():
    async with server() as url:
        code, out, _ = await said(url, "-x", "a", "-x", "done", "--count", "2", "--raw")
    assert (code, out) == (1, ["a"])


CLOSES = [("done", 0), ("leave", 1), ("/close 4001 bye", 0), ("/quit", 0)]


@pytest.mark.parametrize(("line", "expected"), CLOSES)
async def test_the_exit_code_says_how_it_ended(line, expected):
    async with server() as url:
        code, _, _ = await said(url, "-x", line)
    assert code == expected


async def test_each_line_of_a_pipe_is_sent_and_the_answers_awaited():
    async with server() as url:
        result = await said(url, "--wait", "0.3", "--raw", piped="a\r\n\n//b\n/binary 01\nlast")
    assert result == (0, ["a", "/b", "01", "last"], "")


async def test_a_pipe_is_sent_as_it_comes():
    async with server() as url:
        running = await client(url, "--raw", "--wait", "0")
        for word in ("one", "two"):
            running.type(f"{word}\n")
            async with asyncio.timeout(SECONDS):
                assert await running.line() == word
        assert await running.end() == (0, [], "")


async def test_a_pipe_that_says_nothing_more_does_not_keep_it():
    async with server() as url:
        running = await client(url, "--count", "1", "--raw")
        running.type("a\n")
        async with asyncio.timeout(SECONDS):
            assert await running.process.wait() == 0
        assert await running.end() == (0, ["a"], "")


async def test_a_close_lets_what_is_on_its_way_arrive():
    async with server() as url:
        code, out, _ = await said(url, piped="/close 4001 bye\n")
    assert code == 0
    assert [line[9:] for line in out] == ['> closed by us: 4001 "bye" (the application\'s own)']


async def test_a_reader_that_has_seen_enough_ends_it():
    async with server() as url:
        running = await client(url, "--raw", "--wait", "20")
        running.type("one\n")
        async with asyncio.timeout(SECONDS):
            assert await running.line() == "one"
            running.process._transport.get_pipe_transport(1).close()
            running.type("two\nthree\n")
            assert await running.process.wait() == 0
        _, _, err = await running.end()
    assert err == ""


async def test_nobody_there_is_a_1_and_a_hint(unused_tcp_port):
    code, out, err = await said(f"ws://127.0.0.1:{unused_tcp_port}/", "-x", "a")
    assert (code, out) == (1, [])
    assert err.endswith("nobody listens there\n    hint: is `pywrangler dev` running?\n")


USAGE = [
    (["ftp://x"], "ftp:// is not for WebSockets"),
    (["ws://"], "there is no host in ws://"),
    (["localhost:8787/ws"], "did you mean ws://localhost:8787/ws?"),
    (["/", "-H", "nothing"], 'a header is NAME: VALUE, not "nothing"'),
    (["/", "-H", "a: b\nc: d"], "a header is one line"),
    (["/", "-x", "/foo"], "there is no command /foo"),
    (["/", "--raw", "--json", "-x", "a"], "two ways to show the same"),
    (["/", "--count", "0"], "invalid value for '--count'"),
]


@pytest.mark.parametrize(("arguments", "complaint"), USAGE)
def test_a_wrong_command_line_is_a_2(capsys, arguments, complaint):
    assert run(["ws", *arguments]) == 2
    captured = capsys.readouterr()
    assert complaint in captured.err + captured.out
