"""What D1 is asked, here and in workerd."""

from __future__ import annotations

from typing import Any

from wrangler_py.config.bindings import Bindings, D1Database

from .steps import Step, do

MINIFLARE = {"d1Databases": {"DB": "db"}}
BINDINGS = Bindings(d1_databases=(D1Database("DB", "db"),))
HIDDEN = ("duration", "sql_duration_ms")
NORMALISE = ((r"reference = .*", "reference = ..."), (r"ZodError\n.*", "ZodError"))

OF_BOOKMARKS = ["last_row_id", "size_after"]
"""Members that tell of the table in which workerd keeps bookmarks."""

U = {"$undefined": 1}


def db(method: str, *args: Any, **options: Any) -> Step:
    return do("DB", [method, *args], **options)


def sql(text: Any, *values: Any, then: Any = ("all",), **options: Any) -> Step:
    bound = [["bind", *values]] if values else []
    return do("DB", ["prepare", text], *bound, list(then), **options)


def prepare(name: str, text: str, *values: Any) -> Step:
    bound = [["bind", *values]] if values else []
    return do("DB", ["prepare", text], *bound, **{"as": name})


TABLE = db("exec", "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE, v)")

SCENARIOS: dict[str, list[Step]] = {
    "rows": [
        TABLE,
        sql("INSERT INTO t (name, v) VALUES (?, ?)", "a", 1, then=["run"]),
        sql("INSERT INTO t (name, v) VALUES (?, ?)", "b", 2.5, then=["all"]),
        sql("INSERT INTO t (name, v) VALUES (?, ?)", "c", None, then=["raw"]),
        sql("INSERT INTO t (name, v) VALUES (?, ?) RETURNING id, name", "d", "x", then=["first"]),
        sql("INSERT INTO t (name, v) VALUES (?, ?) RETURNING *", "e", "x", then=["run"]),
        sql("SELECT * FROM t", then=["all"]),
        sql("SELECT * FROM t", then=["run"]),
        sql("SELECT * FROM t", then=["raw"]),
        sql("SELECT * FROM t", then=["raw", {"columnNames": True}]),
        sql("SELECT * FROM t", then=["raw", {"columnNames": False}]),
        sql("SELECT * FROM t WHERE id > ?", 99, then=["raw", {"columnNames": True}]),
        sql("SELECT * FROM t WHERE id = ?", 2, then=["first"]),
        sql("SELECT * FROM t WHERE id = ?", 2, then=["first", "name"]),
        sql("SELECT * FROM t WHERE id = ?", 3, then=["first", "v"]),
        sql("SELECT * FROM t WHERE id = ?", 2, then=["first", "none"]),
        sql("SELECT * FROM t WHERE id = ?", 99, then=["first", "none"]),
        sql("SELECT * FROM t WHERE id = ?", 99, then=["first"]),
        sql("SELECT * FROM t WHERE id = ?", 2, then=["first", None]),
        sql("SELECT * FROM t WHERE id = ?", 2, then=["first", U]),
        sql("UPDATE t SET v = 9 WHERE id < ?", 3, then=["run"]),
        sql("UPDATE t SET v = 9 WHERE id = ?", 99, then=["run"]),
        sql("DELETE FROM t WHERE id = ?", 1, then=["run"]),
        sql("DELETE FROM t", then=["run"]),
        sql("SELECT count(*) AS n FROM t", then=["all"]),
        sql("CREATE TABLE u (a)", then=["run"]),
        sql("CREATE TABLE IF NOT EXISTS u (a)", then=["run"]),
        sql("CREATE INDEX i ON u (a)", then=["run"]),
        sql("DROP TABLE u", then=["run"]),
        sql("SELECT 1 AS a, 2 AS a, 3 AS b", then=["all"]),
        sql("SELECT 1 AS a, 2 AS a, 3 AS b", then=["raw", {"columnNames": True}]),
    ],
    "types": [
        sql("SELECT ? AS v, typeof(?1) AS t", value, then=["raw"])
        for value in [
            1,
            0,
            -1,
            1.5,
            {"$number": "9007199254740991"},
            {"$number": "9007199254740992"},
            1e300,
            "text",
            "",
            "é\u0000x",
            True,
            False,
            None,
            U,
            {"$bytes": [1, 2, 255]},
            {"$bytes": []},
            {"$buffer": [104, 105]},
            [1, 2, 255],
            [],
            [1, 256],
            [-1],
            [1.5],
            ["a"],
            [None],
            {"a": 1},
            {},
            {"$date": 0},
            {"$number": "NaN"},
            {"$number": "Infinity"},
            {"$number": "-Infinity"},
        ]
    ]
    + [
        sql("SELECT 9007199254740993 AS a, -9007199254740993 AS b, 1e999 AS c, -1e999 AS d"),
        sql("SELECT x'00ff' AS a, zeroblob(3) AS b, NULL AS c, 1.0 AS d, 'x' AS e"),
        sql("SELECT x'00ff' AS a", then=["first"]),
        sql("SELECT x'00ff' AS a", then=["first", "a"]),
        sql("SELECT typeof(?) AS a, typeof(?) AS b", 1, 1.0),
        do("DB", ["prepare", "SELECT ?1 AS a, ?2 AS b"], ["bind", 1, 2], ["bind", 3, 4], ["all"]),
        do("DB", ["prepare", "SELECT ? AS a"], ["bind", 5], ["params"]),
        do("DB", ["prepare", "SELECT ? AS a"], ["bind", True, {"$bytes": [1]}], ["params"]),
        do("DB", ["prepare", "SELECT ? AS a"], ["statement"]),
        do("DB", ["prepare", "SELECT ? AS a"], ["bind"], ["params"]),
    ],
    "placeholders": [
        sql("SELECT ? AS a"),
        sql("SELECT ? AS a", 1, 2),
        sql("SELECT ?2 AS a, ?1 AS b", 1, 2),
        sql("SELECT ?1 AS a, ?1 AS b", 1),
        sql("SELECT ?2 AS a", 1, 2),
        sql("SELECT :a AS a, @b AS b, $c AS c", 1, 2, 3),
        sql("SELECT :a AS a, :a AS b", 1),
        sql("SELECT 1 AS a", 1),
        sql("SELECT " + ",".join("?" for _ in range(100)), *range(100), then=["raw"]),
        sql("SELECT " + ",".join("?" for _ in range(101)), *range(101), then=["raw"]),
        sql("SELECT ?101", 1),
        sql("SELECT ?0", 1),
        sql("SELECT ?0"),
        sql("SELECT ?3 AS a, ?1 AS b, ?3 AS c", 1, 2, 3),
    ],
    "errors": [
        TABLE,
        sql("SELEC 1"),
        sql("SELECT * FROM none"),
        sql("SELECT none FROM t"),
        sql("SELECT none()"),
        sql("SELECT abs()"),
        sql("SELECT"),
        sql(""),
        sql("  "),
        sql("-- comment"),
        sql("/* comment */"),
        sql(";"),
        sql("-- x\nSELECT 1 AS a"),
        sql(U),
        sql(None),
        sql(1),
        sql("CREATE TABLE t (a)"),
        sql("INSERT INTO t (id, name) VALUES (1, 'a')", then=["run"]),
        sql("INSERT INTO t (id, name) VALUES (1, 'b')", then=["run"]),
        sql("INSERT INTO t (name) VALUES ('a')", then=["run"]),
        sql("INSERT INTO t (id) VALUES ('text')", then=["run"]),
        sql("INSERT INTO t VALUES (1)", then=["run"]),
        db("exec", "CREATE TABLE n (a NOT NULL, b CHECK (b > 0)) STRICT"),
        db("exec", "CREATE TABLE n (a TEXT NOT NULL, b INT CHECK (b > 0)) STRICT"),
        sql("INSERT INTO n VALUES (NULL, 1)", then=["run"]),
        sql("INSERT INTO n VALUES ('a', 0)", then=["run"]),
        sql("INSERT INTO n VALUES ('a', 'x')", then=["run"]),
        sql("SELECT 'unclosed"),
        sql("SELECT 1; SELECT 2 AS b"),
        sql("SELECT 1 AS a; SELECT ? AS b", 3),
        sql("SELECT ? AS a; SELECT 2 AS b", 3),
        sql("INSERT INTO t (name) VALUES ('m'); SELECT 2 AS b;"),
        sql("SELECT abs(-9223372036854775807 - 1)"),
        sql("SELECT json('{')"),
        sql("SELECT length(zeroblob(3000000))"),
        sql("SELECT length(?)", "x" * 2_097_153),
        sql("SELECT 1 -- " + "x" * 100_000, then=["raw"]),
        sql("SELECT * FROM t", then=["first", "none"]),
        db("prepare"),
        db("exec"),
        db("batch"),
        db("batch", []),
        db("batch", None),
        db("dump"),
        db("query", {"queries": [{"sql": "SELECT 1"}]}),
    ],
    "forbidden": [
        TABLE,
        *(
            sql(text, then=["run"])
            for text in (
                "BEGIN",
                "BEGIN TRANSACTION",
                "COMMIT",
                "ROLLBACK",
                "SAVEPOINT a",
                "RELEASE a",
                "ATTACH DATABASE 'x' AS y",
                "DETACH DATABASE y",
                "VACUUM",
                "ANALYZE",
                "CREATE TEMP TABLE x (a)",
                "SELECT * FROM _cf_KV",
                "CREATE TABLE _cf_x (a)",
                "PRAGMA journal_mode",
                "PRAGMA journal_mode=DELETE",
                "PRAGMA page_count",
                "PRAGMA user_version",
                "PRAGMA foreign_keys",
                "PRAGMA foreign_keys=OFF",
                "PRAGMA table_info(t)",
                "PRAGMA table_list",
                "PRAGMA index_list(t)",
                "PRAGMA defer_foreign_keys=ON",
                "PRAGMA foreign_key_check",
                "PRAGMA quick_check",
                "PRAGMA integrity_check",
                "PRAGMA optimize",
                "PRAGMA writable_schema=ON",
                "PRAGMA page_size",
                "PRAGMA recursive_triggers",
                "SELECT load_extension('x')",
                "SELECT sqlite_version()",
                "EXPLAIN SELECT 1 FROM none",
                "EXPLAIN QUERY PLAN SELECT * FROM t",
                "SELECT name, sql FROM sqlite_master",
                "REINDEX",
                "SELECT last_insert_rowid() AS a, changes() AS b",
            )
        ),
    ],
    "exec": [
        db("exec", "CREATE TABLE t (a)"),
        db("exec", "INSERT INTO t VALUES (1)\nINSERT INTO t VALUES (2)"),
        db("exec", "INSERT INTO t VALUES (3); INSERT INTO t VALUES (4);"),
        db("exec", "INSERT INTO t VALUES (5)\n\n-- comment\nINSERT INTO t VALUES (6)\n"),
        sql("SELECT a FROM t", then=["raw"]),
        db("exec", "INSERT INTO t VALUES (7)\nINSERT INTO none VALUES (8)"),
        db("exec", "INSERT INTO t\nVALUES (7)"),
        sql("SELECT a FROM t", then=["raw"]),
        db("exec", "SELECT * FROM none"),
        db("exec", ""),
        db("exec", "   "),
        db("exec", "-- comment"),
        db("exec", "SELECT ?"),
        db("exec", "SELECT 1"),
        db("exec", "BEGIN"),
        db("exec", 5),
        db("exec", None),
    ],
    "batch": [
        TABLE,
        prepare("one", "INSERT INTO t (name) VALUES (?)", "one"),
        prepare("two", "INSERT INTO t (name) VALUES (?)", "two"),
        prepare("again", "INSERT INTO t (name) VALUES (?)", "one"),
        prepare("select", "SELECT * FROM t"),
        prepare("bad", "SELECT * FROM none"),
        prepare("empty", ""),
        prepare("comment", "-- nothing"),
        db("batch", {"$known": ["one", "bad"]}),
        sql("SELECT count(*) AS n FROM t", then=["first", "n"]),
        db("batch", {"$known": ["one", "two", "again"]}),
        sql("SELECT count(*) AS n FROM t", then=["first", "n"]),
        db("batch", {"$known": ["one", "two", "select"]}),
        db("batch", {"$known": ["select", "select"]}),
        db("batch", {"$known": ["select", "empty", "select"]}),
        db("batch", {"$known": ["comment", "empty"]}),
        db("batch", {"$known": ["select", "comment"]}),
        db("batch", ["SELECT 1"]),
        db("batch", "SELECT 1"),
        db("batch", {"$known": "select"}),
        sql("SELECT name FROM t", then=["raw"]),
        do("select", ["all"]),
        do("select", ["first"]),
    ],
    "foreign keys": [
        db("exec", "CREATE TABLE p (id INTEGER PRIMARY KEY)"),
        db(
            "exec",
            "CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p (id) ON DELETE CASCADE)",
        ),
        sql("INSERT INTO c (p) VALUES (1)", then=["run"]),
        prepare("defer", "PRAGMA defer_foreign_keys = on"),
        prepare("child", "INSERT INTO c (p) VALUES (7)"),
        prepare("parent", "INSERT INTO p VALUES (7)"),
        db("batch", {"$known": ["defer", "child", "parent"]}),
        prepare("orphan", "INSERT INTO c (p) VALUES (8)"),
        db("batch", {"$known": ["child", "orphan"]}),
        db("batch", {"$known": ["defer", "orphan"]}),
        sql("SELECT * FROM c", then=["raw"]),
        sql("DELETE FROM p WHERE id = 7", then=["run"]),
        sql("SELECT * FROM c", then=["raw"]),
        sql("PRAGMA foreign_keys = OFF", then=["run"]),
        sql("INSERT INTO c (p) VALUES (9)", then=["run"]),
    ],
    "sessions": [
        TABLE,
        *(
            step
            for number, args in enumerate(
                (
                    [],
                    ["first-primary"],
                    ["first-unconstrained"],
                    [""],
                    [" "],
                    [None],
                    [U],
                    ["bookmark"],
                )
            )
            for step in (
                db("withSession", *args, **{"as": f"s{number}"}, quiet=True),
                do(f"s{number}", ["getBookmark"]),
                do(f"s{number}", ["prepare", "SELECT 1 AS a"], ["all"], hide=OF_BOOKMARKS),
                do(f"s{number}", ["getBookmark"], quiet=True),
                do(f"s{number}", ["prepare", "SELECT none"], ["all"]),
            )
        ),
        prepare("select", "SELECT 1 AS a"),
        do("s0", ["batch", {"$known": ["select"]}], hide=OF_BOOKMARKS),
        db("withSession", 5),
    ],
}

METERED = "`rows_read` and `rows_written` are worked out, not counted, see sqlite/metering.py"
REOPENED = "workerd opens the file anew after a failed commit, and forgets the last row's id"

DIFFERS = {
    "rows": dict.fromkeys((5, 20, 21, 24, 26, 27, 28), METERED),
    "errors": {17: METERED},
    "forbidden": dict.fromkeys((10, 25, 27, 36), METERED)
    | {34: "`notused` is an estimate that each version of SQLite makes for itself"},
    "foreign keys": {6: METERED, 11: REOPENED, 13: REOPENED},
}
