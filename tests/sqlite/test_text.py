"""Reading SQL without running it."""

from __future__ import annotations

import pytest

from wrangler_py.sqlite.text import numbered, statements

VERBS = [
    ("select 1", ["SELECT"]),
    ("select ';'; select \";\"; select `;` ; select [;]", ["SELECT"] * 4),
    ("insert into t values (1); -- x; y\nupdate t set a = 1", ["INSERT", "UPDATE"]),
    ("/* ; */ delete from t", ["DELETE"]),
    ("with a as (select 1), b as (insert) replace into t select * from a", ["REPLACE"]),
    ("with a as (select 1) select * from a", ["SELECT"]),
    ("create temp trigger x after insert on t begin select 1; end; select 2", ["CREATE", "SELECT"]),
    ("select 1; -- x", ["SELECT", ""]),
    ("select 1;;", ["SELECT", ""]),
    ("", [""]),
    (";", [""]),
    ("select 'never ends; select 2", ["SELECT"]),
]


@pytest.mark.parametrize(("sql", "verbs"), VERBS)
def test_statements_are_told_apart(sql, verbs):
    assert [statement.verb for statement in statements(sql)] == verbs


WRITES = [
    ("select 1", False),
    ("values (1)", False),
    ("explain delete from t", False),
    ("pragma foreign_keys", False),
    ("pragma table_info(t)", False),
    ("pragma optimize", False),
    ("create table t(a)", True),
    ("with a as (select 1) delete from t", True),
    ("analyze", True),
]


@pytest.mark.parametrize(("sql", "writes"), WRITES)
def test_it_is_known_which_statements_write(sql, writes):
    assert statements(sql)[0].writes is writes


@pytest.mark.parametrize(
    ("sql", "configures"),
    [
        ("pragma foreign_keys", False),
        ("pragma foreign_keys = off", True),
        ("pragma defer_foreign_keys(1)", True),
        ("pragma table_info(t)", False),
        ("select 1", False),
    ],
)
def test_it_is_known_which_statements_set_a_pragma(sql, configures):
    assert statements(sql)[0].configures is configures


def test_placeholders_are_found_outside_of_text():
    (statement,) = statements("select ':no', :a, @b, $c, :a -- :d")
    assert statement.names == ((":a", 1), ("@b", 2), ("$c", 3))
    assert (statement.has_bare, statement.count) == (False, 3)


def test_placeholders_are_numbered_as_sqlite_does():
    assert numbered("select ?, :a, ?5, :a, ?, '?'") == "select ?1, ?2, ?5, ?2, ?6, '?'"
