"""The table of what the Worker finds on `env`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from wrangler_py.config import Overrides, load_config
from wrangler_py.config.model import Config
from wrangler_py.terminal.banner import bindings_tables


def config_of(folder: Path, **keys: Any) -> Config:
    (folder / "entry.py").write_text("")
    whole = {"name": "me", "main": "entry.py", "compatibility_date": "2026-11-01", **keys}
    (folder / "wrangler.json").write_text(json.dumps(whole))
    return load_config(Overrides(), folder)


class Shown:
    """A Worker, whose code exports ``classes``; None: it has not loaded."""

    def __init__(self, config: Config, classes: list[str] | None, title: str | None = None) -> None:
        self.config, self.title = config, title
        self._classes = classes

    @property
    def worker(self) -> Any:
        return None if self._classes is None else self

    def durable_classes(self) -> list[str]:
        return self._classes or []


def bindings_table(config: Config, classes: list[str]) -> str:
    return "".join(bindings_tables([Shown(config, classes)]))


def rows(table: str) -> list[list[str]]:
    """The cells below the heads."""
    lines = table.splitlines()
    assert lines[0] == "Your Worker has access to the following bindings:"
    assert lines[1].split() == ["Binding", "Resource", "Mode"]
    return [[cell.strip() for cell in line.split("    ") if cell] for line in lines[2:] if line]


def test_objects_services_and_variables_have_rows_under_one_another(tmp_path):
    table = bindings_table(
        config_of(
            tmp_path,
            vars={"WORD": "hi", "LIST": [1, None]},
            services=[{"binding": "SELF", "service": "me", "entrypoint": "Admin"}],
            durable_objects={"bindings": [{"name": "ROOM", "class_name": "Room"}]},
        ),
        ["Room", "Other"],
    )
    assert table == (
        "Your Worker has access to the following bindings:\n"
        "Binding                 Resource                Mode\n"
        "env.ROOM (Room)         Durable Object          local\n"
        "env.SELF (me#Admin)     Worker                  local [connected]\n"
        'env.WORD ("hi")         Environment Variable    local\n'
        "env.LIST ([1, null])    Environment Variable    local\n"
        "\n"
    )


def test_a_script_alone_has_all_its_classes(tmp_path):
    table = bindings_table(Config("me", tmp_path / "me.py", "2026-11-01"), ["ChatRoom"])
    assert rows(table) == [["env.CHAT_ROOM (ChatRoom)", "Durable Object", "local"]]


def test_what_is_somewhere_else_or_not_emulated_says_so(tmp_path):
    config = config_of(
        tmp_path,
        services=[{"binding": "AUTH", "service": "auth"}],
        durable_objects={
            "bindings": [{"name": "ROOM", "class_name": "Room", "script_name": "rooms"}]
        },
        ai={"binding": "AI"},
    )
    assert rows(bindings_table(config, [])) == [
        ["env.ROOM (Room, defined in rooms)", "Durable Object", "local [not connected]"],
        ["env.AUTH (auth)", "Worker", "local [not connected]"],
        ["env.AI", "ai", "not emulated"],
    ]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("x" * 34, '"' + "x" * 34 + '"'),
        ("x" * 35, '"' + "x" * 31 + '..."'),
        ("é\n\x1b[2J", '"é\\\\n\\\\u001b[2J"'.replace("\\\\", "\\")),
        ({"a": "x" * 40}, '{"a": "' + "x" * 25 + "...}"),
    ],
)
def test_a_long_value_is_cut_and_none_can_steer_the_terminal(tmp_path, value, shown):
    table = bindings_table(config_of(tmp_path, vars={"V": value}), [])
    assert rows(table)[0][0] == f"env.V ({shown})"


def test_a_secret_is_not_shown(tmp_path):
    (tmp_path / ".dev.vars").write_text("KEY=hunter2\n")
    table = bindings_table(config_of(tmp_path, vars={"KEY": "placeholder"}), [])
    assert rows(table) == [['env.KEY ("(hidden)")', "Environment Variable", "local"]]


def test_without_a_binding_there_is_no_table(tmp_path):
    assert bindings_table(Config("me", tmp_path / "me.py", "2026-11-01"), []) == ""


def test_several_workers_have_a_table_each_and_say_who_is_there(tmp_path):
    a = config_of(
        tmp_path,
        name="a",
        services=[{"binding": "B", "service": "b"}, {"binding": "C", "service": "c"}],
        tail_consumers=[{"service": "b"}, {"service": "c"}],
    )
    b = config_of(tmp_path, name="b", vars={"X": "1"})
    c = config_of(tmp_path, name="c")
    shown = [Shown(a, [], "a"), Shown(b, [], "b"), Shown(c, None, "c")]
    assert "".join(bindings_tables(shown)) == (
        "a has access to the following bindings:\n"
        "Binding      Resource    Mode\n"
        "env.B (b)    Worker      local [connected]\n"
        "env.C (c)    Worker      local [not connected]\n"
        "\n"
        "a is sending Tail events to the following Workers:\n"
        "- b [connected]\n"
        "- c [not connected]\n"
        "\n"
        "b has access to the following bindings:\n"
        "Binding        Resource                Mode\n"
        'env.X ("1")    Environment Variable    local\n'
        "\n"
    )
