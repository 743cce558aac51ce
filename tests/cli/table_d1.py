"""What is typed for D1 databases; what wrangler prints for it is in `recorded/d1.json`.

A step is a command line after `d1`, `("write", path, text)`, or `("read", path)`.
"""

from __future__ import annotations

CONFIG = {
    "name": "worker",
    "compatibility_date": "2026-01-01",
    "d1_databases": [
        {"binding": "DB", "database_name": "mydb", "database_id": "abc-id"},
        {
            "binding": "DB2",
            "database_name": "two",
            "database_id": "two-id",
            "preview_database_id": "two-preview",
            "migrations_dir": "db/steps/",
            "migrations_table": "my steps",
            "migrations_pattern": "./db/steps/**/*.sql",
        },
        {"binding": "DB3"},
        {"binding": "ODD", "migrations_pattern": "x/*.sql"},
        {"binding": "ODD2", "migrations_dir": "y", "migrations_pattern": "x/*.sql"},
        {"binding": "ORM", "migrations_dir": "orm", "migrations_pattern": "orm/*/migration.sql"},
        {"binding": "ORM2", "migrations_dir": "orm"},
    ],
}

_VALUES = '''
CREATE TABLE "odd name" (id INTEGER PRIMARY KEY AUTOINCREMENT, a, "b ""q""" TEXT);
CREATE TABLE t (a, b);
CREATE INDEX i ON t (a);
CREATE VIEW v AS SELECT a FROM t;
CREATE TRIGGER g AFTER INSERT ON t WHEN new.a = 5 BEGIN INSERT INTO t VALUES (6, ';'); END;
-- a comment; of a line
INSERT INTO "odd name" (a) VALUES ('it''s'), ('two
lines'), ('\r'), (x''), (x'00ff'); /* and ; another */
INSERT INTO t VALUES (1, 1.5), (1e300, -0.0), (9007199254740993, NULL), (1e-7, 'é 日本');
INSERT INTO t VALUES (5, 1);
'''

SCENARIOS: dict[str, list[list[str] | tuple[str, ...]]] = {
    "values as JSON": [
        ["execute", "DB", "--local", "--command", "CREATE TABLE t(a,b); SELECT 1 AS x"],
        ["execute", "DB", "--command", "INSERT INTO t VALUES (1,'x'),(2.5,NULL),(x'0102','é')"],
        ["execute", "DB", "--command", "SELECT * FROM t", "--json"],
        ["execute", "mydb", "--command", "SELECT 1e21 a, 1e-7 b, 9007199254740993 c, 1.0 d;"],
        ["execute", "DB", "--command", "SELECT 1 AS a, 2 AS a, 3 AS '2', 4 AS '1'", "--json"],
        ["execute", "DB", "--yes", "--command", "SELECT 1; -- that is all"],
    ],
    "a file": [
        ("write", "a.sql", _VALUES),
        ["execute", "DB", "--file", "a.sql"],
        ["execute", "DB", "--file", "a.sql"],
        ["execute", "DB", "--file=none.sql"],
        ["execute", "DB", "--file", "a.sql", "--command", "SELECT 1"],
        ["execute", "DB", "--json", "--command", "SELECT count(*) n FROM t"],
        ["export", "DB", "--local", "--output", "out.sql"],
        ("read", "out.sql"),
        ["export", "DB", "--output", "out.sql", "--no-schema"],
        ("read", "out.sql"),
        ["export", "DB", "--output", "out.sql", "--no-data"],
        ("read", "out.sql"),
        ["export", "DB", "--output", "out.sql", "--table", "t", "--table", "v"],
        ("read", "out.sql"),
        ["export", "DB", "--output", "out.sql", "--no-data", "--no-schema"],
        ["export", "DB", "--output", "."],
        ["export", "NONE", "--output", "x.sql"],
    ],
    "a dump of sqlite3": [
        (
            "write",
            "a.sql",
            "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE t(a);\nCOMMIT;\n",
        ),
        ["execute", "DB", "--file", "a.sql"],
        ("write", "b.sql", "BEGIN TRANSACTION;COMMIT;BEGIN TRANSACTION;COMMIT;"),
        ["execute", "DB", "--file", "b.sql"],
        ("write", "c.sql", "SQLite format 3\0"),
        ["execute", "DB", "--file", "c.sql"],
        ("write", "d.sql", "BEGIN; SELECT 1; COMMIT;"),
        ["execute", "DB", "--file", "d.sql"],
    ],
    "one failure undoes all": [
        ["execute", "DB", "--command", "CREATE TABLE t(a PRIMARY KEY)"],
        ["execute", "DB", "--command", "INSERT INTO t VALUES (1); INSERT INTO none VALUES (1)"],
        ["execute", "DB", "--command", "INSERT INTO t VALUES (1); INSERT INTO t VALUES (1)"],
        ["execute", "DB", "--command", "INSERT INTO t VALUES (1), (1)", "--json"],
        ["execute", "DB", "--command", "SELECT * FROM t; SELEC 1"],
        ["execute", "DB", "--command", "SELECT * FROM t", "--json"],
    ],
    "what is wrong": [
        ["execute", "DB"],
        ["execute", "DB", "--command", ""],
        ["execute", "DB", "--command", "  "],
        ["execute", "DB", "--command=-- nothing"],
        ["execute", "DB", "--command", ";;"],
        ["execute", "NONE", "--command", "SELECT 1"],
        ["execute", "NONE", "--command", "SELECT 1", "--json"],
        ["execute", "DB", "--command", "SELECT 1", "--persist-to", "x"],
        ["execute", "DB", "--command", "SELECT 1", "--preview"],
        ["execute", "DB3", "--command", "SELECT ?"],
    ],
    "another place": [
        ["execute", "DB3", "--local", "--persist-to", "x", "--command", "CREATE TABLE t(a)"],
        ["execute", "DB3", "--local", "--persist-to", "x", "--command", "SELECT * FROM t"],
        ["execute", "DB3", "--command", "SELECT * FROM t"],
    ],
    "migrations": [
        ["migrations", "list", "DB"],
        ["migrations", "create", "DB", "the first one"],
        ("read", "migrations/0001_the_first_one.sql"),
        ("write", "migrations/0001_the_first_one.sql", "CREATE TABLE t(a);"),
        ("write", "migrations/10_c.sql", "INSERT INTO t VALUES (10)"),
        ("write", "migrations/9_b.sql", "INSERT INTO t VALUES (9);"),
        ("write", "migrations/last.sql", "-- nothing\n"),
        ("write", "migrations/.hidden.sql", "no"),
        ("write", "migrations/deep/x.sql", "no"),
        ["migrations", "create", "DB", "next"],
        ("write", "migrations/0011_next.sql", "INSERT INTO t VALUES (11);"),
        ["migrations", "list", "DB", "--local"],
        ["migrations", "apply", "DB", "--local"],
        ["execute", "DB", "--command", "SELECT a FROM t", "--json"],
        ("write", "migrations/10_c.sql", "INSERT INTO t VALUES (10);"),
        ["migrations", "apply", "DB"],
        ["migrations", "apply", "DB"],
        ["execute", "DB", "--command", "SELECT a FROM t; SELECT id, name FROM d1_migrations"],
    ],
    "a migration that fails is undone": [
        ("write", "migrations/1_a.sql", "CREATE TABLE t(a);"),
        ("write", "migrations/2_b.sql", "INSERT INTO t VALUES (1); INSERT INTO none VALUES (1);"),
        ["migrations", "apply", "DB"],
        ["migrations", "list", "DB"],
        ["execute", "DB", "--command", "SELECT * FROM t; SELECT name FROM d1_migrations"],
    ],
    "migrations with keys of their own": [
        ["migrations", "create", "DB2", "it's"],
        ("write", "db/steps/0001_it's.sql", "CREATE TABLE t(a);"),
        ("write", "db/steps/3/7_x.sql", "INSERT INTO t VALUES (7);"),
        ("write", "db/steps/3/10_x.sql", "INSERT INTO t VALUES (10);"),
        ["migrations", "create", "DB2", "a/b"],
        ["migrations", "create", "two", "c"],
        ["migrations", "apply", "DB2"],
        ["execute", "DB2", "--command", 'SELECT id, name FROM "my steps"'],
    ],
    "migrations that cannot be": [
        ["migrations", "list", "NONE"],
        ["migrations", "create", "ODD", "x"],
        ["migrations", "list", "ODD2"],
        ["migrations", "create", "ORM", "x"],
        ("write", "orm/1_a/migration.sql", "CREATE TABLE t(a);"),
        ["migrations", "create", "ORM", "x"],
        ["migrations", "list", "ORM"],
        ["migrations", "list", "ORM2"],
    ],
}
"""Each begins in a folder of its own, with nothing but the configuration."""

SAME_FAILURE_OTHER_WORDS = {
    ("a dump of sqlite3", 3): "shorter",
    ("a dump of sqlite3", 5): "the hint is a line to paste",
    ("a migration that fails is undone", 2): "the migration is named",
    ("migrations", 12): "the migration is named",
    ("migrations with keys of their own", 4): "shorter",
    ("migrations that cannot be", 0): "what the database is called is looked at first",
    ("migrations that cannot be", 1): "shorter",
    ("migrations that cannot be", 2): "shorter",
    ("migrations that cannot be", 3): "shorter",
    ("migrations that cannot be", 5): "shorter",
}
"""Steps whose errors say the same in our own words."""
