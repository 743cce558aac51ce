"""`pywrangler dev`, killed at random moments: no finished step runs again, and none is lost."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest

from .processes import dev

pytestmark = pytest.mark.once

ROUNDS = 4
INSTANCES = 4
STEPS = 12
WORKER = f"""
import asyncio
from pathlib import Path
from workers import Response, WorkerEntrypoint, WorkflowEntrypoint

def note(*words):
    with Path("notes.txt").open("a") as file:
        file.write(" ".join(map(str, words)) + "\\n")

class Flow(WorkflowEntrypoint):
    async def run(self, event, step):
        total = 0
        for n in range({STEPS}):
            @step.do(f"step {{n}}")
            async def work():
                note("begin", event.instanceId, n)
                await asyncio.sleep(0.005)
                return n
            total += await work()
            note("end", event.instanceId, n)
            await step.sleep(f"nap {{n}}", 10)
        return total

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        found = []
        for n in range({INSTANCES}):
            if request.url.endswith("/create"):
                await self.env.WF.create(id=f"i{{n}}")
            status = await (await self.env.WF.get(f"i{{n}}")).status()
            found.append([status["status"], status["output"]])
        return Response.json(found)
"""
CONFIG = """{
  "name": "kill", "main": "worker.py", "compatibility_date": "2026-11-01",
  "compatibility_flags": ["python_workers"],
  "workflows": [{"binding": "WF", "name": "flow", "class_name": "Flow"}]
}"""


@pytest.mark.timeout(60)
async def test_each_step_is_finished_once_however_often_the_process_is_killed(tmp_path: Path):
    (tmp_path / "worker.py").write_text(WORKER)
    (tmp_path / "wrangler.jsonc").write_text(CONFIG)
    chance = random.Random(7)
    for number in range(ROUNDS + 1):
        folder = tmp_path / str(number)
        folder.mkdir()
        with dev("--no-reload", cwd=tmp_path, folder=folder) as running:
            async with aiohttp.ClientSession(running.url) as client:
                if number == 0:
                    async with client.get("/create") as response:
                        assert response.status == 200, await response.text()
                if number < ROUNDS:
                    loop = asyncio.get_running_loop()
                    loop.call_later(chance.uniform(0.02, 0.08), running.process.kill)
                    await gone(client)
                else:
                    await complete(client)
    check(tmp_path / "notes.txt")


async def gone(client: aiohttp.ClientSession) -> None:
    with suppress(aiohttp.ClientError):
        while True:
            async with client.get("/") as response:
                await response.read()


async def complete(client: aiohttp.ClientSession) -> None:
    """Ask until all have ended; the test's timeout is the limit."""
    wanted = [["complete", sum(range(STEPS))]] * INSTANCES
    while True:
        async with client.get("/") as response:
            if await response.json() == wanted:
                return


def check(notes: Path) -> None:
    ended: set[str] = set()
    begun = 0
    for line in notes.read_text().splitlines():
        what, _, step = line.partition(" ")
        if what == "begin":
            assert step not in ended, f"{step} ran again"
            begun += 1
        else:
            ended.add(step)
    assert len(ended) == INSTANCES * STEPS
    assert begun >= INSTANCES * STEPS
