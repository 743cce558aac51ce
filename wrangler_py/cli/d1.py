"""`pywrangler d1`: the databases of a project on this machine."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wrangler_py.cli.local_state import LOCAL, PartlyForeign, Project, project_options
from wrangler_py.cli.table import table
from wrangler_py.cli.worker_options import PATH
from wrangler_py.errors import ConfigError, ExitCode, UsageError, WranglerError

if TYPE_CHECKING:
    from wrangler_py.bindings.d1.migrations import Migrations
    from wrangler_py.bindings.d1.store import Database
    from wrangler_py.config.bindings import D1Database

__all__ = ["d1"]


@click.group(
    cls=PartlyForeign,
    foreign="create delete info insights list time-travel",
    short_help="Run SQL and migrations locally.",
)
def d1() -> None:
    """Run SQL and migrations on the D1 databases of a project on this machine."""


def _found(project: Project, name: str) -> D1Database:
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


def _check_place(project: Project, preview: bool) -> None:
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
def _open(project: Project, bound: D1Database) -> Iterator[Database]:
    """The database; what it refuses is the command's failure."""
    from wrangler_py.bindings.d1.store import Databases, Refused  # SQLite only where it is used

    with project.stores() as stores:
        try:
            yield stores.keep(Databases).open(bound.id)
        except Refused as exc:
            raise WranglerError(str(exc)) from None


def _on(project: Project, bound: D1Database, name: str) -> str:
    try:
        shown = os.path.relpath(project.folder / "d1")
    except ValueError:  # another drive of Windows
        shown = str(project.folder / "d1")
    shown = shown if shown.startswith(".") else os.path.join(".", shown)
    return f"database {name} ({bound.id}) from {shown}:"


def _executing(project: Project, bound: D1Database, name: str) -> str:
    return (
        f"🌀 Executing on local {_on(project, bound, name)}\n"
        "🌀 To execute on your remote database, add a --remote flag to your wrangler command."
    )


def _executed(count: int) -> str:
    return f"🚣 {count} command{'' if count == 1 else 's'} executed successfully."


_PREVIEW = click.option("--preview", is_flag=True, hidden=True)


@d1.command()
@click.argument("database")
@project_options
@click.option("--command", metavar="SQL", help="Statements, with `;` between them.")
@click.option("--file", type=PATH, help="A file of SQL.")
@click.option("-y", "--yes", is_flag=True, hidden=True, expose_value=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
@_PREVIEW
def execute(
    project: Project,
    database: str,
    command: str | None,
    file: Path | None,
    as_json: bool,
    preview: bool,
) -> int:
    """Run SQL in one transaction. DATABASE is a binding, or a database's name."""

    def sql() -> str:
        _check_source(command, file)
        _check_place(project, preview)
        return read_script(file) if file else str(command)

    from wrangler_py.bindings.d1.script import read_script

    if not as_json:
        click.echo(LOCAL)
        return _execute(project, database, sql, bare=False)
    try:
        return _execute(project, database, sql, bare=True)
    except WranglerError as error:
        text = {"error": {"text": error.message}}
        click.echo(json.dumps(text, indent=2, ensure_ascii=False))
        return error.exit_code


def _check_source(command: str | None, file: Path | None) -> None:
    if command and file:
        raise UsageError("Error: can't provide both --command and --file.")
    if not command and not file:
        raise UsageError(
            "Missing required option --command or --file. Provide a SQL command inline with "
            '--command="<SQL>", or a path to a SQL file with --file=<path>.'
        )


def _execute(project: Project, name: str, read: Callable[[], str], *, bare: bool) -> int:
    """``bare``: nothing is printed but JSON."""
    from wrangler_py.bindings.d1 import script

    sql = read()
    bound = _found(project, name)
    if not bare:
        click.echo(_executing(project, bound, name))
    with _open(project, bound) as database:
        answers = script.execute(database, sql)
    if not bare:
        click.echo(_executed(len(answers)))
    if bare or not _is_shown():
        click.echo(script.as_json(answers))
        return ExitCode.OK
    for answer in answers:
        if answer.rows:
            click.echo(table(answer.texts()))
    return ExitCode.OK


@d1.command()
@click.argument("name", metavar="DATABASE")
@project_options
@click.option("--output", type=PATH, required=True, metavar="FILE", help="What to write.")
@click.option("--table", "tables", multiple=True, help="Only this one; repeatable.")
@click.option("--no-schema", is_flag=True, help="Only what is in the tables.")
@click.option("--no-data", is_flag=True, help="Only the tables, not what is in them.")
@click.option("--compatibility", type=click.Choice(["d1", "sqlite3_cli_only"]), hidden=True)
@click.option("-y", "--skip-confirmation", is_flag=True, hidden=True, expose_value=False)
def export(
    project: Project,
    name: str,
    output: Path,
    tables: tuple[str, ...],
    no_schema: bool,
    no_data: bool,
    compatibility: str | None,
) -> int:
    """Write a database as SQL."""
    click.echo(LOCAL)
    if no_schema and no_data:
        raise UsageError(
            "Cannot use --no-schema and --no-data together. At least one of schema or data must "
            "be included in the export. Remove one of the flags."
        )
    if compatibility == "sqlite3_cli_only":
        raise UsageError(
            "--compatibility sqlite3_cli_only is only supported for remote exports. Add the "
            "--remote flag."
        )
    if output.is_dir():
        raise UsageError("Please specify a file path for --output, not a directory.")
    bound = _found(project, name)
    click.echo(f"🌀 Exporting local {_on(project, bound, name)}")
    click.echo("🌀 To export your remote database, add a --remote flag to your wrangler command.")
    click.echo(f"🌀 Exporting SQL to {output}...")
    with _open(project, bound) as database:
        lines = database.dump(schema=not no_schema, data=not no_data, only=tables)
    try:
        output.write_text("\n".join(lines), encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"cannot write {output}: {error.strerror}", where="--output") from None
    click.echo("Done!")
    return ExitCode.OK


@d1.group()
def migrations() -> None:
    """Make, list and apply migrations."""


def _migrations(project: Project, name: str) -> tuple[D1Database, Migrations]:
    from wrangler_py.bindings.d1.migrations import Migrations

    if project.config is None or project.config.path is None:
        raise ConfigError(
            "No configuration file found. Create a wrangler.jsonc file to define your D1 database."
        )
    bound = _found(project, name)
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


def _is_shown() -> bool:
    """Whether a person reads what is printed."""
    return sys.stdout.isatty()


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
    from wrangler_py.log import log

    _check_place(project, preview)
    bound, plan = _migrations(project, name)
    _check_folder(plan)
    if advice := plan.advice():
        log.warn(advice)
    with _open(project, bound) as database:
        return bound, plan, plan.pending(database)


@migrations.command("list")
@click.argument("database")
@project_options
@_PREVIEW
def list_(project: Project, database: str, preview: bool) -> int:
    """Print the migrations that were not applied."""
    click.echo(LOCAL)
    _, _, names = _pending(project, database, preview)
    if not names:
        click.echo("✅ No migrations to apply!")
    else:
        click.echo("Migrations to be applied:")
        click.echo(table([{"Name": name} for name in names]))
    return ExitCode.OK


@migrations.command()
@click.argument("database")
@project_options
@_PREVIEW
def apply(project: Project, database: str, preview: bool) -> int:
    """Apply the migrations that were not applied, each in a transaction of its own."""
    click.echo(LOCAL)
    bound, plan, names = _pending(project, database, preview)
    if not names:
        click.echo("✅ No migrations to apply!")
        return ExitCode.OK
    click.echo("Migrations to be applied:")
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
        click.echo(_executing(project, *called))
        try:
            with _open(project, called[0]) as database:
                count = plan.apply(database, name)
        except NotApplied as exc:
            raise WranglerError(
                f"Migration {name} failed: {exc}",
                where=str(plan.folder / name),
                hint="nothing of it was written; those before it stay applied",
            ) from None
        click.echo(_executed(count))
        status[name] = "✅"
        click.echo(table([{"name": each, "status": status[each]} for each in names]))
