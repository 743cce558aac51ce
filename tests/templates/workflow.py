"""Run a template's workflow here: the steps of its file, in a new project, with this Python.

`python -m tests.templates.workflow` does it for every template; `.ci/run` calls it.

What a step installs must be installed in this environment already: it is looked for, not fetched.
Steps with `uses:` prepare a machine, which this one is.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import yaml

from wrangler_py.cli.scaffold import create_project, list_templates, templates_folder

STEP_SECONDS = 60
_INSTALL = re.compile(r"(python -m )?pip install ")
_GITHUB = ("GITHUB_", "RUNNER_")


class StepFailed(Exception):
    """A step of a workflow, and what it printed."""


def steps(folder: Path) -> list[str]:
    """The commands of every workflow of a project, in their order."""
    found: list[str] = []
    for path in sorted((folder / ".github" / "workflows").glob("*.yml")):
        for job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values():
            found += [step["run"] for step in job["steps"] if "run" in step]
    return found


def run_workflow(template: str, folder: Path) -> None:
    """Make a project in ``folder`` and run its workflow. Raises: StepFailed."""
    create_project(folder, template)
    for command in steps(folder):
        if _INSTALL.match(command):
            _check_installed(command)
        else:
            _run(command, folder)


def _check_installed(command: str) -> None:
    for name in shlex.split(_INSTALL.sub("", command, count=1)):
        try:
            version(name)
        except PackageNotFoundError:
            raise StepFailed(f"{command}\n{name} is not installed here") from None


def _run(command: str, folder: Path) -> None:
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", command],  # as the runner starts it
        cwd=folder,
        env=_environ(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=STEP_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise StepFailed(f"{command}\n{done.stdout}\nexit code {done.returncode}")


def _environ() -> dict[str, str]:
    """This machine's, with this Python's commands first, and nothing of a job around it."""
    kept = {name: each for name, each in os.environ.items() if not name.startswith(_GITHUB)}
    commands = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", "")])
    return {**kept, "PATH": commands, "CI": "true", "PYTHONDONTWRITEBYTECODE": "1"}


def main() -> int:
    """Every template, as many at once as there are processors; 1 if one failed."""

    def attempt(template: str) -> bool:
        started = time.perf_counter()
        try:
            with tempfile.TemporaryDirectory() as folder:
                run_workflow(template, Path(folder) / "my-worker")
        except StepFailed as failure:
            print(f"FAIL  {template}: {failure}", flush=True)
            return False
        print(f"ok    {template} ({time.perf_counter() - started:.1f} s)", flush=True)
        return True

    without = [name for name in list_templates() if not steps(templates_folder() / name)]
    for name in without:
        print(f"FAIL  {name} has no workflow")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return int(not all(list(pool.map(attempt, list_templates()))) or bool(without))


if __name__ == "__main__":
    sys.exit(main())
