"""The project's own source files: which there are, and which of them the main module reaches."""

from __future__ import annotations

import ast
import os
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from wrangler_py import compat
from wrangler_py.check.finding import Finding
from wrangler_py.check.rules import Severity
from wrangler_py.check.source import Source
from wrangler_py.config.model import Config

__all__ = ["Project", "imported_modules", "read_project", "vendor_folders"]

_SKIPPED = frozenset({"node_modules", "python_modules", "vendor", "__pycache__", "build", "dist"})


@dataclass
class Project:
    """A Worker's configuration and source."""

    config: Config
    compat: compat.Compat
    sources: list[Source] = field(default_factory=list)
    """What the main module reaches by imports, the main module first."""
    broken: list[Finding] = field(default_factory=list)
    """Files that do not parse."""
    files: int = 0

    @property
    def profile(self) -> str:
        """The name of the Worker's Pyodide."""
        return self.compat.profile.name

    @property
    def python(self) -> str:
        """The Worker's Python, as in "3.13"."""
        return "{}.{}".format(*self.compat.profile.python_version)

    @cached_property
    def mentioned(self) -> frozenset[str]:
        """Every name that code of the Worker reads, imports or exports."""
        return frozenset(name for source in self.sources for name in _mentions(source))

    @property
    def main(self) -> Source | None:
        """The main module, if it parses."""
        found = [source for source in self.sources if source.path == self.config.main]
        return found[0] if found else None


def read_project(config: Config) -> Project:
    """Read the main module, what it imports of the project, and what lies beside it."""
    project = Project(config, compat.resolve(config.compatibility_date, config.compatibility_flags))
    if config.is_assets_only:
        return project
    root = config.main.parent
    reached: set[Path] = set()
    waiting = [config.main]
    while waiting:
        path = waiting.pop()
        if path in reached:
            continue
        reached.add(path)
        source = _read(project, path, Severity.ERROR)
        if source is not None:
            project.sources.append(source)
            waiting += _local_imports(source, root)
    beside = set(_python_files(root)) - reached if config.path else set()
    for path in sorted(beside):
        _read(project, path, Severity.WARNING)
    project.files = len(reached | beside)
    return project


def imported_modules(node: ast.AST, package: str = "") -> Iterator[str]:
    """The modules that an import statement may mean: `from a import b` may mean `a.b`."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        steps = package.split(".") if package else []
        steps = steps[: len(steps) - node.level + 1] if node.level else []
        base = ".".join([*steps, *([node.module] if node.module else [])])
        if base:
            yield base
        yield from (f"{base}.{alias.name}".lstrip(".") for alias in node.names)


def _mentions(source: Source) -> Iterator[str]:
    for site in source.sites:
        match site.node:
            case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name):
                yield name
            case ast.alias(name=name):
                yield name.rpartition(".")[2]
            case ast.Constant(value=str(text)):
                yield text  # in `__all__`, or for getattr


def vendor_folders(config: Config) -> list[Path]:
    """The folders of packages that are deployed with the Worker."""
    places = dict.fromkeys([config.main.parent, config.root])
    return [place / "python_modules" for place in places if (place / "python_modules").is_dir()]


def _local_imports(source: Source, root: Path) -> Iterator[Path]:
    package = source.name
    if source.path.name != "__init__.py":
        package = source.name.rpartition(".")[0]
    for site in source.sites:
        if isinstance(site.node, ast.Import | ast.ImportFrom):
            for name in imported_modules(site.node, package):
                yield from _files_of(name, root)


def _files_of(module: str, root: Path) -> Iterator[Path]:
    """The files of the project that an import of ``module`` runs."""
    steps = module.split(".")
    for count in range(1, len(steps) + 1):
        folder = root.joinpath(*steps[:count])
        for path in (folder / "__init__.py", folder.with_suffix(".py")):
            if path.is_file():
                yield path
                break


def _read(project: Project, path: Path, severity: Severity) -> Source | None:
    try:
        with tokenize.open(path) as file:
            text = file.read()
        name = ".".join(path.relative_to(project.config.main.parent).with_suffix("").parts)
        version = project.compat.profile.python_version
        tree = ast.parse(text, str(path), feature_version=version)
    except (SyntaxError, UnicodeDecodeError, ValueError) as error:
        project.broken.append(_broken(path, error, severity, project))
        return None
    except OSError as error:
        project.broken.append(Finding("syntax", f"cannot be read: {error.strerror}", path))
        return None
    return Source(path, name.removesuffix(".__init__"), text, tree)


def _broken(path: Path, error: Exception, severity: Severity, project: Project) -> Finding:
    if not isinstance(error, SyntaxError):
        return Finding("syntax", str(error), path, own_severity=severity)
    line = (error.text or "").rstrip("\n")
    fix = None
    if sys.version_info < project.compat.profile.python_version:
        here = "{}.{}".format(*sys.version_info)
        fix = f"if it is syntax of Python {project.python}, check with that one: this is {here}"
    return Finding(
        "syntax",
        f"{type(error).__name__}: {error.msg}",
        path,
        error.lineno or 1,
        max(1, error.offset or 1),
        source=line,
        own_severity=severity,
        own_fix=fix,
    )


def _python_files(root: Path) -> Iterator[Path]:
    """Every .py file of the project below ``root``; not those of installed packages."""
    for folder, folders, names in os.walk(root):
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".")
            and name not in _SKIPPED
            and not Path(folder, name, "pyvenv.cfg").exists()
        ]
        yield from (Path(folder, name) for name in names if name.endswith(".py"))
