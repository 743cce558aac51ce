"""Tests that run inside of a Worker, as those of Cloudflare's SDK do: pytest in a handler."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

WORKER = """
from pathlib import Path
import pytest
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response(request.url[-1])

    async def test(self):
        inside = Path(__file__).parent / "inside"
        assert pytest.main([str(inside), "-p", "no:cacheprovider"]) == 0
"""
INSIDE = """
import asyncio
import pytest
from workers import env

async def ask(letter):
    return await (await env.SELF.fetch(f"http://me/{letter}")).text()

@pytest.mark.asyncio
async def test_bindings_answer():
    assert await asyncio.gather(ask("a"), ask("b")) == ["a", "b"]

@pytest.mark.asyncio
async def test_what_is_wrong_fails():
    assert await ask("a") == "RIGHT"
"""
CONFIG = """{
  "name": "me", "main": "entry.py", "compatibility_date": "2026-11-01",
  "compatibility_flags": ["python_workers"],
  "services": [{"binding": "SELF", "service": "me"}]
}"""
OUTSIDE = """
import asyncio
from wrangler_py.testing import run_worker

async def main():
    async with run_worker() as worker:
        await worker.test()

asyncio.run(main())
"""


@pytest.mark.parametrize(("right", "said", "code"), [("a", "2 passed", 0), ("c", "1 failed", 1)])
def test_a_worker_runs_pytest_with_its_bindings(tmp_path: Path, right: str, said: str, code: int):
    (tmp_path / "entry.py").write_text(WORKER)
    (tmp_path / "wrangler.jsonc").write_text(CONFIG)
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'me'\n")
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "test_it.py").write_text(INSIDE.replace("RIGHT", right))
    done = subprocess.run(
        [sys.executable, "-c", OUTSIDE],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert said in done.stdout, done.stdout + done.stderr
    assert done.returncode == code
