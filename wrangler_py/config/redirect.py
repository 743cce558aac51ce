"""`.wrangler/deploy/config.json`: a build tool's word for the configuration that it made.

Source: https://developers.cloudflare.com/workers/wrangler/configuration/#generated-wrangler-configuration
"""

from __future__ import annotations

import os
from pathlib import Path

from wrangler_py.config import jsonc
from wrangler_py.config.source import check_path
from wrangler_py.errors import ConfigError
from wrangler_py.log import log

__all__ = ["find_redirect", "read_redirect"]

_NAME = Path(".wrangler", "deploy", "config.json")


def find_redirect(folder: Path, config: Path | None) -> Path | None:
    """The file at or above ``folder``, where ``config`` is the person's own configuration.

    Raises: ConfigError: it is not beside that.
    """
    places = (place / _NAME for place in (folder, *folder.parents))
    found = next((path for path in places if path.is_file()), None)
    if found is not None and config is not None and config.parent / _NAME != found:
        raise ConfigError(
            f"{os.path.relpath(found)} names another configuration, and is not beside "
            f"{os.path.relpath(config)}: it is not clear which is meant",
            where=str(found),
            hint="delete it if an earlier build left it behind, or name the configuration by -c",
        )
    return found


def read_redirect(path: Path) -> Path:
    """The configuration that ``path`` sends to.

    Raises: ConfigError: there is none.
    """
    value, _ = jsonc.parse(path.read_text(encoding="utf-8", errors="replace"), str(path))
    named = value.get("configPath") if isinstance(value, dict) else None
    if not isinstance(named, str) or not named:
        raise ConfigError("there is no `configPath` in it", where=str(path))
    check_path(named, str(path))
    target = (path.parent / named).resolve()
    if not target.is_file():
        raise ConfigError(
            f"`configPath` does not exist: {target}",
            where=str(path),
            hint="run the build that makes it",
        )
    log.info_once(f"Using redirected Wrangler configuration: {target}")
    return target
