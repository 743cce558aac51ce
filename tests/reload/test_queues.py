"""Messages outlive the code that sent them."""

from __future__ import annotations

from pathlib import Path

from tests.reload.conftest import Project

SCRIPT = """
    from workers import Response, WorkerEntrypoint

    seen = []

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            if "send" in request.url:
                await self.env.Q.send("hello")
            return Response("VERSION " + " ".join(seen))

        async def queue(self, batch, env, ctx):
            seen.extend(message.body for message in batch.messages)
    """
CONFIG = """{"main": "entry.py", "compatibility_date": "2026-11-01",
"compatibility_flags": ["python_workers"], "queues": {"producers": [{"binding": "Q", "queue": "q"}],
"consumers": [{"queue": "q", "max_batch_timeout": %s}]}}"""


async def start(project: Project, folder: Path, seconds: float) -> None:
    project.save(SCRIPT.replace("VERSION", "one"))
    (folder / "wrangler.jsonc").write_text(CONFIG % seconds)
    await project.start_configured()


async def test_new_code_gets_what_was_sent_to_the_old(project, tmp_path):
    await start(project, tmp_path, 60)
    async with project.client.get(f"{project.server.url}/send") as answer:
        assert await answer.text() == "one "
    (tmp_path / "wrangler.jsonc").write_text(CONFIG % 0)
    project.save(SCRIPT.replace("VERSION", "two"))
    await project.until("two")
    async with project.client.get(f"{project.server.url}/send") as answer:
        assert answer.status == 200
    await project.until("two hello hello")
