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


def test_hidden_files_are_meant_if_that_is_wanted():
    assert matches("a/.b/.c.sql", "**/*.sql", hidden=True)
