"""What an editor starts is what the command line takes."""

from __future__ import annotations

import json
from importlib.util import find_spec

import pytest

from wrangler_py.cli.debugger_options import DEFAULT_ADDRESS
from wrangler_py.cli.dev import dev
from wrangler_py.cli.scaffold import list_templates, templates_folder


@pytest.fixture(params=sorted(list_templates()))
def configurations(request) -> dict[str, dict]:
    file = templates_folder() / request.param / ".vscode" / "launch.json"
    launch = json.loads(file.read_text(encoding="utf-8"))
    assert launch["version"] == "0.2.0"
    assert all(each["type"] == "debugpy" for each in launch["configurations"])
    return {each["request"]: each for each in launch["configurations"]}


def test_there_is_one_to_launch_and_one_to_attach(configurations):
    assert sorted(configurations) == ["attach", "launch"]


def test_what_is_launched_is_a_command_line_of_ours(configurations):
    launch = configurations["launch"]
    assert find_spec(f"{launch['module']}.__main__") is not None
    command, *arguments = launch["args"]
    assert command == dev.name
    dev.make_context(command, arguments)  # raises if it does not parse


def test_where_it_attaches_is_where_debugpy_listens(configurations):
    connect = configurations["attach"]["connect"]
    assert f"{connect['host']}:{connect['port']}" == DEFAULT_ADDRESS
    assert dev.make_context("dev", ["--debugpy"]).params["debugpy"] == DEFAULT_ADDRESS
    assert "--debugpy" in configurations["attach"]["name"]
