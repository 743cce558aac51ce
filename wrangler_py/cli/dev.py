"""`pywrangler dev`: what was asked for, as `DevOptions`, handed to the server."""

from __future__ import annotations

import os
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import click

from wrangler_py.cli.foreign_flags import foreign_flags, passed_over
from wrangler_py.cli.printed import printed_as_events
from wrangler_py.config import (
    DEFAULT_IP,
    DEFAULT_PORT,
    Config,
    DevOptions,
    Overrides,
    load_config,
)
from wrangler_py.errors import UsageError
from wrangler_py.log import Level, Settings, log

__all__ = ["dev"]

_PATH = click.Path(path_type=Path)
_LEVELS = [level.name.lower() for level in reversed(Level)]


@click.command(short_help="Serve a Worker and reload it on save.")
@click.argument("script", type=_PATH, required=False)
@click.option("-c", "--config", type=_PATH, help="The configuration to read.")
@click.option("--cwd", type=_PATH, help="Run as if started in this folder.")
@click.option("--name", help="The Worker's name.")
@click.option("--ip", help=f"Where to listen.  [default: {DEFAULT_IP}]")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help=f"The port; 0 picks a free one.  [default: {DEFAULT_PORT}]",
)
@click.option("--var", "pairs", multiple=True, metavar="K:V", help="A variable; repeatable.")
@click.option("--compatibility-date", metavar="DATE", help="As YYYY-MM-DD.")
@click.option(
    "--compatibility-flag",
    "--compatibility-flags",
    "flags",
    multiple=True,
    metavar="FLAG",
    help="Repeatable.",
)
@click.option("--persist-to", type=_PATH, metavar="DIR", help="Where state is kept.")
@click.option(
    "--hibernate-after",
    type=click.FloatRange(0),
    default=10,
    show_default=True,
    metavar="SECONDS",
    help="When an idle Durable Object sleeps.",
)
@click.option("--reload/--no-reload", default=True, help="Watch the files, or not.")
@click.option(
    "--log-level",
    type=click.Choice(_LEVELS, case_sensitive=False),
    default="log",
    envvar="WRANGLER_LOG",
    show_default=True,
    help="How much to say.",
)
@click.option("--json", is_flag=True, help="One JSON object per line instead of text.")
@click.option("--ready-file", type=_PATH, metavar="PATH", help="Written when the Worker answers.")
@foreign_flags
def dev(
    script: Path | None,
    config: Path | None,
    cwd: Path | None,
    name: str | None,
    ip: str | None,
    port: int | None,
    pairs: tuple[str, ...],
    compatibility_date: str | None,
    flags: tuple[str, ...],
    persist_to: Path | None,
    hibernate_after: float,
    reload: bool,
    log_level: str,
    json: bool,
    ready_file: Path | None,
) -> int:
    """Serve SCRIPT, or what the configuration here or above names, and reload it on save."""
    log.settings = Settings(level=Level[log_level.upper()], json=json)
    for flag in passed_over(click.get_current_context()):
        log.debug(f"{flag} changes nothing here")
    if cwd:
        _enter(cwd)
    here = Path.cwd()
    variables = dict(map(_variable, pairs))
    overrides = Overrides(script, config, name, variables, compatibility_date, flags)
    worker = load_config(overrides, here)
    chosen_port = worker.dev.port if port is None else port
    options = DevOptions(
        config=worker,
        overrides=_anchored(overrides, worker, here),
        ip=ip or worker.dev.ip or DEFAULT_IP,
        port=DEFAULT_PORT if chosen_port is None else chosen_port,
        port_is_explicit=chosen_port is not None,
        ready_file=here / ready_file if ready_file else None,
        json=json,
        reload=reload,
        hibernate_after=hibernate_after,
        persist_to=here / persist_to if persist_to else None,
    )
    # Imported late: aiohttp takes a quarter of a second, which a wrong flag need not wait for.
    from wrangler_py.reload.dev_server import run

    with printed_as_events() if json else nullcontext():
        return run(options)


def _anchored(overrides: Overrides, worker: Config, here: Path) -> Overrides:
    """The same wishes with absolute paths: a file read again is the file read first."""
    script = here / overrides.script if overrides.script else None
    return replace(overrides, script=script, config=worker.path)


def _enter(folder: Path) -> None:
    try:
        os.chdir(folder)
    except OSError as error:
        raise UsageError(f"cannot enter {folder}: {error.strerror}", where="--cwd") from None


def _variable(pair: str) -> tuple[str, str]:
    name, colon, value = pair.partition(":")
    if not colon or not name:
        meant = pair.replace("=", ":", 1) if pair.find("=") > 0 else "NAME:value"
        hint = f"for example --var {meant}"
        raise UsageError(f'a variable is NAME:VALUE, not "{pair}"', where="--var", hint=hint)
    return name, value
