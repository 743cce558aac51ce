"""Packages that a project declares and that are not there."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..errors import ConfigError
from ..log import log
from ..packages import installed, read_declared

__all__ = ["tell_lacking"]


def tell_lacking(roots: Iterable[Path]) -> None:
    """Say it for each project, once."""
    for root in dict.fromkeys(roots):
        try:
            declared = read_declared(root)
        except ConfigError:
            continue  # `sync` tells what is wrong with it
        if declared is None or not declared.requirements:
            continue
        place = installed(root)
        if names := place.lacking(declared):
            log.warn_once(
                f"pyproject.toml declares {', '.join(names)}, which cannot be imported here: "
                "`pywrangler sync` installs it"
            )
        elif place.folder.is_dir() and not place.are(declared):
            log.warn_once("pyproject.toml has changed since `pywrangler sync`: run it again")
