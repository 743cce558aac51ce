"""`pywrangler sync`: what pyproject.toml declares, installed for `dev`."""

from __future__ import annotations

from pathlib import Path

import click

from wrangler_py.cli.local_state import config_here
from wrangler_py.cli.worker_options import PATH
from wrangler_py.errors import ExitCode, UsageError
from wrangler_py.log import log

__all__ = ["sync"]

_VENDORS = "uvx --from workers-py pywrangler sync"


@click.command(short_help="Install the project's packages for `dev`.")
@click.option("-c", "--config", type=PATH, help="The configuration to read.")
@click.option("--cwd", type=PATH, help="Run as if started in this folder.")
@click.option("--force", is_flag=True, help="Install again though nothing changed.")
@click.option("--upgrade", is_flag=True, help="The same: the newest that is allowed.")
@click.option("--allow-build/--no-allow-build", hidden=True, default=None)
def sync(
    config: Path | None, cwd: Path | None, force: bool, upgrade: bool, allow_build: bool | None
) -> int:
    """Install the `dependencies` of pyproject.toml for this Python, in .wrangler/packages.

    `pywrangler dev` finds them there. What a deployment needs, python_modules, is made by
    Cloudflare's own tool.
    """
    from wrangler_py.packages import installed, read_declared
    from wrangler_py.packages.install import install

    here = Path.cwd() if cwd is None else Path.cwd() / cwd
    found = config_here(config, None, here)
    root = here if found is None else found.root
    declared = read_declared(root)
    if declared is None:
        raise UsageError(
            f"there is no pyproject.toml in {root}",
            hint='it says what is needed: [project], name = "...", dependencies = ["fastapi"]',
        )
    if (root / "requirements.txt").is_file():
        log.warn("requirements.txt is not read: `dependencies` in pyproject.toml are")
    place = installed(root)
    if place.are(declared) and not (force or upgrade):
        log.info("Nothing changed: the packages are those of pyproject.toml")
        return ExitCode.OK
    count = len(declared.requirements)
    log.info(f"Installing {count} {'dependency' if count == 1 else 'dependencies'}...")
    install(declared, place, log.info)
    log.info(f"Installed into {place.folder}")
    log.debug(f"python_modules, for a deployment: `{_VENDORS}`")
    return ExitCode.OK
