"""The dependencies that a project declares, and what those bring with them.

Source: https://developers.cloudflare.com/workers/languages/python/packages/
"""

from __future__ import annotations

import importlib.metadata as metadata
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from wrangler_py.config.model import Config
from wrangler_py.errors import ConfigError
from wrangler_py.packages import read_declared as read_pyproject

__all__ = ["Declared", "Dependency", "normal", "read_declared"]

_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?([^;]*)(?:;(.*))?")
_FILES = ("requirements.txt", "cf-requirements.txt")


@dataclass(frozen=True, slots=True)
class Dependency:
    """One requirement, as a file says it."""

    name: str
    extras: frozenset[str]
    path: Path
    line: int
    source: str


@dataclass(slots=True)
class Declared:
    """What the project declares."""

    dependencies: list[Dependency] = field(default_factory=list)
    path: Path | None = None
    """The file that declares; None: there is none."""
    brought_by: dict[str, Dependency] = field(default_factory=dict)
    """Every package that a deployment gets, with the dependency that brings it."""
    complete: bool = True
    """False: a package is not installed here, so what it brings is unknown."""


def normal(name: str) -> str:
    """The one spelling of a package's name.

    Implements: https://packaging.python.org/en/latest/specifications/name-normalization/
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def read_declared(config: Config, python: str) -> Declared:
    """The dependencies in `pyproject.toml` or `requirements.txt`, for the Worker's Python."""
    declared = Declared()
    for folder in dict.fromkeys([config.root, config.main.parent]):
        for path in (folder / name for name in ("pyproject.toml", *_FILES)):
            if path.is_file():
                declared.path = declared.path or path
                declared.dependencies += _read(path)
    for dependency in declared.dependencies:
        _follow(dependency.name, dependency.extras, dependency, declared, python)
    return declared


def _read(path: Path) -> Iterator[Dependency]:
    text = path.read_text(encoding="utf-8", errors="replace")
    lines = text.splitlines()
    if path.name in _FILES:
        for number, line in enumerate(lines, 1):
            requirement = line.partition("#")[0].strip()
            if requirement and not requirement.startswith("-"):
                yield from _dependency(requirement, path, number, line)
        return
    for requirement in _project_dependencies(path):
        quoted = (f'"{requirement}"', f"'{requirement}'")
        matching = (n for n, line in enumerate(lines, 1) if any(q in line for q in quoted))
        number = next(matching, 1)
        yield from _dependency(requirement, path, number, lines[number - 1])


def _project_dependencies(path: Path) -> tuple[str, ...]:
    try:
        found = read_pyproject(path.parent)
    except ConfigError:
        return ()  # `sync` tells what is wrong with it
    return () if found is None else found.requirements


def _dependency(text: str, path: Path, line: int, source: str) -> Iterator[Dependency]:
    if found := _REQUIREMENT.match(text):
        yield Dependency(normal(found[1]), _extras(found[2]), path, line, source)


def _extras(text: str | None) -> frozenset[str]:
    return frozenset(normal(one.strip()) for one in (text or "").split(",") if one.strip())


def _follow(
    name: str, extras: frozenset[str], by: Dependency, declared: Declared, python: str
) -> None:
    if name in declared.brought_by and not extras:
        return
    declared.brought_by.setdefault(name, by)
    try:
        requirements = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        declared.complete = False
        return
    for text in requirements:
        found = _REQUIREMENT.match(text)
        if found is None or normal(found[1]) == name:
            continue
        if found[4] is None or _applies(found[4], extras, python):
            _follow(normal(found[1]), _extras(found[2]), by, declared, python)


def _applies(marker: str, extras: frozenset[str], python: str) -> bool:
    """Whether a requirement counts where a Worker runs."""
    Marker = _marker_class()
    if Marker is None:  # it comes with pip and pytest, and is none of our needs
        return False
    there = {
        "sys_platform": "emscripten",
        "platform_system": "Emscripten",
        "platform_machine": "wasm32",
        "os_name": "posix",
        "python_version": python,
        "python_full_version": f"{python}.0",
    }
    return any(Marker(marker).evaluate({**there, "extra": one}) for one in ("", *extras))


@cache
def _marker_class() -> Any:
    try:
        from packaging.markers import Marker  # only where a requirement has one
    except ImportError:
        return None
    return Marker
