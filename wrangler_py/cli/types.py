"""`pywrangler types`: stubs for type checkers and editors."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import click

from wrangler_py.cli.worker_options import PATH, Asked, worker_options
from wrangler_py.errors import ExitCode, UsageError

__all__ = ["types"]


@click.command(short_help="Write types for mypy, pyright and ty.")
@worker_options
@click.option(
    "--path",
    type=PATH,
    metavar="DIR",
    help="Where to write.  [default: typings, beside the configuration]",
)
@click.option(
    "--env-interface",
    "interface",
    default="Env",
    show_default=True,
    metavar="NAME",
    help="The class that describes `env`.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if something is out of date.")
def types(worker: Callable[[], Asked], path: Path | None, interface: str, check: bool) -> int:
    """Write stubs that tell type checkers and editors what `js`, `pyodide` and `workers` offer,
    and what `self.env` holds in this project."""
    if not re.fullmatch(r"[A-Z][A-Za-z0-9_]*", interface):
        raise UsageError(
            f"a class cannot be called {interface}",
            where="--env-interface",
            hint="for example --env-interface Env",
        )
    asked = worker()
    # Imported late: other commands, and `--help`, need none of it.
    from wrangler_py import typegen

    root = asked.config.root
    folder = asked.here / path if path else root / typegen.DEFAULT_FOLDER
    files = typegen.generate(asked.config, interface)
    shown = _shown(folder, asked.here)
    if check:
        found = typegen.changes(folder, files)
        for name, kind in found:
            click.echo(f"{shown}/{name} {kind.value}")
        if found:
            click.echo("run `pywrangler types`", err=True)
            return ExitCode.WORKER_FAILED
        click.echo(f"{shown}/ is up to date")
        return ExitCode.OK
    written = typegen.write(folder, files)
    count = f"{len(written)} of {len(files)} files written" if written else "already up to date"
    click.echo(f"{shown}/: {count}")
    for checker, lines in typegen.advice(root, folder):
        click.echo(f"\nFor {checker}, pyproject.toml needs:\n\n{lines}")
    return ExitCode.OK


def _shown(folder: Path, here: Path) -> str:
    try:
        return folder.relative_to(here).as_posix()
    except ValueError:
        return str(folder)
