"""`pywrangler d1 migrations`: make, list and apply them on this machine."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from wrangler_py.cli.d1_database import (
    PREVIEW,
    bound_database,
    check_place,
    executed,
    executing,
    opened,
)
from wrangler_py.cli.local_state import LOCAL, Project, project_options
from wrangler_py.cli.table import table
from wrangler_py.errors import ConfigError, ExitCode, UsageError, WranglerError

if TYPE_CHECKING:
    from wrangler_py.bindings.d1.migrations import Migrations
    from wrangler_py.config.bindings import D1Database

__all__ = ["migrations"]


@click.group()
def migrations() -> None:
    """Make, list and apply migrations."""


def _migrations(project: Project, name: str) -> tuple[D1Database, Migrations]:
    from wrangler_py.bindings.d1.migrations import Migrations

    if project.config is None or project.config.path is None:
        raise ConfigError(
            "No configuration file found. Create a wrangler.jsonc file to define your D1 database."
        )
    bound = bound_database(project, name)
    return bound, Migrations.of(bound, project.config.path)


def _check_folder(plan: Migrations) -> None:
    if not plan.folder.is_dir():
        hint = f"`pywrangler d1 migrations create` makes it{_which(plan)}"
        raise UsageError(f"No migrations present at {plan.folder}.", hint=hint)


def _which(plan: Migrations) -> str:
    if plan.is_named:
        return ""
    return f"; set `migrations_dir` in your {plan.config.name} file to choose a different path"


def _is_answered() -> bool:
    """Whether somebody is there to ask."""
    return sys.stdin.isatty() and sys.stdout.isatty() and not os.environ.get("CI")


def _agreed(question: str) -> bool:
    if _is_answered():
        return click.confirm(question, default=True)
    click.echo(f"? {question}\n🤖 Using fallback value in non-interactive context: yes")
    return True


@migrations.command()
@click.argument("database")
@click.argument("message")
@project_options
def create(project: Project, database: str, message: str) -> int:
    """Make an empty migration; MESSAGE becomes a part of its name."""
    _, plan = _migrations(project, database)
    if not plan.folder.is_dir():
        file = plan.config.name
        choice = f" Set `migrations_dir` in your {file} file to choose a different path."
        warning = f"No migrations folder found.{'' if plan.is_named else choice}"
        if not _agreed(f"{warning}\nOk to create {plan.folder}?"):
            raise UsageError(f"No migrations present at {plan.folder}.")
    path = plan.create(message)
    click.echo(f"✅ Successfully created Migration '{path.name}'!\n")
    click.echo(f"The migration is available for editing here\n{path}")
    return ExitCode.OK


def _pending(
    project: Project, name: str, preview: bool
) -> tuple[D1Database, Migrations, list[str]]:
    """What was not applied, of which it is told whether there is any."""
    from wrangler_py.log import log

    check_place(project, preview)
    bound, plan = _migrations(project, name)
    _check_folder(plan)
    if advice := plan.advice():
        log.warn(advice)
    with opened(project, bound) as database:
        names = plan.pending(database)
    click.echo("Migrations to be applied:" if names else "✅ No migrations to apply!")
    return bound, plan, names


@migrations.command("list")
@click.argument("database")
@project_options
@PREVIEW
def list_(project: Project, database: str, preview: bool) -> int:
    """Print the migrations that were not applied."""
    click.echo(LOCAL)
    _, _, names = _pending(project, database, preview)
    if names:
        click.echo(table([{"Name": name} for name in names]))
    return ExitCode.OK


@migrations.command()
@click.argument("database")
@project_options
@PREVIEW
def apply(project: Project, database: str, preview: bool) -> int:
    """Apply the migrations that were not applied, each in a transaction of its own."""
    click.echo(LOCAL)
    bound, plan, names = _pending(project, database, preview)
    if not names:
        return ExitCode.OK
    click.echo(table([{"name": name} for name in names]))
    question = (
        f"About to apply {len(names)} migration(s)\nYour database may not be available to serve "
        "requests during the migration, continue?"
    )
    if _agreed(question):
        _apply(project, (bound, database), plan, names)
    return ExitCode.OK


def _apply(
    project: Project, called: tuple[D1Database, str], plan: Migrations, names: list[str]
) -> None:
    from wrangler_py.bindings.d1.migrations import NotApplied

    status: dict[str, Any] = dict.fromkeys(names, "🕒️")
    for name in names:
        click.echo(executing(project, *called))
        try:
            with opened(project, called[0]) as database:
                count = plan.apply(database, name)
        except NotApplied as exc:
            raise WranglerError(
                f"Migration {name} failed: {exc}",
                where=str(plan.folder / name),
                hint="nothing of it was written; those before it stay applied",
            ) from None
        click.echo(executed(count))
        status[name] = "✅"
        click.echo(table([{"name": each, "status": status[each]} for each in names]))
