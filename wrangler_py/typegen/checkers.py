"""What each type checker has to be told, and whether a project's pyproject.toml says it.

Sources: https://mypy.readthedocs.io/en/stable/config_file.html,
    https://microsoft.github.io/pyright/#/configuration,
    https://docs.astral.sh/ty/reference/configuration/
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from wrangler_py.typegen.files import DEFAULT_FOLDER

__all__ = ["Advice", "advice"]


class Advice(NamedTuple):
    """Lines for pyproject.toml."""

    checker: str
    lines: str


def advice(project: Path, folder: Path) -> list[Advice]:
    """What is missing for the checkers to find ``folder``, in the project's own words."""
    try:
        shown = folder.resolve().relative_to(project.resolve()).as_posix()
    except ValueError:
        shown = str(folder)
    return list(_missing(_tools(project / "pyproject.toml"), project, shown))


def _missing(tools: Mapping[str, Any], project: Path, folder: str) -> Iterator[Advice]:
    quoted = json.dumps(folder)
    if not _has(project, "mypy.ini", ".mypy.ini") and not _names(_of(tools, "mypy"), folder):
        yield Advice("mypy", f"[tool.mypy]\nmypy_path = {quoted}")
    pyright = _of(tools, "pyright")
    default = folder == DEFAULT_FOLDER and "stubPath" not in pyright
    if not default and not _has(project, "pyrightconfig.json") and not _names(pyright, folder):
        yield Advice("pyright", f"[tool.pyright]\nstubPath = {quoted}")
    if not _has(project, "ty.toml") and not _names(_of(tools, "ty"), folder):
        yield Advice("ty", f"[tool.ty.environment]\nextra-paths = [{quoted}]")


def _tools(path: Path) -> Mapping[str, Any]:
    import tomllib  # 15 ms that only this command needs

    try:
        tools = tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {})
    except (OSError, ValueError):
        return {}  # not ours to complain about
    return tools if isinstance(tools, dict) else {}


def _of(tools: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = tools.get(name)
    return table if isinstance(table, dict) else {}


def _has(project: Path, *names: str) -> bool:
    """Whether the checker is configured elsewhere, where its author knows what to do."""
    return any((project / name).is_file() for name in names)


def _names(value: object, folder: str) -> bool:
    """Whether ``folder`` is one of the paths anywhere in ``value``."""
    match value:
        case dict():
            return any(_names(item, folder) for item in value.values())
        case list():
            return any(_names(item, folder) for item in value)
        case str():
            parts = value.replace(",", ":").split(":")
            return folder in {part.strip().removeprefix("./").rstrip("/") for part in parts}
    return False
