"""A saved configuration, and saved secrets, reach the running worker."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from tests.reload.conftest import Project
from wrangler_py.log import log

SHOW = """
    from workers import Response, WorkerEntrypoint
    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            return Response(f"{self.env.A} {getattr(self.env, 'SECRET', 'none')}")
    """
CONFIG = """{"main": "entry.py", "compatibility_date": "2026-11-01",
"compatibility_flags": ["python_workers"], "vars": {"A": "%s"}}"""


async def start(project: Project, folder: Path) -> None:
    project.save(SHOW)
    (folder / "wrangler.jsonc").write_text(CONFIG % "one")
    await project.start_configured()
    await project.until("one none")


async def test_new_variables_and_secrets_that_appear_change_and_go(project, tmp_path):
    await start(project, tmp_path)
    (tmp_path / "wrangler.jsonc").write_text(CONFIG % "two")
    await project.until("two none")
    (tmp_path / ".dev.vars").write_text("SECRET=hidden")
    await project.until("two hidden")
    (tmp_path / ".dev.vars").write_text("SECRET=other")
    await project.until("two other")
    (tmp_path / ".dev.vars").unlink()
    await project.until("two none")


async def test_a_configuration_with_a_mistake_leaves_the_last_good_one(
    project, tmp_path, monkeypatch
):
    await start(project, tmp_path)
    told = asyncio.Event()
    monkeypatch.setattr(log, "info", lambda text, **_: "keeps serving" in text and told.set())
    (tmp_path / "wrangler.jsonc").write_text("{")
    await asyncio.wait_for(told.wait(), 10)
    (tmp_path / ".dev.vars").write_text("SECRET=hidden")
    assert await project.get() == "one none"
    (tmp_path / "wrangler.jsonc").write_text(CONFIG % "three")
    await project.until("three hidden")


ALONE = """{"assets": {"directory": "public"}, "compatibility_date": "2026-11-01"}"""
BEHIND = """{"main": "entry.py", "assets": {"directory": "public"}, "vars": {"A": "code"},
"compatibility_date": "2026-11-01", "compatibility_flags": ["python_workers"]}"""


async def test_a_script_comes_to_assets_that_were_alone_and_goes(project, tmp_path):
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "index.html").write_text("a page")
    (tmp_path / "wrangler.jsonc").write_text(ALONE)
    await project.start_configured()
    assert await project.get() == "a page"
    project.save(SHOW)
    (tmp_path / "wrangler.jsonc").write_text(BEHIND)
    (tmp_path / "public" / "index.html").unlink()
    await project.until("code none")
    (tmp_path / "wrangler.jsonc").write_text(ALONE)
    (tmp_path / "public" / "index.html").write_text("another page")
    await project.until("another page")


BUILD = """{"main": "made.py", "compatibility_date": "2026-11-01",
"compatibility_flags": ["python_workers"],
"build": {"command": "COMMAND", "watch_dir": "parts"}}"""
MAKE = """
import pathlib
text = pathlib.Path("parts", "word").read_text()
pathlib.Path("made.py").write_text(pathlib.Path("entry.py").read_text().replace("WORD", text))
"""


async def test_a_custom_build_runs_again_when_its_sources_change(project, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    project.save(SHOW.replace("{self.env.A} {getattr(self.env, 'SECRET', 'none')}", "WORD"))
    (tmp_path / "make.py").write_text(MAKE)
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "word").write_text("one")
    command = json.dumps(f'"{sys.executable}" make.py')[1:-1]
    (tmp_path / "wrangler.jsonc").write_text(BUILD.replace("COMMAND", command))
    await project.start_configured()
    await project.until("one")
    (tmp_path / "parts" / "word").write_text("two")
    await project.until("two")
