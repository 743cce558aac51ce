"""`build`: a command makes the script before it is looked for."""

from __future__ import annotations

import json
import sys

import pytest

from wrangler_py.config import Overrides, load_config
from wrangler_py.errors import ScriptError, UsageError

MAKE = """
import os, pathlib
pathlib.Path("runs").open("a").write(os.environ["WRANGLER_COMMAND"] + " ")
pathlib.Path("entry.py").write_text("made = True")
"""


@pytest.fixture
def load(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "make.py").write_text(MAKE)

    def load(rebuild=False, **build):
        document = {
            "main": "entry.py",
            "compatibility_date": "2026-01-01",
            "compatibility_flags": ["python_workers"],
            "build": {"command": f'"{sys.executable}" make.py', **build},
        }
        (tmp_path / "wrangler.json").write_text(json.dumps(document))
        return load_config(Overrides(), tmp_path, rebuild=rebuild)

    return load


def test_the_script_is_made_once_and_again_when_that_is_asked_for(load, tmp_path):
    load()
    load()
    assert (tmp_path / "runs").read_text() == "dev "
    load(rebuild=True)
    assert (tmp_path / "runs").read_text() == "dev dev "


def test_what_is_watched_belongs_to_the_configuration(load, tmp_path):
    (tmp_path / "more" / "__pycache__").mkdir(parents=True)
    (tmp_path / "more" / "a.tmpl").touch()
    (tmp_path / "more" / "__pycache__" / "a.pyc").touch()
    files = load(watch_dir=["more", "make.py"]).files
    assert {tmp_path / "more" / "a.tmpl", tmp_path / "make.py"} <= set(files)
    assert not any("__pycache__" in file.parts for file in files)


def test_a_command_runs_in_its_folder(load, tmp_path):
    (tmp_path / "sub").mkdir()
    with pytest.raises(ScriptError, match="failed with exit code"):
        load(cwd="sub")
    with pytest.raises(UsageError, match="there is no folder"):
        load(cwd="none")


def test_what_a_command_says_is_shown_when_it_fails(load, capfd):
    with pytest.raises(ScriptError, match="failed with exit code 3"):
        load(command="echo hello && exit 3")
    assert "[custom build] hello" in capfd.readouterr().out
