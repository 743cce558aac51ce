"""Workflows of Workers that stand beside one another."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

from wrangler_py.testing import run_worker

A = """
    from workers import Response, WorkerEntrypoint

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            instance = await self.env.WF.create({"params": {"by": "a"}})
            return Response(instance.id)
    """
B = """
    from workers import WorkerEntrypoint, WorkflowEntrypoint

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            pass

    class Flow(WorkflowEntrypoint):
        async def run(self, event, step):
            await step.sleep("a while", "1 hour")
            return [self.env.NAME, event["payload"]["by"]]
    """


def put(folder: Path, name: str, source: str, **workflow: str) -> None:
    (folder / name).mkdir()
    (folder / name / "entry.py").write_text(textwrap.dedent(source))
    whole = {
        "name": name,
        "main": "entry.py",
        "compatibility_date": "2026-11-01",
        "compatibility_flags": ["python_workers"],
        "vars": {"NAME": name},
        "workflows": [{"binding": "WF", "name": "flow", "class_name": "Flow", **workflow}],
    }
    (folder / name / "wrangler.json").write_text(json.dumps(whole))


async def test_an_instance_runs_where_its_class_is(tmp_path):
    put(tmp_path, "a", A, script_name="b")
    put(tmp_path, "b", B)
    async with run_worker(
        config="a/wrangler.json", beside=["b/wrangler.json"], folder=tmp_path
    ) as worker:
        instance = await worker.env.WF.get(await (await worker.fetch("/")).text())
        await worker.advance(3601)
        assert (await instance.status())["output"] == ["b", "a"]
