"""Each rule about source: what it finds, where, and what it leaves alone.

In a snippet of `mistakes.txt` the finding starts where `«` stands; those of `fine.txt` have none.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wrangler_py.check import RULES, Severity

OLD = "2025-06-01"
"""Pyodide 0.26."""


def snippets(name: str) -> list[tuple[str, str]]:
    """The snippets of a file, each below a line `=== rule`, or `===` where nothing is wrong."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return re.findall(r"^===(?: (.+))?\n((?:(?!===).*\n)+)", text, re.MULTILINE)


BAD = snippets("mistakes.txt")
GOOD = [source for _, source in snippets("fine.txt")]


@pytest.mark.parametrize(("code", "source"), BAD)
def test_a_mistake_is_found_where_it_stands(checked, code, source):
    before = source.partition("«")[0]
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    report = checked(source.replace("«", ""))
    found = [(one.code, one.line, one.column) for one in report.findings if one.code != "load"]
    assert found == [(code, line, column)]


@pytest.mark.parametrize("source", GOOD)
def test_what_works_is_left_alone(checked, source):
    assert [f"{one.code} {one.line}" for one in checked(source).findings] == []


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("import js\ndef f():\n    js.Response.new('x', {'status': 202})\n", "dict-as-object"),
        ("import js\ndef f():\n    js.Response.json({'a': 1})\n", "dict-as-object"),
        ("def f():\n    import fcntl\n", "blocked-module"),
        ("def f():\n    import annotationlib\n", "blocked-module"),
    ],
)
def test_some_mistakes_are_those_of_an_old_pyodide_only(checked, source, code):
    class_handler = ["python_workers", "python_no_global_handlers"]
    then = checked(source, compatibility_date=OLD, compatibility_flags=class_handler)
    assert [one.code for one in then.findings] == [code]
    assert checked(source).findings == []


def test_null_is_none_where_pyodide_says_so(checked):
    source = "def f(ws):\n    return ws.deserializeAttachment() is None\n"
    class_handler = ["python_workers", "python_no_global_handlers"]
    old = checked(source, compatibility_date=OLD, compatibility_flags=class_handler)
    assert old.findings == []


def test_a_module_of_the_project_may_have_the_name_of_one_that_is_missing(checked):
    assert checked("import curses\n", {"curses.py": ""}).findings == []


@pytest.mark.parametrize("said", ["", "[terminal-input]", "[threads, terminal-input]"])
def test_a_comment_silences_its_line(checked, said):
    report = checked(f"f = lambda: input()  # pywrangler: ignore{said}\n")
    assert report.findings == []


def test_a_comment_silences_what_it_names_only(checked):
    report = checked("f = lambda: input()  # pywrangler: ignore[threads]\n")
    assert [one.code for one in report.findings] == ["terminal-input"]


def test_a_rule_can_be_left_out(checked):
    assert checked("f = lambda: input()\n", ignored=("terminal-input",)).findings == []


def test_every_rule_about_source_has_a_bad_snippet():
    elsewhere = {
        "syntax", "load", "missing-handler", "no-fetch", "legacy-handler",
        "unexported-class", "class-without-migration", "native-package", "undeclared-package",
        "unknown-package", "config", "python-flag", "compatibility-date", "compatibility-flag",
        "unknown-binding", "vars-in-environ", "size", "assets", "asset-rule",
    }  # fmt: skip
    assert {code for code, _ in BAD} | elsewhere == RULES.keys()


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_a_rule_says_why_and_what_to_do(rule):
    assert rule.severity in Severity
    assert all((rule.finds, rule.why, rule.fix))
    assert rule.url.startswith(("https://developers.cloudflare.com/", "https://pyodide.org/"))


def test_the_page_lists_every_rule():
    page = Path(__file__).parents[2].joinpath("docs", "check.md").read_text(encoding="utf-8")
    rows = [f"| `{rule.code}` | {rule.severity} | {rule.finds} |" for rule in RULES.values()]
    assert re.findall(r"^\| `.+$", page, re.MULTILINE) == rows
