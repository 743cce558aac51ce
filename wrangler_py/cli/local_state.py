"""Commands on what a project keeps on this machine, with wrangler's options."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wrangler_py.cli.delegate import foreign_command
from wrangler_py.cli.worker_options import PATH
from wrangler_py.errors import UsageError
from wrangler_py.log import log

if TYPE_CHECKING:
    from wrangler_py.config import Config
    from wrangler_py.stores.stores import Stores

__all__ = ["LOCAL", "PartlyForeign", "Project", "config_here", "project_options"]

LOCAL = "Resource location: local\n"
_REMOTE = "only what is on this machine is reached"


class PartlyForeign(click.Group):
    """Our subcommands, and those that Cloudflare's own tool does."""

    def __init__(self, *args: Any, foreign: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._foreign = foreign.split()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = super().get_command(ctx, cmd_name)
        if command is None and cmd_name in self._foreign:
            return foreign_command(cmd_name, *_names(ctx))
        return command


def _names(ctx: click.Context) -> tuple[str, ...]:
    """What was typed before a subcommand, without the name of the tool."""
    return tuple(ctx.command_path.split()[1:])


@dataclass(frozen=True, slots=True)
class Project:
    """The project whose state is meant."""

    config: Config | None
    """None: there is none here."""
    folder: Path
    """Where the state is."""
    said_local: bool = False
    """Whether `--local` was given, which some commands want beside `--persist-to`."""
    moved: bool = False
    """Whether `--persist-to` was given."""

    @contextmanager
    def stores(self) -> Iterator[Stores]:
        from wrangler_py.stores.stores import Stores  # for commands that keep something

        stores = Stores(self.folder)
        try:
            yield stores
        finally:
            stores.close()


_OPTIONS = [
    click.option("-c", "--config", type=PATH, help="The configuration to read."),
    click.option("-e", "--env", "environment", metavar="NAME", help="The environment to use."),
    click.option("--cwd", type=PATH, help="Run as if started in this folder."),
    click.option("--persist-to", type=PATH, metavar="DIR", help="Where state is kept."),
    click.option("--local", is_flag=True, hidden=True),
    click.option("--remote", is_flag=True, hidden=True),
    click.option("--profile", hidden=True),
    click.option("--install-skills", is_flag=True, hidden=True),
    click.option("--env-file", "env_files", type=PATH, multiple=True, hidden=True),
]


def project_options(function: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options that say which project is meant; it is called with ``project``."""

    @wraps(function)
    def command(
        config: Path | None,
        environment: str | None,
        cwd: Path | None,
        persist_to: Path | None,
        local: bool,
        remote: bool,
        profile: str | None,
        install_skills: bool,
        env_files: tuple[Path, ...],
        **others: Any,
    ) -> int:
        if remote:
            names = " ".join(_names(click.get_current_context()))
            raise UsageError(_REMOTE, where="--remote", hint=f"run `npx wrangler {names} --remote`")
        if env_files:
            log.debug("--env-file changes nothing here: no variable is read")
        here = Path.cwd() if cwd is None else Path.cwd() / cwd
        found = config_here(config, environment, here)
        root = here if found is None else found.root
        state = here / persist_to if persist_to else root / ".wrangler" / "state"
        project = Project(found, state / "v3", local, persist_to is not None)
        return function(project=project, **others)

    for option in reversed(_OPTIONS):
        option(command)
    return command


def config_here(path: Path | None, environment: str | None, here: Path) -> Config | None:
    """The configuration of the project in ``here``, of which nothing is run; None: there is none.

    Raises: ConfigError, UsageError.
    """
    # Imported late: `--help` needs none of it.
    from wrangler_py.config import Overrides, load_config
    from wrangler_py.config.load import find_config

    if not here.is_dir():
        raise UsageError(f"{here} is no folder", where="--cwd")
    if path is None and find_config(here) is None:
        return None
    return load_config(Overrides(config=path, environment=environment), here, runs=False)
