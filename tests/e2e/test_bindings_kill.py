"""`pywrangler dev`, killed at random moments: what KV and R2 acknowledged is there."""

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
SIZE = 300_000
"""Of an object."""
WORKER = f"""
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        kv, bucket = self.env.KV, self.env.BUCKET
        if request.method == "POST":
            number = await request.text()
            await kv.put("n", number)
            await bucket.put("n", number.rjust({SIZE}))
            return Response(number)
        kept = await bucket.get("n")
        text = await kept.text() if kept else " " * {SIZE - 1} + "0"
        assert len(text) == {SIZE}
        return Response.json([int(await kv.get("n") or 0), int(text)])
"""
CONFIG = """{
  "name": "kill", "main": "worker.py", "compatibility_date": "2026-11-01",
  "compatibility_flags": ["python_workers"], "kv_namespaces": [{"binding": "KV", "id": "kv"}],
  "r2_buckets": [{"binding": "BUCKET", "bucket_name": "files"}]
}"""


async def write(client: aiohttp.ClientSession, last: int) -> int:
    """Write numbers after ``last`` until the server is gone; the last one acknowledged."""
    with suppress(aiohttp.ClientError):
        while True:
            async with client.post("/", data=str(last + 1)) as response:
                assert await response.text() == str(last + 1)
                last += 1
    return last


@pytest.mark.timeout(60)
async def test_every_acknowledged_write_survives_a_kill(tmp_path: Path):
    (tmp_path / "worker.py").write_text(WORKER)
    (tmp_path / "wrangler.jsonc").write_text(CONFIG)
    chance, acknowledged = random.Random(7), 0
    for number in range(ROUNDS + 1):
        folder = tmp_path / str(number)
        folder.mkdir()
        with dev("--no-reload", cwd=tmp_path, folder=folder) as running:
            async with aiohttp.ClientSession(running.url) as client:
                async with client.get("/") as response:
                    found = await response.json()
                assert all(each in (acknowledged, acknowledged + 1) for each in found)
                if number == ROUNDS:
                    break
                loop = asyncio.get_running_loop()
                loop.call_later(chance.uniform(0.05, 0.2), running.process.kill)
                acknowledged = await write(client, max(found))
    assert acknowledged > 0
