"""`pywrangler d1`: the databases of a project on this machine."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import click

from wrangler_py.cli.d1_database import (
    PREVIEW,
    bound_database,
    check_place,
    executed,
    executing,
    opened,
    place_of,
)
from wrangler_py.cli.d1_migrations import migrations
from wrangler_py.cli.local_state import LOCAL, PartlyForeign, Project, project_options
from wrangler_py.cli.table import table
from wrangler_py.cli.worker_options import PATH
from wrangler_py.errors import ExitCode, UsageError, WranglerError

__all__ = ["d1"]


@click.group(
    cls=PartlyForeign,
    foreign="create delete info insights list time-travel",
    short_help="Run SQL and migrations locally.",
)
def d1() -> None:
    """Run SQL and migrations on the D1 databases of a project on this machine."""


d1.add_command(migrations)


@d1.command()
@click.argument("database")
@project_options
@click.option("--command", metavar="SQL", help="Statements, with `;` between them.")
@click.option("--file", type=PATH, help="A file of SQL.")
@click.option("-y", "--yes", is_flag=True, hidden=True, expose_value=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
@PREVIEW
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
        check_place(project, preview)
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
    bound = bound_database(project, name)
    if not bare:
        click.echo(executing(project, bound, name))
    with opened(project, bound) as database:
        answers = script.execute(database, sql)
    if not bare:
        click.echo(executed(len(answers)))
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
    bound = bound_database(project, name)
    click.echo(f"🌀 Exporting local {place_of(project, bound, name)}")
    click.echo("🌀 To export your remote database, add a --remote flag to your wrangler command.")
    click.echo(f"🌀 Exporting SQL to {output}...")
    with opened(project, bound) as database:
        lines = database.dump(schema=not no_schema, data=not no_data, only=tables)
    try:
        output.write_text("\n".join(lines), encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"cannot write {output}: {error.strerror}", where="--output") from None
    click.echo("Done!")
    return ExitCode.OK


def _is_shown() -> bool:
    """Whether a person reads what is printed."""
    return sys.stdout.isatty()
