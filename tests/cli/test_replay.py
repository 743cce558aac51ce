"""`pywrangler replay` and `dev --record`: what the options ask for."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from wrangler_py.cli import run
from wrangler_py.session import Difference, Report

FOUND = Difference(7, 2, "WebSocket /ws", "a message differs", ("expected a", "got      b"))


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "worker.py").write_text("")
    (tmp_path / "s.jsonl").write_text('{"wrangler-py session": 1}\n')
    return tmp_path


@pytest.fixture
def played(monkeypatch) -> list[tuple[Any, dict[str, Any]]]:
    """What was asked for; nothing is served, and each answer is a difference but for `Same`."""
    asked: list[tuple[Any, dict[str, Any]]] = []

    def replay_here(options, session, **wishes):
        asked.append((options, wishes))
        differences = [] if options.config.name == "same" else [FOUND]
        return Report(session.path, differences, updated=int(wishes["update"]))

    module = ModuleType("wrangler_py.reload.replaying")
    module.replay_here = replay_here  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "wrangler_py.reload.replaying", module)
    return asked


def test_what_is_not_said_is_the_usual(project, played):
    run(["replay", "s.jsonl", "worker.py"])
    ((options, wishes),) = played
    assert options.config.main == project / "worker.py"
    assert (options.ip, options.port, options.port_is_explicit) == ("127.0.0.1", 0, True)
    assert wishes == {"timeout": 5, "real_speed": False, "update": False}


def test_options_are_handed_on(project, played):
    run(["replay", "s.jsonl", "worker.py", "--timeout", "2", "--speed", "real", "--update"])
    assert played[0][1] == {"timeout": 2, "real_speed": True, "update": True}


def test_differences_are_told_and_are_the_code(project, played, capsys):
    assert run(["replay", "s.jsonl", "worker.py"]) == 1
    first, *details, _summary = capsys.readouterr().out.splitlines()
    assert first == "s.jsonl:7: WebSocket /ws (2): a message differs"
    assert details == ["    expected a", "    got      b"]
    assert run(["replay", "s.jsonl", "worker.py", "--name", "same"]) == 0
    assert run(["replay", "s.jsonl", "worker.py", "--update"]) == 0


def test_json_is_one_object(project, played, capsys):
    assert run(["replay", "s.jsonl", "worker.py", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["same"], told["path"], told["differences"][0]["line"]) == (False, "s.jsonl", 7)


def test_a_recording_is_where_the_command_was_given(project, monkeypatch):
    asked = []
    module = ModuleType("wrangler_py.reload.dev_server")
    module.run = lambda options: asked.append(options) or 0  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "wrangler_py.reload.dev_server", module)
    assert run(["dev", "worker.py", "--record", "new.jsonl"]) == 0
    assert asked[0].record == project / "new.jsonl"
