"""Load a worker's code: the script, and the modules beside it, fresh each time.

The modules of a load belong together: they come in with it, and when it fails, the modules
of the last good load are back in `sys.modules` as if nothing had happened. Installed packages
are imported once and stay.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..errors import ScriptError
from .attached import check_open
from .entropy import warn_of_entropy
from .project_packages import provide_packages
from .unavailable import EVENTS, point_out

if TYPE_CHECKING:
    from .isolation import Isolation

Goes = Callable[[Path], bool]

_SDK = ("workers", "asgi")
SRC_NOTE = (
    "If your main module is inside the 'src' directory then your import "
    "statement shouldn't include a 'src.' prefix"
)


@dataclass(slots=True)
class LoadedCode:
    """The modules of one load."""

    main: ModuleType
    finder: importlib.abc.MetaPathFinder
    modules: dict[str, ModuleType] = field(default_factory=dict)
    files: set[Path] = field(default_factory=set)
    """Every file that the load read: sources, and data that it opened."""
    isolation: Isolation | None = None
    """Keeps its modules from those of other Workers; None: it is alone."""


class _FreshLoader(importlib.machinery.SourceFileLoader):
    """Compiles from source every time: a bytecode cache is only as fresh as a whole second."""

    isolation: Isolation | None = None

    def exec_module(self, module: ModuleType) -> None:
        if self.isolation is not None:
            vars(module)["__builtins__"] = self.isolation.builtins
        super().exec_module(module)

    def path_stats(self, path: Any) -> Any:
        raise OSError("no bytecode cache for a worker's own code")

    def source_to_code(self, data: Any, path: Any, **options: Any) -> Any:  # type: ignore[override]
        # Tracebacks show the lines that run, though the file may hold others by then.
        with suppress(UnicodeDecodeError, SyntaxError):  # which compiling tells with the file
            lines = importlib.util.decode_source(bytes(data)).splitlines(keepends=True)
            linecache.cache[str(path)] = (len(data), None, lines, str(path))
        code = super().source_to_code(data, path, **options)
        warn_of_entropy(str(path), bytes(data))
        return code


class _UserFinder(importlib.abc.MetaPathFinder):
    """Finds the modules beside the script, past the import system's own caches."""

    def __init__(self, root: Path, goes: Goes) -> None:
        """``goes``: whether a file goes to Cloudflare with the script."""
        self._root = root
        self._goes = goes
        self.found: set[str] = set()
        self.missed: set[Path] = set()
        self.isolation: Isolation | None = None

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        folders = [str(self._root)] if path is None else [p for p in path if self._owns(p)]
        for folder in folders:
            finder = importlib.machinery.FileFinder(folder, (_FreshLoader, [".py"]))
            spec = finder.find_spec(fullname, target)
            if spec is not None and spec.loader is not None:
                self._check(fullname, spec.origin)
                self.found.add(fullname)
                if isinstance(spec.loader, _FreshLoader):
                    spec.loader.isolation = self.isolation
                return spec
            self.missed.add(Path(folder, fullname.rpartition(".")[2]).with_suffix(".py"))
        return None

    def _check(self, name: str, origin: str | None) -> None:
        if origin is not None and not self._goes(Path(origin)):
            missing = ModuleNotFoundError(f"No module named {name!r}", name=name)
            missing.add_note(
                f"hint: {origin} does not go to Cloudflare: see `rules` and "
                "`find_additional_modules` in the configuration"
            )
            raise missing

    def _owns(self, folder: str) -> bool:
        return Path(folder).is_relative_to(self._root) and "site-packages" not in folder


class _Recorder:
    """Files that are opened for reading while a worker is being loaded; and what to point out."""

    def __init__(self) -> None:
        self.root: str | None = None
        self.files: set[Path] = set()

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if event in EVENTS:
            point_out(event)
        if event != "open":
            return
        check_open(args)
        if self.root is None:
            return
        path, mode, _ = args
        if isinstance(path, str) and path.startswith(self.root) and "w" not in (mode or "r"):
            self.files.add(Path(path))


_recorder = _Recorder()
_installed: dict[str, Any] = {}


@contextmanager
def _recording(root: Path) -> Iterator[set[Path]]:
    if "hook" not in _installed:
        sys.addaudithook(_recorder)  # cannot be removed, so there is one, mostly asleep
        _installed["hook"] = True
    _recorder.root, _recorder.files = str(root), set()
    try:
        yield _recorder.files
    finally:
        _recorder.root = None


def load(
    main: Path,
    root: Path,
    sdk_key: str,
    previous: LoadedCode | None = None,
    *,
    goes: Goes = lambda _: True,
) -> LoadedCode:
    """Import the script ``main`` and what it needs.

    Args:
        main: the script; its folder is where its imports start.
        root: the project's folder.
        sdk_key: what the SDK was imported for; a new value imports it again.
        previous: the last good load, whose modules give way to this one's.
        goes: whether a file goes to Cloudflare with the script; others are not found.

    Raises:
        ScriptError: there is no such script, or it is no Python file.
        BaseException: whatever the user's code raised while it was imported.
    """
    _check(main)
    _provide_sdk(main.parent, root, sdk_key)
    finder = _UserFinder(main.parent, goes)
    removed = _take_out(main, previous)
    before = set(sys.modules)
    sys.meta_path.insert(_after_facades(), finder)
    sys.path.insert(0, str(main.parent))
    try:
        with _recording(_recorded(main, root)) as files:
            module = _import_main(main, finder)
        return LoadedCode(module, finder, _taken(finder, main), files | _sources(finder) | {main})
    except BaseException as exc:
        _explain(exc)
        exc.__wrangler_files__ = _recorder.files | finder.missed | {main}  # type: ignore[attr-defined]
        for name in set(sys.modules) - before:
            if name in finder.found or name == main.stem:
                del sys.modules[name]
        sys.modules.update(removed)
        raise
    finally:
        sys.path.remove(str(main.parent))
        _keep_finder(finder)


def load_among_others(
    main: Path,
    root: Path,
    sdk_key: str,
    previous: LoadedCode | None = None,
    *,
    is_primary: bool,
    goes: Goes = lambda _: True,
) -> LoadedCode:
    """`load`, for one Worker of several, which have modules of the same names.

    ``is_primary``: its modules are those that everybody else finds by their names.
    """
    from .isolation import Isolation  # most Workers are alone

    _check(main)
    _provide_sdk(main.parent, root, sdk_key, shared=True)
    finder = _UserFinder(main.parent, goes)
    isolation = finder.isolation = Isolation(finder, _is_of_a_worker, is_primary=is_primary)
    sys.path.insert(0, str(main.parent))
    try:
        with isolation.entered(), _recording(_recorded(main, root)) as files:
            module = _import_main(main, finder)
            files = files | _sources(finder) | {main}
    except BaseException as exc:
        _explain(exc)
        exc.__wrangler_files__ = _recorder.files | finder.missed | {main}  # type: ignore[attr-defined]
        raise
    finally:
        sys.path.remove(str(main.parent))
    isolation.publish(previous.isolation if previous else None)
    return LoadedCode(module, finder, isolation.modules, files, isolation)


def nothing(main: Path) -> LoadedCode:
    """The code of a Worker that has none; ``main`` is what it is called by."""
    return LoadedCode(ModuleType(main.stem), _UserFinder(main.parent, lambda _: True))


def _is_of_a_worker(module: ModuleType) -> bool:
    # A script may put anything into `sys.modules`.
    return isinstance(getattr(module, "__loader__", None), _FreshLoader)


def _check(main: Path) -> None:
    if not main.is_file():
        raise ScriptError(f"{main.name} does not exist", where=str(main))
    if main.suffix != ".py":
        raise ScriptError("Main module needs to end with a .py file extension", where=str(main))


def _recorded(main: Path, root: Path) -> Path:
    return root if main.is_relative_to(root) else main.parent


def _import_main(main: Path, finder: _UserFinder) -> ModuleType:
    name = main.stem
    loader = _FreshLoader(name, str(main))
    loader.isolation = finder.isolation
    spec = importlib.machinery.ModuleSpec(name, loader, origin=str(main))
    spec.has_location = True
    module = types.ModuleType(name)
    module.__spec__, module.__loader__, module.__file__ = spec, loader, str(main)
    shadows_library = name in sys.stdlib_module_names
    if not shadows_library:
        sys.modules[name] = module
    loader.exec_module(module)
    return sys.modules.get(name, module) if not shadows_library else module


def _after_facades() -> int:
    """The place behind our facades, which nothing may shadow."""
    first = sys.meta_path[0] if sys.meta_path else None
    return 1 if type(first).__module__.endswith("facades.install") else 0


def _keep_finder(finder: _UserFinder) -> None:
    """Leave one finder in place: handlers import lazily, too."""
    for other in [f for f in sys.meta_path if isinstance(f, _UserFinder) and f is not finder]:
        sys.meta_path.remove(other)


def _take_out(main: Path, previous: LoadedCode | None) -> dict[str, ModuleType]:
    """Remove the last load's modules, so that this one imports its own."""
    removed: dict[str, ModuleType] = {}
    for name, module in (previous.modules if previous else {}).items():
        if sys.modules.get(name) is module:
            removed[name] = sys.modules.pop(name)
    stale = sys.modules.get(main.stem)
    if stale is not None and getattr(stale, "__file__", None) == str(main):
        removed[main.stem] = sys.modules.pop(main.stem)
    return removed


def _taken(finder: _UserFinder, main: Path) -> dict[str, ModuleType]:
    names = {*finder.found, main.stem}
    return {name: sys.modules[name] for name in names if name in sys.modules}


def _sources(finder: _UserFinder) -> set[Path]:
    modules = (sys.modules.get(name) for name in finder.found)
    return {Path(file) for m in modules if m is not None and (file := getattr(m, "__file__", None))}


def is_of_sdk(name: str) -> bool:
    """Whether the module ``name`` is one of the SDK's."""
    return name.partition(".")[0] in _SDK


def _provide_sdk(folder: Path, root: Path, key: str, *, shared: bool = False) -> None:
    """Make `workers` importable: a copy that the project vendored wins over the installed one.

    ``shared``: other Workers use it too, so the first copy stays.
    """
    vendored = [
        str(path) for path in (folder / "python_modules", root / "python_modules") if path.is_dir()
    ]
    provide_packages(root, vendored, shared=shared)
    known = _installed.get("sdk")
    if shared and known is not None:
        vendored = [path for path in vendored if path not in known[1]]
        _installed["sdk"] = (known[0], (*known[1], *vendored))
        sys.path[:] = [*vendored, *(path for path in sys.path if path not in vendored)]
        return
    stale = known not in (None, (key, tuple(vendored)))
    if stale:
        for name in [n for n in sys.modules if is_of_sdk(n)]:
            del sys.modules[name]
        for path in _installed["sdk"][1]:
            if path in sys.path:
                sys.path.remove(path)
    _installed["sdk"] = (key, tuple(vendored))
    for path in reversed(vendored):
        if path not in sys.path:
            sys.path.insert(0, path)


def _explain(exc: BaseException) -> None:
    if isinstance(exc, ModuleNotFoundError) and (exc.name or "").partition(".")[0] == "src":
        exc.add_note(SRC_NOTE)


def unload(code: LoadedCode) -> None:
    """Forget a load's modules, where a later load has not replaced them."""
    if code.isolation is not None:
        code.isolation.forget()
        return
    for name, module in code.modules.items():
        if sys.modules.get(name) is module:
            del sys.modules[name]
    if code.finder in sys.meta_path:
        sys.meta_path.remove(code.finder)
