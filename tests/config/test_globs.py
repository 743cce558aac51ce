"""Glob patterns: what is meant and what is not."""

from __future__ import annotations

import pytest

from wrangler_py.config.globs import matches

CASES = [
    ("a.sql", "*.sql", True),
    ("deep/a.sql", "*.sql", False),
    (".a.sql", "*.sql", False),
    ("deep/a.sql", "**/*.sql", True),
    ("a.sql", "**/*.sql", True),
    ("a/b/c.sql", "a/**/c.sql", True),
    ("a/c.sql", "a/**/c.sql", True),
    ("a/.b/c.sql", "a/**/c.sql", False),
    ("a/b", "a/**", True),
    ("a", "a/**", False),
    ("1_a/migration.sql", "*/migration.sql", True),
    ("ab.txt", "a?.txt", True),
    ("a/.txt", "a?.txt", False),
    ("a1", "a[0-9]", True),
    ("ab", "a[!0-9]", True),
    ("a1", "a[^0-9]", False),
    ("x.txt", "*.{txt,html}", True),
    ("x.css", "*.{txt,html}", False),
    ("a.b", "a?b", True),
    ("axb", "a.b", False),
    ("a[b", "a[b", True),
]


@pytest.mark.parametrize(("path", "pattern", "meant"), CASES)
def test_a_pattern_means_what_it_does_to_wrangler(path, pattern, meant):
    assert matches(path, pattern) is meant


PLAIN = [
    ("a.py", "**/*.py", True),
    ("a/.b/.c.py", "**/*.py", True),
    ("a/b.py", "*.py", False),
    ("a{b}.txt", "a{b}.txt", True),
    ("a.wasm?module", "*.wasm?module", True),
    ("a.wasmXmodule", "*.wasm?module", False),
    ("a/b/c", "a/**", True),
    ("x/y/z.so", "x/**/*.so", True),
    ("ab/c", "a**/c", True),
    ("a/b/c", "a**/c", False),
    ("a/b/c", "a/**/", True),
    ("b/c", "a/**/", False),
]


@pytest.mark.parametrize(("path", "pattern", "meant"), PLAIN)
def test_a_glob_of_a_rule_knows_stars_only(path, pattern, meant):
    assert matches(path, pattern, plain=True) is meant
