"""`pywrangler d1`: it prints what wrangler prints, and what is wrong is said."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from wrangler_py.bindings.d1.store import Databases, Query
from wrangler_py.cli.main import run
from wrangler_py.stores.stores import Stores

from .d1_steps import RECORDED, normalised, play
from .table_d1 import SAME_FAILURE_OTHER_WORDS, SCENARIOS

pytestmark = pytest.mark.once

ANSWERS = json.loads(RECORDED.read_text(encoding="utf-8"))
_ERROR = re.compile(r"✘ \[ERROR\] (.*?)(?:\n    (?:at |hint: ).*)?\Z", re.DOTALL)


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", SCENARIOS)
def test_it_prints_what_wrangler_prints(name, tmp_path, capfd):
    def ours(folder: Path, line: list[str]) -> dict[str, Any]:
        code = run(["d1", *line])
        out, err = capfd.readouterr()
        said = _ERROR.search(err.strip())
        return normalised(folder, out, said.group(1) if said else "", code)

    found = play(tmp_path, SCENARIOS[name], ours)
    for number, (got, wanted) in enumerate(zip(found, ANSWERS[name], strict=True)):
        if (name, number) in SAME_FAILURE_OTHER_WORDS:
            assert (got["failed"], wanted["failed"]) == (True, True), number
            assert got["error"] not in ("", wanted["error"]), number
            continue
        if isinstance(wanted, dict) and "--json" in SCENARIOS[name][number]:
            assert json.loads(got.pop("out")) == json.loads(wanted.pop("out")), number
        assert got == wanted, number


def test_a_person_gets_tables(tmp_path, capfd, monkeypatch):
    monkeypatch.setattr("wrangler_py.cli.d1._is_shown", lambda: True)
    play(tmp_path, [], lambda *_: {})
    sql = "SELECT 'a' q, '日本' w, 'x\ny' nl, '👍' e, 1.5e30 big, 1.0 f, NULL n; SELECT 1 LIMIT 0"
    assert run(["d1", "execute", "DB", "--command", sql]) == 0
    assert capfd.readouterr().out.endswith(
        "🚣 2 commands executed successfully.\n"
        "┌───┬──────┬────┬────┬─────────┬───┬──────┐\n"
        "│ q │ w    │ nl │ e  │ big     │ f │ n    │\n"
        "├───┼──────┼────┼────┼─────────┼───┼──────┤\n"
        "│ a │ 日本 │ x  │ 👍 │ 1.5e+30 │ 1 │ null │\n"
        "│   │      │ y  │    │         │   │      │\n"
        "└───┴──────┴────┴────┴─────────┴───┴──────┘\n"
    )


def test_a_failed_migration_is_named_with_its_file(tmp_path, capfd):
    play(tmp_path, [("write", "migrations/0001_a.sql", "SELECT * FROM none;")], lambda *_: {})
    assert run(["d1", "migrations", "apply", "DB"]) == 1
    said = capfd.readouterr().err
    assert "Migration 0001_a.sql failed: no such table: none: SQLITE_ERROR" in said
    assert str(tmp_path / "migrations" / "0001_a.sql") in said
    assert "nothing of it was written" in said


def test_a_migration_is_not_applied_when_the_person_says_no(tmp_path, capfd, monkeypatch):
    monkeypatch.setattr("wrangler_py.cli.d1_migrations._is_answered", lambda: True)
    monkeypatch.setattr("click.confirm", lambda *_, **__: False)
    play(tmp_path, [("write", "migrations/0001_a.sql", "CREATE TABLE t(a);")], lambda *_: {})
    assert run(["d1", "migrations", "apply", "DB"]) == 0
    assert run(["d1", "migrations", "list", "DB"]) == 0
    assert "│ 0001_a.sql │" in capfd.readouterr().out


def test_what_a_worker_wrote_is_there(tmp_path, capfd):
    play(tmp_path, [], lambda *_: {})
    stores = Stores(tmp_path / ".wrangler" / "state" / "v3")
    stores.keep(Databases).open("abc-id").run([Query("CREATE TABLE t AS SELECT 5 AS five")], False)
    stores.close()
    assert run(["d1", "execute", "mydb", "--json", "--command", "SELECT * FROM t"]) == 0
    assert json.loads(capfd.readouterr().out)[0]["results"] == [{"five": 5}]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (["execute", "DB", "--command", "x", "--remote"], "npx wrangler d1 execute --remote"),
        (["migrations", "apply", "DB", "--remote"], "npx wrangler d1 migrations apply --remote"),
        (["list"], "npx wrangler d1 list"),
        (["time-travel", "info", "DB"], "npx wrangler d1 time-travel info DB"),
        (["execute", "DB", "--command", "x"], "there is no configuration"),
        (["migrations", "list", "DB"], "No configuration file found"),
    ],
)
def test_what_is_wrong_is_said(capfd, monkeypatch, line, message):
    monkeypatch.setattr("wrangler_py.cli.delegate._is_installed", lambda: False)
    assert run(["d1", *line]) == 2
    assert message in capfd.readouterr().err


def test_sql_of_each_size_is_exported_and_comes_back(tmp_path, capfd):
    play(tmp_path, [("write", "a.sql", SCENARIOS["a file"][0][2])], lambda *_: {})
    assert run(["d1", "execute", "DB", "--file", "a.sql"]) == 0
    assert run(["d1", "export", "DB", "--output", "one.sql"]) == 0
    assert run(["d1", "execute", "DB3", "--file", "one.sql"]) == 0
    assert run(["d1", "export", "DB3", "--output", "two.sql"]) == 0
    one, two = ((tmp_path / f"{name}.sql").read_text(encoding="utf-8") for name in ("one", "two"))
    assert sorted(one.splitlines()) == sorted(two.splitlines())
