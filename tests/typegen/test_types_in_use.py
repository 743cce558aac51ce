"""Type checkers on what a user has: each template as a project, the stubs, and mistakes.

All projects go to a checker in one run: starting it is what takes the time.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

from wrangler_py.cli import run
from wrangler_py.cli.scaffold import list_templates

pytestmark = pytest.mark.once

TEMPLATES = sorted(list_templates())
MISTAKEN = "chat-room"
OLDER = {"hello": "2025-01-01", "websocket-template": "2025-10-01"}
"""Templates that get the stubs of another Pyodide."""


class Place(NamedTuple):
    """One line of one project that a checker does not like."""

    project: str
    file: str
    line: int


MISTAKES = {
    "a method of a socket that is none": 'socket.sned("x")',
    "a name on env that nothing is bound to": "self.env.ROMO",
    "a method of an object that it has not": 'self.env.ROOM.getByName("x").popel()',
    "a promise that nobody awaited": "(request.text()).upper()",
    "a result that nobody awaited": 'self.env.ROOM.getByName("x").people().append("x")',
    "a class that was called instead of made": "WebSocketPair()",
    "a listener of another event": 'socket.addEventListener("close", create_proxy(on_message))',
    "an argument of another type": "socket.close('4000')",
    "bytes where JavaScript wants a buffer": 'socket.send(b"x")',
    "null taken for text": 'headers.get("x").upper()',
    "a global that is none": "from js import WebSoket",
}
"""Each alone on its line, below `# mistakes`."""

SOUND = """
        client, server = WebSocketPair.new().object_values()
        server.accept()
        server.addEventListener("message", create_proxy(on_message))
        server.addEventListener("close", create_proxy(lambda event: print(event.code)))
        server.onmessage = create_proxy(on_message)
        array = to_js([1, 2])
        first: int = array[0]
        upper: str = (headers.get("x") or "").upper()
        text: str = await JsRequest.new("http://x", method="POST", body="x").text()
        data = JsResponse.json({"a": 1}, status=201)
        said: str = await (await js_fetch("http://x", headers=headers)).text()
        digest = await crypto.subtle.digest("SHA-256", TextEncoder.new().encode("x"))
        raw: bytes = digest.to_bytes()
        who: list[str] = await self.env.ROOM.getByName("x").people()
        made = Object.new()
        made.anything = 3
        once = create_once_callable(lambda: None)
        setTimeout(once, 10)
        url: str = URL.new("/x", "http://y").searchParams.get("a") or ""
        moment: str = Date.new(0).toISOString()
        array_of: JsArray[int] = Array.of(1, 2)
        try:
            JSON.parse("{")
        except JsException as error:
            print(error.name, error.message, first, upper, said, who, url, moment, text)
        self.ctx.waitUntil(server_side())
        if value is jsnull or made or raw or data or array_of:
            return Response.json({"a": 1}, status=201)
        return Response(None, status=101, web_socket=client)
"""

SOURCE = """\
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from js import JSON, URL, Array, Date, Headers, MessageEvent, Object
from js import Request as JsRequest
from js import Response as JsResponse
from js import TextEncoder, WebSocket, WebSocketPair, crypto, setTimeout
from js import fetch as js_fetch
from pyodide.ffi import JsArray, JsException, create_once_callable, create_proxy, jsnull, to_js
from workers import Request, Response, WorkerEntrypoint

if TYPE_CHECKING:
    from js import KVNamespace, Queue, R2Bucket, RateLimit


def on_message(event: MessageEvent) -> None:
    print(event.data)


async def server_side() -> None: ...


async def options(kv: KVNamespace, bucket: R2Bucket, queue: Queue, limiter: RateLimit) -> None:
    given = to_js({{"a": 1}}, dict_converter=Object.fromEntries)
    await kv.put("key", "value", given)
    await kv.put("key", "value", expirationTtl=60)
    print((await kv.list(given)).cursor, await kv.get("key", given))
    print((await bucket.put("key", b"", httpMetadata={{"contentType": "a/b"}})).etag)
    print(await bucket.put("key", b"", given), await bucket.get("key", given))
    await queue.send("message", given)
    print((await limiter.limit(given)).success, (await limiter.limit(key="x")).success)


class Other(WorkerEntrypoint):
    async def sound(self, headers: Headers, value: Any) -> Response:{sound}
    async def mistaken(self, request: Request, socket: WebSocket, headers: Headers) -> None:
        # mistakes
{mistakes}
"""


@pytest.fixture(scope="module")
def projects(tmp_path_factory) -> Path:
    """A folder with each template as a project; one of them has the mistakes in `wrong.py`."""
    folder: Path = tmp_path_factory.mktemp("projects")
    for name in TEMPLATES:
        assert run(["init", str(folder / name), "--template", name]) == 0
    for name, date in OLDER.items():
        file = folder / name / "wrangler.jsonc"
        file.write_text(
            re.sub(r'("compatibility_date": )"[^"]*"', rf'\1"{date}"', file.read_text())
        )
        assert run(["types", str(folder / name)]) == 0
    mistakes = "\n".join(f"        {line}" for line in MISTAKES.values())
    text = SOURCE.format(sound=SOUND.rstrip(), mistakes=mistakes)
    (folder / MISTAKEN / "src" / "wrong.py").write_text(text + "\n")
    return folder


def wrong_lines(projects: Path) -> dict[int, str]:
    """Each line that holds a mistake, with what it is."""
    text = (projects / MISTAKEN / "src" / "wrong.py").read_text()
    start = text[: text.index("# mistakes")].count("\n") + 2
    return dict(enumerate(MISTAKES, start))


def complaints(command: list[str], folder: Path) -> str:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout or done.stderr


def mypy(projects: Path) -> set[Place]:
    """mypy, with each project's own configuration."""
    found = set()
    for name in TEMPLATES:
        cache = ["--cache-dir", str(projects / f".mypy-{name}")]
        said = complaints([sys.executable, "-m", "mypy", *cache], projects / name)
        for line in re.finditer(r"^(\S+?):(\d+): error: (.*)$", said, re.MULTILINE):
            found.add(Place(name, Path(line[1]).name, int(line[2])))
        assert ("Success" in said) is not any(place.project == name for place in found), said
    return found


def pyright(projects: Path) -> set[Place]:
    """pyright, the projects as so many roots of one run."""
    roots = [
        {"root": f"{name}/src", "extraPaths": [f"{name}/src", f"{name}/typings"]}
        for name in TEMPLATES
    ]
    include = [f"{name}/{part}" for name in TEMPLATES for part in ("src", "typings")]
    (projects / "pyrightconfig.json").write_text(
        json.dumps(
            {
                "include": include,
                "executionEnvironments": roots,
                "stubPath": "none",
                "typeCheckingMode": "standard",
                "reportMissingModuleSource": False,
            }
        )
    )
    command = [sys.executable, "-m", "pyright", "--outputjson"]
    report = json.loads(complaints(command, projects))
    assert report["summary"]["filesAnalyzed"] > 20 * len(TEMPLATES)
    found = set()
    for each in report["generalDiagnostics"]:
        file = Path(each["file"]).resolve().relative_to(projects.resolve())
        found.add(Place(file.parts[0], file.name, each["range"]["start"]["line"] + 1))
    return found


def ty(projects: Path) -> set[Place]:
    program = shutil.which("ty", path=str(Path(sys.executable).parent)) or "ty"
    found = set()
    for name in TEMPLATES:
        # Named, so that the stubs are looked at, too.
        command = [program, "check", "--output-format", "concise", "src", "typings"]
        said = complaints(command, projects / name)
        for line in re.finditer(r"^(\S+?):(\d+):\d+: (?:error|warning)", said, re.MULTILINE):
            found.add(Place(name, Path(line[1]).name, int(line[2])))
        assert ("All checks passed" in said) is (name not in {each.project for each in found}), said
    return found


CHECKERS = {"mypy": mypy, "pyright": pyright, "ty": ty}


@pytest.fixture(scope="module", params=CHECKERS)
def found(request, projects) -> set[Place]:
    if find_spec(request.param) is None:
        pytest.skip(f"{request.param} is not installed: it is part of the `dev` extra")
    return CHECKERS[request.param](projects)


def test_the_templates_and_the_stubs_are_clean(found):
    assert {place for place in found if place.file != "wrong.py"} == set()


def test_each_mistake_is_found_and_nothing_else(found, projects):
    lines = wrong_lines(projects)
    reported = {place.line for place in found if place.file == "wrong.py"}
    assert {lines[line] for line in lines.keys() - reported} == set()
    assert reported - lines.keys() == set()
