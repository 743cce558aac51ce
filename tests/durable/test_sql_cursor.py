"""Cursors in Python's and in JavaScript's style."""

from __future__ import annotations

import pytest

from wrangler_py.js.errors import JsException
from wrangler_py.js.null import jsnull
from wrangler_py.js.profile import PROFILES, use

THREE = "select 1 a union all select 2 union all select 3"


@pytest.fixture
def sql(storage):
    return storage.sql


def test_a_row_shows_its_columns_as_attributes(sql):
    assert sql.exec("select 7 as count, 'x' as name").one().count == 7


def test_iterating_gives_rows_and_stops_where_the_loop_did(sql):
    cursor = sql.exec(THREE)
    for row in cursor:
        assert row.a == 1
        break
    assert cursor.next().value.a == 2
    assert [row.a for row in cursor] == [3]
    assert cursor.next().done is True
    assert [row.a for row in cursor] == []


def test_raw_and_row_iteration_share_one_cursor(sql):
    cursor = sql.exec(THREE)
    raw = cursor.raw()
    assert list(raw.next().value) == [1]
    assert cursor.next().value.a == 2
    assert [list(values) for values in raw] == [[3]]


def test_columns_of_the_same_name_are_kept_apart_by_raw(sql):
    cursor = sql.exec("select 1 as a, 2 as a")
    assert list(cursor.columnNames) == ["a", "a"]
    assert [list(values) for values in cursor.raw()] == [[1, 2]]
    assert sql.exec("select 1 as a, 2 as a").one().to_py() == {"a": 2}


ONE = [
    ("select 1 where 0", "Expected exactly one result from SQL query, but got no results."),
    (THREE, "Expected exactly one result from SQL query, but got multiple results."),
]


@pytest.mark.parametrize(("query", "text"), ONE)
def test_one_wants_exactly_one_row(query, text, sql):
    cursor = sql.exec(query)
    with pytest.raises(JsException) as raised:
        cursor.one()
    assert raised.value.message == text
    assert cursor.toArray().length == 0


def test_rows_are_read_as_they_are_asked_for(sql):
    sql.exec("create table t(a integer primary key); insert into t values (1), (2)")
    seen = []
    for row in sql.exec("select a from t"):
        seen.append(row.a)
        if row.a < 5:
            sql.exec("insert into t values (?)", row.a + 10)
    assert seen == [1, 2, 11, 12]


async def test_a_write_with_rows_is_done_when_its_turn_is(sql, storage):
    sql.exec("create table t(a)")
    cursor = sql.exec("insert into t values (1), (2), (3) returning a")
    await storage.sync()
    assert [row.a for row in cursor] == [1, 2, 3]


def test_null_is_that_of_the_profile(sql):
    assert sql.exec("select null n").one().n is jsnull
    with use(PROFILES["0.26"]):
        assert sql.exec("select null n").one().n is None


def test_a_big_integer_cannot_be_bound(sql):
    with pytest.raises(JsException, match="Cannot convert a BigInt value to a number"):
        sql.exec("select ?", 2**60)


def test_a_text_of_ours_is_guarded_in_a_script(sql, storage):
    storage.kv.put("secret", 1)
    storage.kv.get("secret")
    with pytest.raises(JsException, match=r"access to _cf_KV\.value is prohibited"):
        sql.exec("SELECT value FROM _cf_KV WHERE key = ?", "secret")


def test_the_size_of_the_database_grows(sql):
    before = sql.databaseSize
    sql.exec("create table t(a); insert into t values (zeroblob(100000))")
    assert sql.databaseSize >= before + 100_000


def test_placeholders_of_both_kinds_are_numbered_as_sqlite_does(sql):
    values = sql.exec("select :a, @b, :a, ?", 1, 2, 4).raw().next().value
    assert list(values) == [1, 2, 1, 4]


def test_a_pragma_holds_before_and_after_the_first_write(sql):
    sql.exec("pragma foreign_keys = off")
    assert sql.exec("pragma foreign_keys").one().foreign_keys == 0
    sql.exec("create table p(id integer primary key); create table c(p references p(id))")
    sql.exec("insert into c values (5)")
    assert sql.exec("select count(*) n from c").one().n == 1


TOO_BIG = "string or blob too big: SQLITE_TOOBIG"


def test_a_value_above_two_megabytes_is_refused(sql):
    sql.exec("create table t(a)")
    sql.exec("insert into t values (?)", "x" * 2_000_000)
    with pytest.raises(JsException) as raised:
        sql.exec("insert into t values (?)", "x" * 2_200_000)
    assert raised.value.message == TOO_BIG
