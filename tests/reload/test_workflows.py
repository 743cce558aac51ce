"""Instances go on with new code, and after a restart."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.reload.conftest import Project

SCRIPT = """
    import asyncio
    from workers import Response, WorkerEntrypoint, WorkflowEntrypoint

    class Flow(WorkflowEntrypoint):
        async def run(self, event, step):
            @step.do("first")
            async def first():
                return "VERSION"

            @step.do("second")
            async def second(ctx):
                if event["payload"] == "slow" and "VERSION" == "one":
                    await asyncio.sleep(3600)
                return ["VERSION", ctx["attempt"]]

            found = [await first(), await second()]
            received = await step.wait_for_event("wait", "go")
            return [*found, received["payload"], "VERSION"]

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            _, verb, name = request.url.rsplit("/", 2)
            if verb == "create":
                await self.env.WF.create({"id": name, "params": name})
            instance = await self.env.WF.get(name if verb != "" else "fast")
            if verb == "send":
                await instance.send_event({"type": "go", "payload": "sent"})
            if verb in ("pause", "resume"):
                await getattr(instance, verb)()
            status = await instance.status()
            return Response.json(["VERSION", status["status"], status["output"],
                                  len(status["__LOCAL_DEV_STEP_OUTPUTS"])])
    """
CONFIG = """{"main": "entry.py", "compatibility_date": "2026-11-01",
"compatibility_flags": ["python_workers"],
"workflows": [{"binding": "WF", "name": "flow", "class_name": "Flow"}]}"""


class Flows:
    """A project with a workflow, its server, and what its Worker says of an instance."""

    def __init__(self, project: Project, folder: Path) -> None:
        self.project, self.folder = project, folder
        (folder / "wrangler.jsonc").write_text(CONFIG)

    def save(self, version: str) -> None:
        self.project.save(SCRIPT.replace("VERSION", version))

    async def start(self) -> None:
        await self.project.start_configured()

    async def ask(self, path: str) -> Any:
        async with self.project.client.get(f"{self.project.server.url}/{path}") as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json(content_type=None)

    async def until(self, path: str, **wanted: Any) -> Any:
        """Ask until each named part is as wanted; the test's timeout is the limit."""
        while True:
            version, status, output, steps = await self.ask(path)
            found = {"version": version, "status": status, "output": output, "steps": steps}
            if wanted.items() <= found.items():
                return found["output"]


@pytest.fixture
def flows(project: Project, tmp_path: Path) -> Flows:
    return Flows(project, tmp_path)


async def test_new_code_goes_on_where_the_old_was(flows):
    flows.save("one")
    await flows.start()
    await flows.ask("create/fast")
    await flows.ask("create/slow")
    await flows.until("get/fast", steps=2)
    await flows.until("get/slow", steps=1)
    flows.save("two")
    await flows.until("get/slow", version="two", steps=2)
    await flows.ask("send/fast")
    await flows.ask("send/slow")
    output = await flows.until("get/fast", status="complete")
    assert output == ["one", ["one", 1], "sent", "two"]
    output = await flows.until("get/slow", status="complete")
    assert output == ["one", ["two", 2], "sent", "two"], "what was cut off was an attempt"


async def test_an_instance_whose_class_is_away_for_a_while_waits_for_it(flows):
    flows.save("one")
    await flows.start()
    await flows.ask("create/fast")
    await flows.until("get/fast", steps=2)
    flows.project.save(SCRIPT.replace("VERSION", "two").replace("Flow(", "Flaw("))
    await flows.until("get/fast", version="two", status="running")
    await flows.ask("send/fast")
    flows.save("three")
    output = await flows.until("get/fast", status="complete")
    assert output == ["one", ["one", 1], "sent", "three"]


async def test_a_restart_goes_on_by_itself(flows):
    flows.save("one")
    await flows.start()
    await flows.ask("create/slow")
    await flows.until("get/slow", steps=1)
    await flows.project.server.close()
    flows.save("two")
    await flows.start()
    await flows.until("get/slow", steps=2)
    await flows.ask("send/slow")
    output = await flows.until("get/slow", status="complete")
    assert output == ["one", ["two", 2], "sent", "two"]


async def test_a_paused_instance_is_paused_after_a_restart_until_it_is_resumed(flows):
    flows.save("one")
    await flows.start()
    await flows.ask("create/fast")
    await flows.until("get/fast", steps=2)
    await flows.ask("pause/fast")
    await flows.project.server.close()
    flows.save("two")
    await flows.start()
    await flows.ask("send/fast")
    assert (await flows.ask("get/fast"))[:2] == ["two", "paused"]
    await flows.ask("resume/fast")
    output = await flows.until("get/fast", status="complete")
    assert output == ["one", ["one", 1], "sent", "two"]


RECORDED = Path(__file__).parents[1] / "bindings" / "recorded" / "workflow_file.sql"


async def test_an_instance_that_wrangler_began_is_brought_to_its_end(flows):
    folder = flows.folder / ".wrangler/state/v3/workflows/miniflare-workflows-flow"
    folder.mkdir(parents=True)
    name, _, dump = RECORDED.read_text().partition("\n")
    database = sqlite3.connect(folder / name.removeprefix("-- "))
    database.executescript(dump)
    database.close()
    flows.save("two")
    await flows.start()
    await flows.until("get/fast", status="running")
    await flows.ask("send/fast")
    output = await flows.until("get/fast", status="complete")
    assert output == ["wrangler", ["wrangler", 1], "sent", "two"]
