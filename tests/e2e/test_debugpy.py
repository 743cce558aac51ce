"""An editor debugs the Worker: a real conversation in the Debug Adapter Protocol.

Source: https://microsoft.github.io/debug-adapter-protocol/specification
"""

from __future__ import annotations

import asyncio
import json
import re
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from .processes import Dev, wait_for

pytest.importorskip("debugpy", reason="debugpy is an extra")

WORKER = """\
from workers import Response, WorkerEntrypoint

from greeting import greet


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        answer = 6 * 7
        text = greet(answer)
        return Response(text)
"""
ANSWER_LINE, TEXT_LINE = 8, 9
GREETING = """\
def greet(answer):
    said = f"it is {answer}"
    return said
"""
SECONDS = 20


class Editor:
    """The editor's side of one debugging session."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._sequence = 0
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._events: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._listening = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        while head := await self._reader.readline():
            size = int(head.split(b":")[1])
            await self._reader.readline()
            message = json.loads(await self._reader.readexactly(size))
            if message["type"] == "response":
                self._answers.pop(message["request_seq"]).set_result(message)
            elif message["type"] == "event":
                self._events.put_nowait(message)

    def send(self, command: str, **arguments: Any) -> asyncio.Future[Any]:
        self._sequence += 1
        message = {"seq": self._sequence, "type": "request", "command": command}
        body = json.dumps({**message, "arguments": arguments}).encode()
        self._writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        answer = asyncio.get_running_loop().create_future()
        self._answers[self._sequence] = answer
        return answer

    async def ask(self, command: str, **arguments: Any) -> Any:
        async with asyncio.timeout(SECONDS):
            answer = await self.send(command, **arguments)
        assert answer["success"], answer
        return answer.get("body")

    async def event(self, name: str) -> dict[str, Any]:
        async with asyncio.timeout(SECONDS):
            while True:
                event = await self._events.get()
                if event["event"] == name:
                    return event.get("body", {})

    async def attach(self, breakpoints: dict[Path, list[int]], **options: Any) -> None:
        await self.ask("initialize", adapterID="test", pathFormat="path")
        attached = self.send("attach", justMyCode=True, **options)
        await self.event("initialized")
        for file, lines in breakpoints.items():
            await self.break_at(file, *lines)
        await self.ask("configurationDone")
        async with asyncio.timeout(SECONDS):
            assert (await attached)["success"]

    async def break_at(self, file: Path, *lines: int) -> None:
        at = [{"line": line} for line in lines]
        body = await self.ask("setBreakpoints", source={"path": str(file)}, breakpoints=at)
        assert [b["verified"] for b in body["breakpoints"]] == [True] * len(lines)

    async def stopped(self) -> tuple[int, str, int]:
        """The thread that stopped, the file's name and the line."""
        thread = (await self.event("stopped"))["threadId"]
        frame = await self.frame(thread)
        return thread, Path(frame["source"]["path"]).name, frame["line"]

    async def frame(self, thread: int) -> dict[str, Any]:
        trace = await self.ask("stackTrace", threadId=thread, levels=1)
        return trace["stackFrames"][0]

    async def value(self, thread: int, expression: str) -> str:
        frame = (await self.frame(thread))["id"]
        body = await self.ask("evaluate", expression=expression, frameId=frame, context="watch")
        return body["result"]

    async def go_on(self, thread: int, how: str = "continue") -> None:
        await self.ask(how, threadId=thread)

    async def close(self) -> None:
        self._listening.cancel()
        self._writer.close()
        await asyncio.gather(self._listening, return_exceptions=True)


@asynccontextmanager
async def editor(port: int) -> AsyncIterator[Editor]:
    made = Editor(*await asyncio.open_connection("127.0.0.1", port))
    try:
        yield made
    finally:
        await made.close()


class Project:
    arguments = ("--debugpy=0",)
    launcher: tuple[str, ...] = ()

    def __init__(self, folder: Path) -> None:
        self.entry, self.greeting = folder / "src" / "entry.py", folder / "src" / "greeting.py"
        self.entry.parent.mkdir()
        self.entry.write_text(WORKER)
        self.greeting.write_text(GREETING)
        self.running = Dev(
            *self.arguments, "src/entry.py", cwd=folder, folder=folder, launcher=self.launcher
        )

    @property
    def debugger_port(self) -> int:
        found = re.search(r"Debugger listening on 127\.0\.0\.1:(\d+)", self.running.said)
        assert found, self.running.said
        return int(found[1])

    def ask(self) -> asyncio.Task[str]:
        def request() -> str:
            try:
                with urllib.request.urlopen(self.running.url, timeout=SECONDS) as response:
                    return response.read().decode()
            except (urllib.error.URLError, OSError) as error:
                return str(error)

        return asyncio.create_task(asyncio.to_thread(request))

    async def said(self, text: str) -> None:
        await asyncio.to_thread(self.running.wait_said, text)

    def close(self) -> None:
        process = self.running.process
        if process.poll() is None:
            process.kill()
        process.wait(timeout=5)


class Launched(Project):
    """As the configuration "launch" of an editor does it."""

    arguments = ()
    launcher = ("-m", "debugpy", "--listen", "127.0.0.1:0")


@pytest.fixture
def project(tmp_path):
    made = Project(tmp_path)
    try:
        made.running.wait_ready()
        yield made
    finally:
        made.close()


async def test_breakpoints_bind_and_are_still_bound_after_a_reload(project):
    async with editor(project.debugger_port) as ide:
        await ide.attach({project.entry: [TEXT_LINE], project.greeting: [3]})
        answer = project.ask()
        thread, *place = await ide.stopped()
        assert place == ["entry.py", TEXT_LINE]
        assert await ide.value(thread, "answer") == "42"
        await ide.go_on(thread)
        thread, *place = await ide.stopped()
        assert place == ["greeting.py", 3]
        await ide.go_on(thread)
        assert await answer == "it is 42"

        project.entry.write_text(WORKER.replace("6 * 7", "6 * 8"))
        await project.said("updated and ready")
        answer = project.ask()
        thread, *place = await ide.stopped()
        assert place == ["entry.py", TEXT_LINE]
        assert await ide.value(thread, "answer") == "48"
        await ide.go_on(thread)
        thread, *place = await ide.stopped()
        assert place == ["greeting.py", 3]
        assert await ide.value(thread, "said") == "'it is 48'"
        await ide.go_on(thread)
        assert await answer == "it is 48"
        assert project.running.stop() == 0


async def test_nobody_complains_while_it_is_stopped_and_a_save_meanwhile_breaks_nothing(project):
    # What runs on after a pause takes its time, yet less than a worker may take.
    slow = WORKER.replace("text = ", "__import__('time').sleep(0.4); text = ")
    project.entry.write_text(slow)
    await project.said("updated and ready")
    async with editor(project.debugger_port) as ide:
        await ide.attach({project.entry: [ANSWER_LINE]})
        answer = project.ask()
        thread, *_ = await ide.stopped()
        project.entry.write_text(slow.replace("6 * 7", "7 * 7"))
        await asyncio.sleep(1.6)  # longer than a worker may block the loop
        for line in (TEXT_LINE, TEXT_LINE + 1):
            await ide.go_on(thread, "next")
            assert (await ide.stopped())[1:] == ("entry.py", line)
        assert await ide.value(thread, "text") == "'it is 42'"
        await ide.go_on(thread)
        assert await answer == "it is 42"
        await project.said(r"updated and ready(.|\n)*updated and ready")
        answer = project.ask()
        thread, *_ = await ide.stopped()
        await ide.go_on(thread)
        assert await answer == "it is 49"
    assert "giving way" not in project.running.said
    assert "rror" not in project.running.said


async def test_an_editor_may_leave_and_come_back(project):
    for _ in range(2):
        async with editor(project.debugger_port) as ide:
            await ide.attach({project.entry: [TEXT_LINE]})
            answer = project.ask()
            await ide.stopped()
            await ide.ask("disconnect", terminateDebuggee=False)
        assert await answer == "it is 42"
    assert project.running.stop() == 0


async def test_breakpoint_stops_in_the_editor(project):
    project.entry.write_text(
        WORKER.replace("        text =", "        breakpoint()\n        text =")
    )
    await project.said("updated and ready")
    async with editor(project.debugger_port) as ide:
        await ide.attach({})
        answer = project.ask()
        thread, name, line = await ide.stopped()
        assert (name, line) in [("entry.py", TEXT_LINE), ("entry.py", TEXT_LINE + 1)]
        assert await ide.value(thread, "answer") == "42"
        await ide.go_on(thread)
        assert await answer == "it is 42"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.skipif(sys.platform == "win32", reason="signals are for POSIX")
async def test_a_signal_ends_the_server_that_is_stopped_at_a_breakpoint(project, number):
    async with editor(project.debugger_port) as ide:
        await ide.attach({project.entry: [TEXT_LINE]})
        project.ask()
        await ide.stopped()
        project.running.process.send_signal(number)
        assert await asyncio.to_thread(project.running.process.wait, 5) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals are for POSIX")
async def test_an_editor_may_start_the_server_itself(tmp_path):
    project = Launched(tmp_path)
    try:
        await asyncio.to_thread(project.running.wait_ready)
        project.entry.write_text(WORKER.replace("answer = 6 * 7", "while True: answer = 0"))
        await project.said("updated and ready")
        project.ask()
        await project.said(r"without giving way(.|\n)*while True")  # nobody sits at a prompt
        project.entry.write_text(WORKER)
        await project.said("updated and ready(.|\n)*updated and ready")
        assert await project.ask() == "it is 42"
        project.running.process.send_signal(signal.SIGINT)
        assert await asyncio.to_thread(project.running.process.wait, 5) == 0
    finally:
        project.close()


class Waiting(Project):
    arguments = ("--debugpy=0", "--wait-for-client")


async def test_nothing_is_loaded_before_the_editor_is_there(tmp_path):
    project = Waiting(tmp_path)
    try:
        await project.said("Waiting for an editor to attach")
        assert "Ready on" not in project.running.said
        async with editor(project.debugger_port) as ide:
            await ide.attach({project.entry: [3], project.greeting: [1]})
            thread, *place = await ide.stopped()
            assert place == ["entry.py", 3]
            await ide.go_on(thread)
            thread, *place = await ide.stopped()
            assert place == ["greeting.py", 1]
            await ide.go_on(thread)
            await asyncio.to_thread(
                wait_for, project.running.ready_file.exists, project.running, SECONDS
            )
    finally:
        project.close()
