"""What is told once about a project before it is loaded."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..compat import flag_names
from ..config.model import Config
from ..config.source import closest
from ..errors import ConfigError
from ..log import log
from ..packages import installed, read_declared

__all__ = ["tell_lacking", "tell_unknown_flags"]


def tell_lacking(roots: Iterable[Path]) -> None:
    """Name the packages that a project declares and that are not there."""
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


def tell_unknown_flags(configs: Iterable[Config]) -> None:
    """Name the compatibility flags that keep `wrangler dev` from starting."""
    for config in configs:
        named = config.compatibility_flags
        for name in sorted(set(named) - flag_names()) if named else ():
            near = closest(name, flag_names())
            hint = near or "if the runtime has none of that name, Cloudflare refuses the Worker"
            log.warn_once(f"No such compatibility flag is known here: {name} ({hint})")
