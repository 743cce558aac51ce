"""Migrations: files of SQL that are applied once each, in the order of their numbers.

Implements: https://developers.cloudflare.com/d1/reference/migrations/
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ...config.bindings import D1Database
from ...config.globs import matches
from ...errors import ConfigError, UsageError
from .script import execute
from .store import Database, Refused

__all__ = ["Migrations", "NotApplied"]

_NUMBER = re.compile(r"\s*([+-]?\d+)")
_DRIZZLE = "*/migration.sql"


class NotApplied(Exception):
    """A migration failed: nothing of it was written."""


@dataclass(frozen=True, slots=True)
class Migrations:
    """The migrations of one database."""

    folder: Path
    pattern: str
    """Relative to ``folder``."""
    table: str
    """Where the database keeps which ones were applied."""
    is_named: bool
    """Whether the configuration says which folder it is."""
    config: Path

    @classmethod
    def of(cls, database: D1Database, config: Path) -> Migrations:
        """Those that ``config`` gives ``database``.

        Raises: ConfigError: its keys contradict each other.
        """
        named, pattern = database.migrations_dir, database.migrations_pattern
        folder = _normal(named or "migrations")
        if pattern is not None and named is None:
            raise ConfigError(
                f'`migrations_pattern` is "{pattern}", and there is no `migrations_dir`',
                where=config.name,
                hint='the pattern starts with it: add "migrations_dir": "migrations"',
            )
        prefix = "" if folder == "." else f"{folder}/"
        pattern = _normal(pattern or f"{folder}/*.sql")
        if not pattern.startswith(prefix):
            raise ConfigError(
                f'`migrations_pattern` "{pattern}" does not start with `migrations_dir` "{folder}"',
                where=config.name,
                hint=f'"{prefix}*.sql" would do',
            )
        inside = pattern.removeprefix(prefix)
        table = database.migrations_table
        return cls(config.parent / folder, inside, table, named is not None, config)

    def names(self) -> list[str]:
        """The files, as paths in the folder with `/`, in the order in which they are applied."""
        return sorted(self._like(self.pattern), key=_order)

    def advice(self) -> str | None:
        """What to say where no file is one, though some look so."""
        if self.names() or not any(self._like(_DRIZZLE)):
            return None
        folder = posixpath.relpath(self.folder.as_posix(), self.config.parent.as_posix())
        meant = _normal(f"{folder}/{_DRIZZLE}")
        return (
            f"no file is like `{_normal(f'{folder}/{self.pattern}')}`, some are like `{meant}`: "
            f'for drizzle say "migrations_pattern": "{meant}" in {self.config.name}'
        )

    def create(self, message: str) -> Path:
        """A new file for a migration, and the folder where there is none.

        Raises: UsageError: no file can be called so, or none so called would be applied.
        """
        known = [_number(name) or 0 for name in self.names()]
        number = f"{max([*known, 0]) + 1:04d}"
        name = f"{number}_{message.replace(' ', '_')}.sql"
        if "/" in name or "\\" in name:
            raise UsageError(f'the name "{message}" has a path separator in it')
        if not matches(name, self.pattern):
            raise UsageError(
                f"{name} would not be applied: `migrations_pattern` is for other files",
                where=self.config.name,
                hint="make the file with the tool that the pattern is for, or have it end in *.sql",
            )
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(f"-- Migration number: {number} \t {now.replace('+00:00', 'Z')}\n")
        return path

    def pending(self, database: Database) -> list[str]:
        """Those that were not applied yet.

        Raises: Refused: the database cannot tell.
        """
        table = _quoted(self.table)
        execute(
            database,
            f"""CREATE TABLE IF NOT EXISTS {table}(
		id         INTEGER PRIMARY KEY AUTOINCREMENT,
		name       TEXT UNIQUE,
		applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
);""",
        )
        (applied,) = execute(database, f"SELECT * FROM {table} ORDER BY id")
        done = {row.get("name") for row in applied.rows}
        return [name for name in self.names() if name not in done]

    def apply(self, database: Database, name: str) -> int:
        """Apply one; how many statements it was.

        Raises: NotApplied: it failed.
        """
        try:
            text = (self.folder / name).read_text(encoding="utf-8", errors="replace")
            kept = name.replace("'", "''")
            into = f"INSERT INTO {_quoted(self.table)} (name)\nvalues ('{kept}');"
            return len(execute(database, f"{text}\n{into}"))
        except (OSError, UsageError, Refused) as exc:
            raise NotApplied(str(exc)) from None

    def _like(self, pattern: str) -> Iterator[str]:
        for parent, folders, files in os.walk(self.folder):
            folders.sort()
            place = Path(parent).relative_to(self.folder)
            for file in files:
                path = (place / file).as_posix()
                if matches(path, pattern):
                    yield path


def _normal(path: str) -> str:
    return posixpath.normpath(path.replace("\\", "/"))


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _number(name: str) -> int | None:
    found = _NUMBER.match(name.split("_")[0])
    return int(found.group(1)) if found else None


def _order(path: str) -> list[tuple[bool, int, str]]:
    """By the number of each step, those without one last, then by their letters."""
    numbers = [(step, _number(step)) for step in path.split("/")]
    return [(number is None, number or 0, step) for step, number in numbers]
