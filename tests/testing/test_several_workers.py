"""A test of Workers that stand beside one another."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

import pytest

from wrangler_py.testing import run_worker

A = """
    from helper import WHO
    from workers import Response, WorkerEntrypoint

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            name = request.url.rsplit("/", 1)[1]
            if name == "fail":
                return await self.env.B.fail()
            room = self.env.ROOM.getByName(name)
            return Response.json([WHO, await self.env.B.who(), await room.wake()])
    """
B = """
    from helper import WHO
    from js import Date, console
    from workers import DurableObject, WorkerEntrypoint

    class Default(WorkerEntrypoint):
        async def who(self):
            console.log("asked")
            return WHO

        async def fail(self):
            raise ValueError("b failed")

    class Room(DurableObject):
        async def wake(self):
            await self.ctx.storage.setAlarm(Date.now() + 60_000)
            return self.ctx.id.name

        async def alarm(self, info):
            console.log("alarm")
    """


@pytest.fixture
def street(tmp_path: Path) -> Path:
    keys: dict[str, dict[str, Any]] = {
        "a": {
            "services": [{"binding": "B", "service": "b"}],
            "durable_objects": {
                "bindings": [{"name": "ROOM", "class_name": "Room", "script_name": "b"}]
            },
        },
        "b": {"migrations": [{"tag": "v1", "new_sqlite_classes": ["Room"]}]},
    }
    for name, source in (("a", A), ("b", B)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "entry.py").write_text(textwrap.dedent(source))
        (folder / "helper.py").write_text(f"WHO = {name!r}")
        whole = {"name": name, "main": "entry.py", "compatibility_date": "2026-11-01", **keys[name]}
        whole["compatibility_flags"] = ["python_workers"]
        (folder / "wrangler.json").write_text(json.dumps(whole))
    return tmp_path


def running(street: Path) -> Any:
    return run_worker(config="a/wrangler.json", beside=["b/wrangler.json"], folder=street)


async def test_bindings_reach_the_others_and_time_passes_for_all(street):
    async with running(street) as worker:
        response = await worker.fetch("/lobby")
        assert await response.json() == ["a", "b", "lobby"]
        await worker.advance(60)
        assert [entry.message for entry in worker.logs] == ["asked", "alarm"]


async def test_an_exception_in_one_of_them_is_told_with_its_own_lines(street):
    async with running(street) as worker, worker.raises(Exception, "b failed"):
        assert (await worker.fetch("/fail")).status == 500
    assert "b/entry.py" in worker.logs[-1].message


async def test_nothing_of_them_is_left_for_the_next_test(street):
    for _ in range(2):
        async with running(street) as worker:
            assert await (await worker.fetch("/x")).json() == ["a", "b", "x"]
