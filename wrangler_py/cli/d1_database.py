"""Which database a `d1` command means, and how it is spoken of."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from wrangler_py.cli.local_state import Project
from wrangler_py.errors import UsageError, WranglerError

if TYPE_CHECKING:
    from wrangler_py.bindings.d1.store import Database
    from wrangler_py.config.bindings import D1Database

__all__ = [
    "PREVIEW",
    "bound_database",
    "check_place",
    "executed",
    "executing",
    "opened",
    "place_of",
]

PREVIEW = click.option("--preview", is_flag=True, hidden=True)


def bound_database(project: Project, name: str) -> D1Database:
    """The one whose name or binding is ``name``.

    Raises: UsageError: the configuration has none.
    """
    bound = project.config.bindings.d1_databases if project.config else ()
    for each in bound:
        if name in (each.name, each.binding):
            return each
    where = project.config.path if project.config else None
    if where is None:
        raise UsageError(f'no D1 database is called "{name}": there is no configuration')
    known = ", ".join(each.binding for each in bound) or "there are none"
    raise UsageError(
        f"Couldn't find a D1 DB with the name or binding '{name}' in your {where.name} file.",
        hint=f"D1 databases of the configuration: {known}",
    )


def check_place(project: Project, preview: bool) -> None:
    """Raises: UsageError: something other than this machine's database is meant."""
    if preview:
        raise UsageError(
            "Cannot use --preview without --remote. The --preview flag targets a preview D1 "
            "database, which requires the --remote flag. Remove --preview or add --remote."
        )
    if project.moved and not project.said_local:
        raise UsageError(
            "Cannot use --persist-to without --local. The --persist-to flag specifies a local "
            "persistence directory, which requires the --local flag. Remove --persist-to or add "
            "--local."
        )


@contextmanager
def opened(project: Project, bound: D1Database) -> Iterator[Database]:
    """The database; what it refuses is the command's failure."""
    from wrangler_py.bindings.d1.store import Databases, Refused  # SQLite only where it is used

    with project.stores() as stores:
        try:
            yield stores.keep(Databases).open(bound.id)
        except Refused as exc:
            raise WranglerError(str(exc)) from None


def place_of(project: Project, bound: D1Database, name: str) -> str:
    try:
        shown = os.path.relpath(project.folder / "d1")
    except ValueError:  # another drive of Windows
        shown = str(project.folder / "d1")
    shown = shown if shown.startswith(".") else os.path.join(".", shown)
    return f"database {name} ({bound.id}) from {shown}:"


def executing(project: Project, bound: D1Database, name: str) -> str:
    return (
        f"🌀 Executing on local {place_of(project, bound, name)}\n"
        "🌀 To execute on your remote database, add a --remote flag to your wrangler command."
    )


def executed(count: int) -> str:
    return f"🚣 {count} command{'' if count == 1 else 's'} executed successfully."
