from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.skipif(
    not shutil.which("make") or sys.platform == "win32", reason="there is no make here"
)


def environ() -> dict[str, str]:
    """Without what the `make` that runs these tests hands down."""
    handed_down = ("MAKE", "ARGS", "WORKERS")
    return {name: text for name, text in os.environ.items() if not name.startswith(handed_down)}


def make(goal: str, tmp_path: Path, python: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "-f", str(ROOT / "Makefile"), goal, f"PYTHON={python}", "VENV=venv"],
        cwd=tmp_path, env=environ(), capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def project(tmp_path) -> None:
    (tmp_path / "pyproject.toml").write_text("")


def interpreter(tmp_path: Path, code: str) -> str:
    """A Python that runs ``code`` before whatever it is asked to run."""
    path = tmp_path / "python"
    path.write_text(f"#!{sys.executable}\nimport sys\n{code}\nexec(sys.argv[2])\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("goal", ["dev", "test"])
def test_an_old_python_is_named(tmp_path, goal):
    old = "import platform; platform.python_version = lambda: '3.10.1'; sys.version_info = (3, 10)"
    python = interpreter(tmp_path, old)
    done = make(goal, tmp_path, python)
    assert done.returncode == 2
    assert f"wrangler-py needs Python 3.11 or newer: '{python}' is 3.10.1." in done.stderr
    assert f"make {goal} PYTHON=python3.12" in done.stderr


def test_no_python_at_all_is_named(tmp_path):
    done = make("test", tmp_path, "no-such-python")
    assert done.returncode == 2
    assert "there is no 'no-such-python' here" in done.stderr


def test_a_python_without_venv_is_named(tmp_path):
    done = make("dev", tmp_path, interpreter(tmp_path, "sys.modules['ensurepip'] = None"))
    assert done.returncode == 2
    assert "its venv module is missing" in done.stderr
    assert "apt install python3-venv" in done.stderr
    assert not (tmp_path / "venv").exists()


def test_what_is_installed_is_not_installed_again(tmp_path):
    (tmp_path / "venv").mkdir()
    for name in ("pyvenv.cfg", ".installed", ".installed-dev"):
        (tmp_path / "venv" / name).write_text("")
    done = subprocess.run(
        ["make", "-n", "-f", str(ROOT / "Makefile"), "test", "VENV=venv"],
        cwd=tmp_path, env=environ(), capture_output=True, text=True, timeout=30, check=True,
    )  # fmt: skip
    command = ["venv/bin/python", "-m", "pytest", "--numprocesses", "auto"]
    assert done.stdout.split() == command
