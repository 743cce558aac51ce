"""A debugger has the terminal to itself: the keys, the modes and the log stand aside.

`breakpoint()` and `pdb.set_trace()` end in `pdb.Pdb.interaction`, whatever thread or handler they
are in, and so do debuggers made of pdb. Those that are not keep terminals of their own.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from types import FrameType, ModuleType
from typing import Any

__all__ = ["Aside", "NoTerminal", "give_way"]

Aside = Callable[[], AbstractContextManager[object]]


class NoTerminal(RuntimeError):
    """`breakpoint()` where nobody could type."""


class _Finder(importlib.abc.MetaPathFinder):
    """Sees `pdb` being imported, which costs too much to do it for everybody."""

    def __init__(self, change: Callable[[ModuleType], None]) -> None:
        self._change = change

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != "pdb":
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.loader is None:
            return None
        run, change = spec.loader.exec_module, self._change

        def exec_module(module: ModuleType) -> None:
            run(module)
            change(module)

        vars(spec.loader)["exec_module"] = exec_module
        return spec


def give_way(aside: Aside, why_not: str | None) -> Callable[[], None]:
    """Let each prompt of pdb's stand in ``aside``; returns what undoes it.

    ``why_not``: why nobody could type; the debugger raises instead of waiting for them.
    """
    undo: list[Callable[[], None]] = []

    def change(module: ModuleType) -> None:
        undo.append(_patched(module.Pdb, aside, why_not))

    finder = _Finder(change)
    if "pdb" in sys.modules:
        change(sys.modules["pdb"])
    else:
        sys.meta_path.insert(_before_paths(), finder)

    def end() -> None:
        if finder in sys.meta_path:
            sys.meta_path.remove(finder)
        for each in undo:
            each()

    return end


def _before_paths() -> int:
    """In front of what finds ordinary modules, behind what stands before that for good reasons."""
    paths = importlib.machinery.PathFinder
    return sys.meta_path.index(paths) if paths in sys.meta_path else len(sys.meta_path)


def _patched(pdb: Any, aside: Aside, why_not: str | None) -> Callable[[], None]:
    interaction, set_trace = pdb.interaction, pdb.set_trace

    def interact(self: Any, *args: Any, **kwargs: Any) -> Any:
        if why_not is not None:
            raise _nobody(why_not)
        if getattr(self, "mode", None) == "inline":
            self.mode = None  # since 3.14 `q` would end the process, not the request
        with aside():
            return interaction(self, *args, **kwargs)

    def trace(self: Any, frame: FrameType | None = None, **kwargs: Any) -> Any:
        if why_not is not None:
            raise _nobody(why_not)
        return set_trace(self, frame or sys._getframe(1), **kwargs)

    pdb.interaction, pdb.set_trace = interact, trace

    def undo() -> None:
        pdb.interaction, pdb.set_trace = interaction, set_trace

    return undo


def _nobody(why_not: str) -> NoTerminal:
    error = NoTerminal(f"a debugger cannot be used here: {why_not}")
    error.add_note(
        "hint: run `pywrangler dev` in a terminal, or attach an editor with --debugpy; "
        "PYTHONBREAKPOINT=0 passes over every breakpoint()"
    )
    return error
