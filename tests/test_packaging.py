from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import tomllib
import urllib.request
import zipfile
from pathlib import Path

import pytest

from wrangler_py.cli.scaffold import list_templates, templates_folder

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def run(*command: str, cwd: Path, **environ: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """What `pip install` would get, built from this checkout."""
    pytest.importorskip("hatchling", reason="the build backend is part of the `dev` extra")
    folder = tmp_path_factory.mktemp("wheel")
    run("-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """A folder that holds what the wheel holds."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_both_scripts_are_the_module():
    assert PROJECT["project"]["scripts"] == {
        "pywrangler": "wrangler_py.__main__:main",
        "wrangler-py": "wrangler_py.__main__:main",
    }


def test_the_wheel_holds_the_package_and_nothing_beside_it(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert "wrangler_py/py.typed" in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"wrangler_py"}
    leftovers = ("__pycache__", ".wrangler/", ".venv", "_cache/")
    assert [name for name in names if any(word in name for word in leftovers)] == []


def test_the_wheel_holds_every_module(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "wrangler_py").rglob("*.py")}
    assert modules - names == set()


def test_the_wheel_holds_every_file_of_every_template(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    tracked = subprocess.run(
        ["git", "ls-files", "templates"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    missing = {name.replace("templates", "wrangler_py/_templates", 1) for name in tracked} - names
    assert missing == set()


def test_the_installed_command_finds_the_same_templates(installed):
    listed = run("-m", "wrangler_py", "init", "--list", cwd=installed, PYTHONPATH=str(installed))
    assert [line.split()[0] for line in listed.splitlines()] == list(list_templates())


def test_the_installed_command_writes_a_project(installed, tmp_path):
    for template in list_templates():
        run(
            "-m", "wrangler_py", "init", f"a-{template}", "--template", template,
            cwd=tmp_path, PYTHONPATH=str(installed),
        )  # fmt: skip
        project = tmp_path / f"a-{template}"
        assert f'"name": "a-{template}"' in (project / "wrangler.jsonc").read_text()
        assert (project / ".gitignore").is_file()


def test_the_installed_command_serves_a_project_it_wrote(installed, tmp_path):
    paths = {"PYTHONPATH": str(installed)}
    run("-m", "wrangler_py", "init", "mine", cwd=tmp_path, **paths)
    ready, said = tmp_path / "ready.json", tmp_path / "said"
    with said.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "wrangler_py", "dev", "--port", "0", "--ready-file", str(ready)],
            cwd=tmp_path / "mine", env={**os.environ, **paths}, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + 20
        while not ready.exists():
            assert process.poll() is None, said.read_text()
            assert time.monotonic() < deadline, said.read_text()
            time.sleep(0.01)  # a file can only be looked for
        with urllib.request.urlopen(json.loads(ready.read_text())["url"], timeout=10) as page:
            assert b"Clicks over a WebSocket" in page.read()
        process.terminate()
        assert process.wait(timeout=10) == 0
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(timeout=10)


def test_a_checkout_uses_its_own_templates():
    assert templates_folder() == ROOT / "templates"
    assert "websocket-template" in list_templates()


def test_no_module_of_ours_takes_a_name_that_the_runtime_owns():
    # A top-level `_cloudflare` would switch on the SDK's start-up patches; the others are the
    # worker's, and exist only inside our own process.
    top = {path.name for path in ROOT.iterdir()}
    assert not top & {"_cloudflare", "js", "pyodide", "workers", "pywrangler"}
