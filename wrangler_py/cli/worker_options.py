"""The options that say which Worker is meant, shared by every command that runs one."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any

import click

from wrangler_py.cli.complete import scripts
from wrangler_py.config import Chosen, Config, Overrides, load_config
from wrangler_py.errors import UsageError
from wrangler_py.log import Level

__all__ = ["PATH", "Asked", "level_option", "worker_options", "workers_options"]

PATH = click.Path(path_type=Path)

_OPTIONS = [
    click.option("-e", "--env", "environment", metavar="NAME", help="The environment to use."),
    click.option(
        "--env-file",
        "env_files",
        type=PATH,
        multiple=True,
        help="Secrets, instead of .dev.vars or .env; repeatable.",
    ),
    click.option("--cwd", type=PATH, help="Run as if started in this folder."),
    click.option("--assets", type=PATH, metavar="DIR", help="Static files to serve as well."),
    click.option("--name", help="The Worker's name."),
    click.option("--var", "pairs", multiple=True, metavar="K:V", help="A variable; repeatable."),
    click.option("--compatibility-date", metavar="DATE", help="As YYYY-MM-DD."),
    click.option(
        "--compatibility-flag",
        "--compatibility-flags",
        "flags",
        multiple=True,
        metavar="FLAG",
        help="Repeatable.",
    ),
]

level_option = click.option(
    "--log-level",
    "level",
    type=click.Choice([level.name.lower() for level in reversed(Level)], case_sensitive=False),
    default="log",
    envvar="WRANGLER_LOG",
    show_default=True,
    callback=lambda _context, _option, value: Level[value.upper()],
    help="How much to say.",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The Worker that the command line names."""

    config: Config
    overrides: Overrides
    """What to lay over the configuration when it is read again; its paths are absolute."""
    here: Path
    """Where relative paths start."""
    others: tuple[Chosen, ...] = ()
    """More Workers, each with a configuration of its own."""

    @property
    def alone(self) -> Asked:
        """For a command about one Worker.

        Raises: UsageError, there are several.
        """
        if self.others:
            raise UsageError("this is about one Worker, not several", where="-c")
        return self


def workers_options(function: Callable[..., int]) -> Callable[..., int]:
    """`worker_options` for a command that runs several Workers side by side."""
    return _named(_given(function), "The configuration; repeated: more Workers beside it.")


def worker_options(function: Callable[..., int]) -> Callable[..., int]:
    """Give a command these options; it is called with ``worker``, which makes an `Asked`.

    Not before it is called: how much is said about a configuration is the command's own option.
    """

    def about_one(worker: Callable[[], Asked], **others: Any) -> int:
        return function(worker=lambda: worker().alone, **others)

    return _named(_given(wraps(function)(about_one)), "The configuration to read.")


def _named(command: Callable[..., int], configuration: str) -> Callable[..., int]:
    """With what names a Worker; ``configuration``: the help for `-c`."""
    click.option("-c", "--config", "configs", type=PATH, multiple=True, help=configuration)(command)
    click.argument("script", type=PATH, required=False, shell_complete=scripts)(command)
    return command


def _given(function: Callable[..., int]) -> Callable[..., int]:

    @wraps(function)
    def command(
        script: Path | None,
        configs: tuple[Path, ...],
        environment: str | None,
        env_files: tuple[Path, ...],
        cwd: Path | None,
        assets: Path | None,
        name: str | None,
        pairs: tuple[str, ...],
        compatibility_date: str | None,
        flags: tuple[str, ...],
        **others: Any,
    ) -> int:
        def worker(**more: Any) -> Asked:
            if cwd:
                _enter(cwd)
            overrides = Overrides(
                script,
                configs[0] if configs else None,
                name,
                _variables(pairs),
                compatibility_date,
                flags,
                environment,
                env_files,
                assets,
                **more,
            )
            return _asked(overrides, configs[1:], Path.cwd())

        return function(worker=worker, **others)

    for option in reversed(_OPTIONS):
        option(command)
    return command


def _asked(overrides: Overrides, others: tuple[Path, ...], here: Path) -> Asked:
    config = load_config(overrides, here)
    # The same wishes with absolute paths: a file read again is the file read first.
    script = here / overrides.script if overrides.script else None
    assets = here / overrides.assets if overrides.assets else None
    found = overrides.config if config.redirected else config.path
    overrides = replace(overrides, script=script, config=found, assets=assets)
    beside = tuple(_beside(path, overrides, here) for path in others)
    return Asked(config, overrides, here, beside)


def _beside(path: Path, primary: Overrides, here: Path) -> Chosen:
    """A Worker beside the primary one: of its wishes it shares the environment, as in wrangler."""
    overrides = Overrides(config=(here / path).resolve(), environment=primary.environment)
    return Chosen(load_config(overrides, here), overrides)


def _enter(folder: Path) -> None:
    try:
        os.chdir(folder)
    except OSError as error:
        raise UsageError(f"cannot enter {folder}: {error.strerror}", where="--cwd") from None


def _variables(pairs: tuple[str, ...]) -> Mapping[str, str]:
    return dict(map(_variable, pairs))


def _variable(pair: str) -> tuple[str, str]:
    name, colon, value = pair.partition(":")
    if not colon or not name:
        meant = pair.replace("=", ":", 1) if pair.find("=") > 0 else "NAME:value"
        hint = f"for example --var {meant}"
        raise UsageError(f'a variable is NAME:VALUE, not "{pair}"', where="--var", hint=hint)
    return name, value
