"""Leave the interpreter's modules as they were: a test's worker is gone when the test is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from ..config import Overrides, load_config
from ..errors import WranglerError
from ..facades.install import install, uninstall
from ..log import Level, Settings, log
from ..runtime import modules
from ..runtime.loader import is_of_sdk

__all__ = ["importable_worker", "of_workers", "offer_runtime", "worker_modules"]


def offer_runtime() -> None:
    """Make `js`, `pyodide` and what the SDK needs importable."""
    install()
    modules.provide()


def importable_worker(script: str, folder: Path) -> Callable[[], None]:
    """Make the modules of the Worker in ``folder`` importable as it imports them itself.

    Returns:
        What undoes it.
    """
    finders = list(sys.meta_path)
    offer_runtime()
    offered = sys.meta_path != finders
    main = _main_of(script, folder)
    root = None if main is None else str(main.parent)
    if root is not None:
        sys.path.insert(0, root)

    def undo() -> None:
        if offered:
            uninstall()
        if root in sys.path:
            sys.path.remove(root)

    return undo


def _main_of(script: str, folder: Path) -> Path | None:
    """The main module; None if the configuration does not say, which those hear who run it."""
    settings, log.settings = log.settings, Settings(level=Level.NONE)
    try:
        return load_config(Overrides(Path(script) if script else None), folder).main
    except WranglerError:
        return None
    finally:
        log.settings = settings


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
        # What the worker's modules had replaced is back, and so is what ours had; but the parts
        # of an SDK that another date's worker has replaced do not fit the new one.
        gone = {n: m for n, m in before.items() if n not in sys.modules}
        replaced = _sdk(sys.modules) is not _sdk(before)
        sys.modules.update({n: m for n, m in gone.items() if not (replaced and is_of_sdk(n))})


def _sdk(among: Mapping[str, ModuleType]) -> ModuleType | None:
    return among.get("workers")


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
