"""`pywrangler check` as a process: what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
GOOD = """
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response("ok")
"""
BAD = GOOD.replace('Response("ok")', "Response(input())")
DOUBTFUL = "import time\nSTART = time.time()\n" + GOOD


def check(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GITHUB_")}
    return subprocess.run(
        [sys.executable, "-m", "wrangler_py", "check", *arguments],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **environ},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize(
    ("source", "arguments", "code", "last"),
    [
        (GOOD, [], 0, "All clear: 1 file checked."),
        (GOOD, ["--strict"], 0, "All clear: 1 file checked."),
        (DOUBTFUL, [], 0, "0 errors, 1 warning in 1 file."),
        (DOUBTFUL, ["--strict"], 1, "0 errors, 1 warning in 1 file."),
        (DOUBTFUL, ["--strict", "--ignore", "clock-at-import"], 0, "All clear: 1 file checked."),
        (BAD, [], 1, "1 error, 0 warnings in 1 file."),
    ],
)
def test_the_exit_code_says_whether_it_would_fail(tmp_path, source, arguments, code, last):
    (tmp_path / "worker.py").write_text(source)
    done = check(tmp_path, "worker.py", *arguments)
    assert (done.returncode, done.stdout.splitlines()[-1], done.stderr) == (code, last, "")


def test_a_broken_configuration_ends_with_2(tmp_path):
    (tmp_path / "wrangler.json").write_text('{"main": 1}')
    done = check(tmp_path)
    assert done.returncode == 2
    assert done.stdout.startswith("wrangler.json:1:")


def test_a_script_that_is_not_there_ends_with_2(tmp_path):
    done = check(tmp_path, "worker.py")
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no script worker.py" in done.stderr


@pytest.mark.parametrize("arguments", [["--json"], ["--output-format", "json"]])
def test_json_is_all_that_is_printed(tmp_path, arguments):
    (tmp_path / "worker.py").write_text("print('hello')\n" + BAD)
    done = check(tmp_path, "worker.py", *arguments)
    assert [one["rule"] for one in json.loads(done.stdout)["findings"]] == ["terminal-input"]
    assert done.returncode == 1


def test_github_shows_findings_at_their_lines(tmp_path):
    (tmp_path / "worker.py").write_text(BAD)
    summary = tmp_path / "summary.md"
    done = check(
        tmp_path, "worker.py",
        GITHUB_ACTIONS="true", GITHUB_WORKSPACE=str(tmp_path), GITHUB_STEP_SUMMARY=str(summary),
    )  # fmt: skip
    assert "::error file=worker.py,line=6,title=terminal-input::`input()`%0A" in done.stderr
    assert "| error | terminal-input | worker.py:6 |" in summary.read_text()


def test_check_startup_is_still_wranglers(tmp_path):
    done = check(tmp_path, "startup", "--args", "x")
    assert done.returncode == 2
    assert "npx wrangler check startup --args x" in done.stderr


@pytest.mark.parametrize(
    "template", sorted(p.parent.name for p in (ROOT / "templates").glob("*/wrangler.*"))
)
def test_every_template_is_clean(tmp_path, template):
    project = tmp_path / template
    shutil.copytree(ROOT / "templates" / template, project)
    done = check(project, "--strict")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.startswith("All clear")


@pytest.mark.parametrize("worker", sorted((ROOT / "bench" / "workers").glob("*.py")), ids=str)
def test_the_measured_workers_are_clean(worker):
    done = check(ROOT, str(worker), "--strict")
    assert (done.returncode, done.stdout) == (0, "All clear: 1 file checked.\n")
