"""What GitHub is told: the very text of its workflow commands, and its summary's Markdown."""

from __future__ import annotations

import pytest

from wrangler_py.annotations import annotate, annotate_failure, summarize
from wrangler_py.errors import ConfigError, UsageError


@pytest.fixture
def github(monkeypatch, tmp_path):
    """A job whose repository is a temporary folder."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("facts", "command"),
    [
        ({}, "::error::it broke"),
        ({"file": "src/entry.py"}, "::error file=src/entry.py::it broke"),
        (
            {"file": "src/entry.py", "line": 12, "title": "GET /: a, b"},
            "::error file=src/entry.py,line=12,title=GET /%3A a%2C b::it broke",
        ),
    ],
)
def test_an_annotation_is_a_workflow_command(github, capsys, facts, command):
    annotate("error", "it broke", **facts)
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", f"{command}\n")


def test_a_message_stays_one_line(github, capsys):
    annotate("warning", "100%\nsure: a,b\r\n")
    assert capsys.readouterr().err == "::warning::100%25%0Asure: a,b%0D%0A\n"


def test_a_file_is_named_from_the_root_of_the_repository(github, capsys, monkeypatch):
    (github / "worker").mkdir()
    monkeypatch.chdir(github / "worker")
    annotate("notice", "x", "src/entry.py")
    annotate("notice", "x", github / "worker" / "a.py", 1)
    annotate("notice", "x", "/elsewhere/a.py")
    assert capsys.readouterr().err.splitlines() == [
        "::notice file=worker/src/entry.py::x",
        "::notice file=worker/a.py,line=1::x",
        "::notice file=/elsewhere/a.py::x",
    ]


@pytest.mark.parametrize("value", [None, "", "false"])
def test_elsewhere_nothing_is_said(capsys, monkeypatch, value):
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    if value is not None:
        monkeypatch.setenv("GITHUB_ACTIONS", value)
    annotate("error", "it broke")
    assert capsys.readouterr().err == ""


def test_an_error_of_ours_is_shown_where_it_happened(github, capsys):
    annotate_failure(ConfigError("no `binding`", where="wrangler.toml:14 [vars]", hint="add it"))
    annotate_failure(ConfigError("a comma is missing", where="wrangler.jsonc:3:7"))
    annotate_failure(UsageError("a variable is NAME:VALUE", where="--var"), "pywrangler")
    assert capsys.readouterr().err.splitlines() == [
        "::error file=wrangler.toml,line=14::no `binding`%0Ahint: add it",
        "::error file=wrangler.jsonc,line=3::a comma is missing",
        "::error title=pywrangler::a variable is NAME:VALUE%0Aat --var",
    ]


def test_a_summary_is_a_table_below_what_is_there(github):
    summary = github / "summary.md"
    summary.write_text("# Before\n\n")
    summarize("Smoke", ["check", "outcome"], [["GET /a|b", "ok"], ["GET /", "<b>\nno"]])
    assert summary.read_text() == (
        "# Before\n\n### Smoke\n\n| check | outcome |\n| --- | --- |\n"
        "| GET /a\\|b | ok |\n| GET / | &lt;b><br>no |\n\n"
    )


def test_without_a_summary_none_is_written(monkeypatch, tmp_path):
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.chdir(tmp_path)
    summarize("Smoke", ["a"], [["b"]])
    assert list(tmp_path.iterdir()) == []


def test_a_summary_that_cannot_be_written_fails_nothing(github, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(github))
    summarize("Smoke", ["a"], [["b"]])
