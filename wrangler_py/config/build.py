"""`build`: a command that makes the script, run before it is loaded.

Source: https://developers.cloudflare.com/workers/wrangler/custom-builds/
Differs: a build that runs again holds requests up until it is done.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wrangler_py.config.source import Section, check_path
from wrangler_py.errors import ScriptError, UsageError
from wrangler_py.log import log

__all__ = ["Build", "read_build", "run_build"]

_PREFIX = "[custom build]"
_NO_SOURCES = frozenset(("__pycache__", "node_modules"))
_done: set[Build] = set()


@dataclass(frozen=True, slots=True)
class Build:
    """A command, and whose change makes it run again."""

    command: str
    folder: Path
    watched: tuple[Path, ...]

    def sources(self) -> Iterator[Path]:
        """The files whose change makes it run again; those that are there now."""
        for place in self.watched:
            if place.is_file():
                yield place
            for parent, folders, files in os.walk(place):
                folders[:] = [f for f in folders if f[0] != "." and f not in _NO_SOURCES]
                yield from (Path(parent, file) for file in files)


def read_build(file: Section, folder: Path) -> Build | None:
    """What the configuration in ``folder`` says of it."""
    table = file.table("build")
    command = table.text("command") if table is not None else None
    if table is None or not command:
        return None
    named = table.raw("watch_dir")
    watched = named if isinstance(named, list) else [named or "./src"]
    for each in watched:
        check_path(str(each), table.where("watch_dir"))
    cwd = table.path_text("cwd")
    return Build(
        command,
        (folder / cwd).resolve() if cwd else Path.cwd(),
        tuple((folder / str(each)).resolve() for each in watched),
    )


def run_build(build: Build, *, again: bool = False) -> None:
    """Run it, if this process has not yet; ``again``: even then.

    Raises: ScriptError: it failed; UsageError: there is no such folder.
    """
    if build in _done and not again:
        return
    if not build.folder.is_dir():
        raise UsageError(f"there is no folder {build.folder}", where="build.cwd")
    log.info(f"{_PREFIX} Running: {build.command}")
    from wrangler_py.programs import run_to_its_end  # few projects are built

    code = run_to_its_end(
        build.command,
        build.folder,
        lambda line: log.info(f"{_PREFIX} {line}"),
        {**os.environ, "WRANGLER_COMMAND": "dev"},
    )
    if code != 0:
        raise ScriptError(
            f"the custom build `{build.command}` failed with exit code {code}",
            hint="what it said stands above",
        )
    _done.add(build)
