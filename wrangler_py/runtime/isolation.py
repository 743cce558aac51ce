"""Modules of several Workers in one interpreter: each imports its own, though names clash.

A Worker's modules stand in `sys.modules` while it imports something, at load and later, and what
other Workers imported does not. Between imports the primary Worker's are there, and those of
others whose names are free: for what looks modules up by name, as `pickle` does.
"""

from __future__ import annotations

import builtins
import importlib.abc
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import RLock
from types import ModuleType
from typing import Any

from .printing import print_as_console

__all__ = ["Isolation"]

_live: list[Isolation] = []
_entered: list[Isolation] = []
_lock = RLock()


class Isolation:
    """The modules of one load of one Worker among several."""

    def __init__(
        self,
        finder: importlib.abc.MetaPathFinder,
        owns: Callable[[ModuleType], bool],
        *,
        is_primary: bool,
    ) -> None:
        """``owns``: whether a module is of a Worker's own code, and of no installed package."""
        self.modules: dict[str, ModuleType] = {}
        self._finder, self._owns, self._is_primary = finder, owns, is_primary
        self._import = builtins.__import__
        own = {"__import__": self._import_own, "print": print_as_console}
        self.builtins = {**vars(builtins), **own}
        """`__builtins__` of its modules: an `import` in a function finds its own modules, too."""

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Import as this Worker."""
        if _entered and _entered[-1] is self:
            yield
            return
        with _lock:
            outside = _take_out(self._owns)
            finders = [each for each in sys.meta_path if type(each) is type(self._finder)]
            place = _put_in_place(finders, self._finder)
            sys.modules.update(self.modules)
            _entered.append(self)
            try:
                yield
            finally:
                _entered.pop()
                self.modules = _take_out(self._owns)
                sys.modules.update(outside)
                sys.meta_path.remove(self._finder)
                sys.meta_path[place:place] = finders

    def publish(self, instead_of: Isolation | None) -> None:
        """The load succeeded: let others find its modules, where they may."""
        _live.append(self)
        if instead_of is not None:
            instead_of._withdraw()
        for name, module in self.modules.items():
            if self._is_primary:
                sys.modules[name] = module
            else:
                sys.modules.setdefault(name, module)
        if self._is_primary or not any(type(f) is type(self._finder) for f in sys.meta_path):
            finders = [each for each in sys.meta_path if type(each) is type(self._finder)]
            _put_in_place(finders, self._finder)

    def forget(self) -> None:
        """Its code has ended."""
        self._withdraw()
        if self in _live:
            _live.remove(self)
        if self._finder in sys.meta_path:
            sys.meta_path.remove(self._finder)

    def _withdraw(self) -> None:
        for name, module in self.modules.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]

    def _import_own(
        self,
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: tuple[str, ...] | None = (),
        level: int = 0,
    ) -> Any:
        if level == 0 and _is_common(name.partition(".")[0]):
            return self._import(name, globals, locals, fromlist or (), level)
        with self.entered():
            return self._import(name, globals, locals, fromlist or (), level)


def _is_common(top: str) -> bool:
    """Whether ``top`` was imported, and is no Worker's own."""
    return top in sys.modules and not any(top in each.modules for each in (*_live, *_entered[-1:]))


def _take_out(owned: Callable[[ModuleType], bool]) -> dict[str, ModuleType]:
    """Remove all Workers' modules from `sys.modules`."""
    taken = {name: module for name, module in list(sys.modules.items()) if owned(module)}
    for name in taken:
        del sys.modules[name]
    return taken


def _put_in_place(
    others: list[importlib.abc.MetaPathFinder], finder: importlib.abc.MetaPathFinder
) -> int:
    """Put ``finder`` where the first of ``others`` is, instead of all of them; where that is."""
    place = sys.meta_path.index(others[0]) if others else _behind_facades()
    for each in others:
        sys.meta_path.remove(each)
    sys.meta_path.insert(place, finder)
    return place


def _behind_facades() -> int:
    first = sys.meta_path[0] if sys.meta_path else None
    return 1 if type(first).__module__.endswith("facades.install") else 0
