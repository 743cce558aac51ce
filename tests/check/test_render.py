from __future__ import annotations

import json
from pathlib import Path

from wrangler_py.check import Finding, Report
from wrangler_py.check.render import as_json, as_text

FOUND = Finding("threads", "`Thread(...)`", Path("/p/a.py"), 3, 6, 6, "\tx = Thread(f)", None)


def test_a_finding_shows_its_line_why_and_the_fix():
    lines = as_text(Report([FOUND], files=2)).splitlines()
    assert lines[:3] == [
        "/p/a.py:3:6: error[threads] `Thread(...)`",
        "     3 | x = Thread(f)",
        "       |     ^^^^^^",
    ]
    assert [line.split(":")[0].strip() for line in lines[3:6]] == ["why", "see", "fix"]
    assert lines[-1] == "1 error, 0 warnings in 2 files."


def test_a_rule_explains_itself_once():
    again = Finding("threads", "again", Path("/p/b.py"), source="x")
    assert as_text(Report([FOUND, again])).count("why:") == 1


def test_a_finding_without_a_line_shows_none():
    lines = as_text(Report([Finding("size", "large", Path("/p/a.py"))])).splitlines()
    assert lines[0] == "/p/a.py:1:1: warning[size] large"
    assert " | " not in "".join(lines)


def test_colours_are_only_there_when_asked_for():
    report = Report([FOUND])
    assert "\033" in as_text(report, color=True)
    assert "\033" not in as_text(report)


def test_nothing_found_is_said():
    assert as_text(Report(files=1)) == "All clear: 1 file checked."


def test_json_holds_everything_a_program_needs():
    facts = json.loads(as_json(Report([FOUND], files=1)))
    (one,) = facts.pop("findings")
    assert facts == {"errors": 1, "warnings": 0, "files": 1}
    assert (one["rule"], one["severity"], one["line"], one["column"]) == ("threads", "error", 3, 6)
    assert one.keys() >= {"path", "message", "why", "fix", "url"}


def test_a_path_below_the_current_folder_is_relative(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = as_text(Report([Finding("size", "large", tmp_path / "src" / "a.py")]))
    assert text.startswith(f"{Path('src', 'a.py')}:1:1: ")
