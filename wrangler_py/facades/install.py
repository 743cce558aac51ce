"""Put `js`, `pyodide` and the runtime's private modules where a worker's imports find them.

They exist in this process only, found by a meta-path finder that is asked before the path,
so that a real `pyodide` in site-packages cannot shadow ours.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from ..js import null
from . import modules

_OWNED = frozenset(modules.BUILDERS)
_CONSTANT = frozenset({"js", "_pyodide_entrypoint_helper"})
"""Modules whose names mean the same to every worker."""


class _Facade(ModuleType):
    """A module whose names are made when asked for."""

    __path__: list[str]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__version__":
            raise AttributeError(name)
        value = modules.lookup(self.__name__, name)
        if self.__name__ in _CONSTANT:  # read at every request
            self.__dict__[name] = value
        return value

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *modules.names(self.__name__)})

    def __repr__(self) -> str:
        return "[object global]" if self.__name__ == "js" else super().__repr__()


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds our modules by name, before anything on the path."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in _OWNED:
            return None
        is_package = fullname in modules.PACKAGES
        return importlib.machinery.ModuleSpec(fullname, self, is_package=is_package)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _Facade(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        vars(module).update(modules.BUILDERS[module.__name__]())


_finder = _Finder()


def install() -> None:
    """Make the runtime's modules importable; harmless when called again."""
    if _finder in sys.meta_path:
        return
    for name in _OWNED:
        sys.modules.pop(name, None)  # a real one that was imported earlier
    sys.meta_path.insert(0, _finder)
    null.teach_json()


def uninstall() -> None:
    """Undo `install`."""
    if _finder in sys.meta_path:
        sys.meta_path.remove(_finder)
        for name in _OWNED:
            sys.modules.pop(name, None)
