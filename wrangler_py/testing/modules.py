"""Leave the interpreter's modules as they were: a test's worker is gone when the test is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from ..facades.install import install, uninstall
from ..runtime import modules

__all__ = ["offer_runtime", "worker_modules"]


def offer_runtime() -> None:
    """Make `js`, `pyodide` and what the SDK needs importable, for good."""
    install()
    modules.provide()


@contextmanager
def worker_modules(folder: Path) -> Iterator[None]:
    """Offer the runtime's modules to a script in ``folder``; forget at the end what it imported."""
    before, finders = dict(sys.modules), list(sys.meta_path)
    for name in _shadowing(folder):
        del sys.modules[name]
    offer_runtime()
    offered_before = sys.meta_path == finders
    try:
        yield
    finally:
        for name, module in list(sys.modules.items()):
            if _is_workers_own(module) and before.get(name) is not module:
                del sys.modules[name]
        if not offered_before:
            uninstall()
        sys.meta_path[:] = finders
        # What the worker's modules had replaced is back, and so is what ours had.
        sys.modules.update({n: m for n, m in before.items() if n not in sys.modules})


def _shadowing(folder: Path) -> list[str]:
    """Modules already imported, perhaps from elsewhere, that the worker is to import itself."""
    own = {path.stem for path in folder.glob("*.py")} | {
        path.parent.name for path in folder.glob("*/__init__.py")
    }
    own -= sys.stdlib_module_names | {"wrangler_py"}
    return [name for name in sys.modules if name.partition(".")[0] in own]


def _is_workers_own(module: ModuleType) -> bool:
    loader = getattr(getattr(module, "__spec__", None), "loader", None)
    return type(loader).__module__ == "wrangler_py.runtime.loader"


def of_workers() -> list[ModuleType]:
    """The modules that workers under test have imported from their own folders."""
    return [module for module in list(sys.modules.values()) if _is_workers_own(module)]
