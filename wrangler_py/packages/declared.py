"""The dependencies that `pyproject.toml` declares, as Cloudflare's own tool reads them.

Source: https://developers.cloudflare.com/workers/languages/python/packages/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ..errors import ConfigError

__all__ = ["Declared", "name_of", "read_declared"]

_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


@dataclass(frozen=True, slots=True)
class Declared:
    """The requirements of a project, as they are written."""

    path: Path
    requirements: tuple[str, ...]


def read_declared(folder: Path) -> Declared | None:
    """What the project in ``folder`` declares; None: there is no pyproject.toml.

    Raises: ConfigError: it cannot be understood.
    """
    path = folder / "pyproject.toml"
    if not path.is_file():
        return None
    import tomllib  # many projects have no such file

    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"cannot be read: {error}", where=str(path)) from None
    project = document.get("project", {})
    found = project.get("dependencies", []) if isinstance(project, dict) else []
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise ConfigError(
            "`dependencies` of [project] must be a list of strings", where=f"{path} [project]"
        )
    return Declared(path, tuple(found))


def name_of(requirement: str) -> str | None:
    """The name of what is required; None: it is only for some, or is nothing of that form."""
    found = _NAME.match(requirement)
    return None if found is None or ";" in requirement else found[1]
