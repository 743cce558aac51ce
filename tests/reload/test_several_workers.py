"""Several Workers in one process: the first has the port, bindings reach the others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.reload.street import Street
from wrangler_py.config import Chosen, DevOptions, Overrides
from wrangler_py.errors import ConfigError
from wrangler_py.reload.dev_server import DevServer

A = """
    from helper import WHO
    from workers import Response, WorkerEntrypoint

    async def outcome(call):
        try:
            got = await call
        except Exception as exc:
            return str(exc).splitlines()[-1], getattr(exc, "remote", None)
        return [got.status, await got.text()] if hasattr(got, "status") else got

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            env = self.env
            if request.headers.get("Upgrade"):
                return await env.B.fetch(request)
            expression = await request.text()
            if not expression:
                return Response(WHO)
            return Response.json(await outcome(eval(expression)))
    """
B = """
    from helper import WHO
    from js import WebSocketPair
    from pyodide.ffi import create_proxy
    from workers import DurableObject, Response, WorkerEntrypoint

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            if request.headers.get("Upgrade"):
                client, server = WebSocketPair.new().object_values()
                server.accept()
                say = create_proxy(lambda event: server.send(f"{WHO} {event.data}"))
                server.addEventListener("message", say)
                return Response(None, status=101, web_socket=client)
            return Response(f"{WHO} {request.method} {request.url} {await request.text()}")

        async def add(self, a, b):
            return a + b

        async def fail(self):
            raise ValueError("it went wrong")

    class Named(WorkerEntrypoint):
        async def fetch(self):
            return Response(f"named {self.ctx.props.who}")

        async def props(self):
            return self.ctx.props

    class Room(DurableObject):
        async def count(self):
            n = (await self.ctx.storage.get("n") or 0) + 1
            await self.ctx.storage.put("n", n)
            return [self.ctx.id.name, WHO, n]
    """
SERVICES = [
    {"binding": "B", "service": "b"},
    {"binding": "NAMED", "service": "b", "entrypoint": "Named", "props": {"who": "a", "n": [None]}},
    {"binding": "GONE", "service": "c", "entrypoint": "Any"},
]
OBJECTS = [
    {"name": "ROOM", "class_name": "Room", "script_name": "b"},
    {"name": "FAR", "class_name": "Room", "script_name": "c"},
]


@pytest.fixture
async def street(tmp_path: Path, own_imports: None) -> Any:
    async with aiohttp.ClientSession() as client:
        made = Street(tmp_path, client)
        made.put("a", A, services=SERVICES, durable_objects={"bindings": OBJECTS})
        made.put("b", B, migrations=[{"tag": "v1", "new_sqlite_classes": ["Room"]}])
        yield made
        await made.server.close()


NOT_FOUND = 'Worker "c" not found. Make sure it is running locally.'
CALLS = [
    ("env.B.fetch('http://x/y?z', method='POST', body='hi')", [200, "b POST http://x/y?z hi"]),
    ("env.B.add(1, 2)", 3),
    ("env.B.nope()", ["TypeError: Method nope does not exist", True]),
    ("env.B.fail()", ["ValueError: it went wrong", True]),
    ("env.NAMED.fetch('http://x/')", [200, "named a"]),
    ("env.NAMED.props()", {"who": "a", "n": [None]}),
    ("env.GONE.fetch('http://x/')", [503, NOT_FOUND]),
    ("env.GONE.anything()", [f"Error: {NOT_FOUND}", True]),
    ("env.ROOM.getByName('r').count()", ["r", "b", 1]),
    ("env.FAR.getByName('r').fetch('http://x/')", [503, NOT_FOUND]),
    ("env.FAR.getByName('r').count()", [f"Error: {NOT_FOUND}", True]),
]


async def test_bindings_reach_other_workers_and_say_who_is_not_there(street, capsys):
    await street.start("a", "b")
    assert [(call, await street.run(call)) for call, _ in CALLS] == CALLS
    said = capsys.readouterr().err
    assert said.count('the Worker "c" is not running here') == 1
    assert "`pywrangler dev -c wrangler.jsonc -c ../c/wrangler.jsonc`" in said


async def test_without_the_others_nobody_is_found(street):
    await street.start("a")
    absent = NOT_FOUND.replace('"c"', '"b"')
    assert await street.run("env.B.add(1, 2)") == [f"Error: {absent}", True]


async def test_each_has_its_own_modules_and_saving_one_reloads_only_those_who_import_it(
    street, capsys
):
    await street.start("a", "b")
    primary, other = (each.worker for each in street.server.workers)
    (street.folder / "b" / "helper.py").write_text("WHO = 'new b'\n")
    while "new b" not in str(await street.run("env.B.fetch('http://x/')")):
        pass
    assert [
        each.worker is old
        for each, old in zip(street.server.workers, (primary, other), strict=True)
    ] == [True, False]
    assert "⎔ b updated and ready in" in capsys.readouterr().out
    async with street.client.get(street.server.url) as answer:
        assert await answer.text() == "a"


async def test_a_websocket_passes_through_and_closes_when_the_worker_that_hears_it_reloads(street):
    await street.start("a", "b")
    async with street.client.ws_connect(street.server.url) as socket:
        await socket.send_str("one")
        assert await socket.receive_str() == "b one"
        (street.folder / "a" / "helper.py").write_text("WHO = 'other a'\n")
        assert street.server.reload({street.folder / "a" / "helper.py"})
        await socket.send_str("two")
        assert await socket.receive_str() == "b two"
        assert street.server.reload({street.folder / "b" / "entry.py"})
        closing = await socket.receive()
        assert (closing.type, closing.data) == (aiohttp.WSMsgType.CLOSE, 1012)


STREAMING = """
    import asyncio
    from js import TransformStream
    from pathlib import Path
    from pyodide.ffi import to_js
    from workers import Response, WorkerEntrypoint
    from helper import WHO

    async def pump(writer):
        await writer.write(to_js(b"first "))
        while not Path(GO).exists():
            await asyncio.sleep(0.005)
        await writer.write(to_js(b"last"))
        await writer.close()

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            through = TransformStream.new()
            asyncio.ensure_future(pump(through.writable.getWriter()))
            return Response(through.readable)
    """


@pytest.mark.timeout(20)
async def test_a_body_that_another_worker_is_streaming_is_sent_to_its_end_by_the_old_code(
    street, tmp_path
):
    go = tmp_path / "go"
    street.put("b", STREAMING.replace("GO", repr(str(go))))
    await street.start("a", "b")
    expression = "env.B.fetch('http://x/')"
    passing = A.replace("Response.json(await outcome(eval(expression)))", "await eval(expression)")
    street.put("a", passing, services=SERVICES)
    street.server.reload({tmp_path / "a" / "entry.py"})
    async with street.client.post(street.server.url, data=expression) as answer:
        assert await answer.content.readany() == b"first "
        assert street.server.reload({tmp_path / "b" / "helper.py"})
        go.touch()
        assert await answer.content.read() == b"last"


async def test_one_that_does_not_load_leaves_the_others_alone(street, capsys):
    street.put("b", "1 / 0")
    await street.start("a", "b")
    said = capsys.readouterr()
    assert "entry.py of b could not be loaded" in said.err
    assert "Listening on" in said.out
    assert await street.run("env.B.add(1, 2)") == ['Error: Worker "b" could not be loaded.', None]
    street.put("b", B)
    while await street.run("env.B.add(1, 2)") != 3:
        pass
    assert "Ready on" in capsys.readouterr().out


async def test_an_entry_point_or_a_class_that_is_not_exported_is_told(street, capsys):
    services = [{"binding": "NO", "service": "b", "entrypoint": "Nope"}]
    objects = [{"name": "NOT", "class_name": "Nix", "script_name": "b"}]
    street.put("a", A, services=services, durable_objects={"bindings": objects})
    await street.start("a", "b")
    said = capsys.readouterr().err
    assert 'refers to service "b" with a named entrypoint "Nope", but "b" has no such' in said
    assert "hint: it exports Named" in said
    assert 'a Durable Object namespace named "Nix" in service "b", but no such' in said
    missing = "There is no '%s' class defined in the Python Worker's main module"
    assert missing % "Nope" in str(await street.run("env.NO.anything()"))
    assert missing % "Nix" in str(await street.run("env.NOT.getByName('x').anything()"))


async def test_two_of_the_same_name_are_refused(street):
    await street.start("a")
    twin = Chosen(street.server.config, Overrides())
    with pytest.raises(ConfigError, match='two Workers are called "a"'):
        DevServer(DevOptions(replace(street.server.config), others=(twin,)))
