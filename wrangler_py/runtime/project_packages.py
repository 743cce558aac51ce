"""The packages of a project on `sys.path`: what `pywrangler sync` installed, behind all else.

What `python_modules` has for Pyodide alone is passed over for a copy that this Python can load.
"""

from __future__ import annotations

import importlib.abc
import sys
from collections.abc import Iterable, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType

from ..packages import installed
from ..packages.vendored import foreign_names

__all__ = ["provide_packages"]


class _NativeFinder(importlib.abc.MetaPathFinder):
    """Looks for some modules everywhere but in the folders that are for Pyodide."""

    def __init__(self) -> None:
        self.vendored: list[str] = []
        self.names: frozenset[str] = frozenset()
        self.added: list[str] = []

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if path is not None or fullname not in self.names:
            return None
        places = [place for place in sys.path if place not in self.vendored]
        spec = PathFinder.find_spec(fullname, places, target)
        if spec is None:
            missing = ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
            missing.add_note(
                f"hint: {fullname} in python_modules is compiled for Pyodide; `pywrangler sync` "
                "installs it for this Python"
            )
            raise missing
        return spec


_finder = _NativeFinder()


def provide_packages(root: Path, vendored: Iterable[str], *, shared: bool = False) -> None:
    """Let the code of the project in ``root`` import its packages.

    ``vendored``: its `python_modules`, which are on the path already. ``shared``: other projects
    run in this process, too, and keep theirs.
    """
    if not shared:
        sys.path[:] = [place for place in sys.path if place not in _finder.added]
        _finder.added, _finder.vendored, _finder.names = [], [], frozenset()
    folder = str(installed(root).folder)
    if Path(folder).is_dir() and folder not in sys.path:
        sys.path.append(folder)
        _finder.added.append(folder)
    for place in vendored:
        if place not in _finder.vendored:
            _finder.vendored.append(place)
            _finder.names |= foreign_names(Path(place))
    if _finder in sys.meta_path:
        sys.meta_path.remove(_finder)
    if _finder.names:
        sys.meta_path.insert(_before_the_path(), _finder)


def _before_the_path() -> int:
    """The place behind what is looked up by other means: facades, a script's own modules."""
    finders: list[object] = list(sys.meta_path)
    return finders.index(PathFinder) if PathFinder in finders else len(finders)
