"""Local secrets, against what Node's `dotenv` and `dotenv-expand` answered (`recorded/`)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wrangler_py.config.secrets import expand, parse, read_secrets

RECORDED = json.loads((Path(__file__).parent / "recorded" / "dotenv.json").read_text())


@pytest.mark.parametrize(("text", "pairs"), RECORDED["parse"])
def test_a_file_reads_as_in_node(text, pairs):
    assert parse(text) == pairs


@pytest.mark.parametrize(("parsed", "environ", "pairs"), RECORDED["expand"])
def test_references_are_replaced_as_in_node(parsed, environ, pairs):
    assert expand(parsed, environ) == pairs


def test_references_that_feed_on_each_other_come_to_an_end():
    assert len(expand({"A": "${B}$B", "B": "x"}, {"B": "$C$C", "C": "$B$B"})["A"]) < 10_000


FILES = [  # the files there are, the environment, the process, what is found, from where
    ([".dev.vars", ".env"], None, {}, ".dev.vars", [".dev.vars"]),
    ([".dev.vars", ".dev.vars.stg"], "stg", {}, ".dev.vars.stg", [".dev.vars.stg"]),
    ([".dev.vars"], "stg", {}, ".dev.vars", [".dev.vars"]),
    ([".dev.vars.stg", ".env"], None, {}, ".env", [".env"]),
    ([".env", ".env.local"], None, {}, ".env.local", [".env", ".env.local"]),
    ([".env", ".env.stg"], "stg", {}, ".env.stg", [".env", ".env.stg"]),
    ([".env", ".env.stg"], None, {}, ".env", [".env"]),
    (
        [".env", ".env.local", ".env.stg", ".env.stg.local"],
        "stg",
        {},
        ".env.stg.local",
        [".env", ".env.local", ".env.stg", ".env.stg.local"],
    ),
    ([".env"], None, {"CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV": "false"}, None, []),
    ([".env"], None, {"FROM": "process"}, ".env", [".env"]),
    (
        [".env"],
        None,
        {"FROM": "process", "CLOUDFLARE_INCLUDE_PROCESS_ENV": "true"},
        "process",
        [".env"],
    ),
]


@pytest.mark.parametrize(("files", "environment", "environ", "found", "used"), FILES)
def test_which_files_are_read(tmp_path, files, environment, environ, found, used):
    for name in files:
        (tmp_path / name).write_text(f"FROM={name}\n")
    secrets = read_secrets(tmp_path, environment, environ=environ)
    assert secrets.values.get("FROM") == found
    assert [path.name for path in secrets.used] == used


def test_named_files_replace_the_usual_ones_and_the_later_wins(tmp_path):
    for name, text in ((".dev.vars", "A=0"), ("a.env", "A=1\nB=1"), ("b.env", "A=2\nC=$B")):
        (tmp_path / name).write_text(text)
    secrets = read_secrets(tmp_path, None, [Path("a.env"), Path("b.env")], {})
    assert secrets.values == {"A": "2", "B": "1", "C": "1"}


def test_dev_vars_are_not_expanded(tmp_path):
    (tmp_path / ".dev.vars").write_text("A=1\nB=$A")
    assert read_secrets(tmp_path, None, environ={}).values == {"A": "1", "B": "$A"}


def test_a_file_that_may_yet_appear_is_a_candidate(tmp_path):
    names = [path.name for path in read_secrets(tmp_path, None, environ={}).candidates]
    assert names == [".dev.vars", ".env", ".env.local"]
