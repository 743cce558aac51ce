"""Where a project's packages are installed, and whether they are those that it declares."""

from __future__ import annotations

import json
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from .declared import Declared, name_of

__all__ = ["Installed", "installed"]

_STAMP = ".synced"


@dataclass(frozen=True, slots=True)
class Installed:
    """The packages of one project for one Python."""

    folder: Path
    """`.wrangler/packages/cpython-313-linux-x86_64`; it may be missing."""

    @property
    def stamp(self) -> Path:
        return self.folder / _STAMP

    def are(self, declared: Declared) -> bool:
        """Whether they are what is declared."""
        try:
            found = json.loads(self.stamp.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        return bool(found == list(declared.requirements))

    def write_stamp(self, folder: Path, declared: Declared) -> None:
        """Note in ``folder``, which becomes this one, what is in it."""
        text = json.dumps(list(declared.requirements))
        (folder / _STAMP).write_text(text, encoding="utf-8")

    def lacking(self, declared: Declared) -> list[str]:
        """Names that are declared and can be found neither here nor in the environment."""
        places = [*sys.path, str(self.folder)]
        names = (name_of(each) for each in declared.requirements)
        return [name for name in names if name and not _is_there(name, places)]


def _is_there(name: str, places: list[str]) -> bool:
    from importlib import metadata  # slow to import, and most projects declare nothing

    return next(iter(metadata.distributions(name=name, path=places)), None) is not None


def installed(root: Path) -> Installed:
    """Those of the project in ``root``."""
    platform = sysconfig.get_platform().replace(".", "_")
    tag = f"{sys.implementation.cache_tag}-{platform}"
    return Installed(root / ".wrangler" / "packages" / tag)
