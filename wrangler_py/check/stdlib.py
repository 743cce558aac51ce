"""Modules of the standard library that a Worker's Python does not have.

Source: each public module imported once in Pyodide 0.26, 0.28.2 and 314; what Cloudflare mounts
beside (ssl, sqlite3, lzma) is there.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from wrangler_py.check.finding import Finding
from wrangler_py.check.project import Project
from wrangler_py.check.source import Source

__all__ = ["blocked_modules", "is_standard", "read_data"]


@cache
def read_data(name: str) -> Any:
    """A table of facts beside this module."""
    return json.loads(files(__package__).joinpath("data", name).read_text(encoding="utf-8"))


def is_standard(module: str) -> bool:
    """Whether some Python since 3.11 has the top-level ``module`` in its standard library."""
    return module in read_data("stdlib.json")["all"] or module.startswith("_")


def blocked_modules(source: Source, project: Project) -> Iterator[Finding]:
    """Imports of what is not there."""
    missing = frozenset(read_data("stdlib.json")["missing"][project.profile])
    root = project.config.main.parent
    for site in source.sites:
        if not isinstance(site.node, ast.Import | ast.ImportFrom) or site.guarded:
            continue
        for name, node in _top_levels(site.node):
            ours = (root / f"{name}.py").exists() or (root / name).is_dir()
            if name in missing and not ours:
                message = f"`{name}` does not exist in Cloudflare's Python {project.python}"
                yield source.find("blocked-module", node, message)


def _top_levels(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.Import):
        yield from ((alias.name.partition(".")[0], alias) for alias in node.names)
    elif node.level == 0 and node.module:
        yield node.module.partition(".")[0], node
