"""One source file: its tree, and where each name in it comes from."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from wrangler_py.check.finding import Finding
from wrangler_py.check.rules import Severity

__all__ = ["Function", "Names", "Site", "Source", "dotted", "own_nodes"]

Names: TypeAlias = Mapping[str, str]
"""What the names in reach stand for: `{"np": "numpy", "new": "uuid.uuid4"}`."""
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


class Site(NamedTuple):
    """A node of the tree, with what can be known about its surroundings."""

    node: ast.AST
    names: Names
    at_import: bool
    """It runs when the module is imported."""
    guarded: bool
    """An ImportError here is expected."""
    functions: tuple[Function | ast.Lambda, ...]
    """The functions around it, innermost last."""
    cls: ast.ClassDef | None
    is_statement: bool
    """An expression whose value is dropped."""
    awaited: bool


@dataclass
class Source:
    """A parsed module of the project."""

    path: Path
    name: str
    """Its name as the script imports it."""
    text: str
    tree: ast.Module
    lines: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = self.text.splitlines()

    @cached_property
    def sites(self) -> list[Site]:
        """Everything that may run in a Worker, with its surroundings."""
        names = _imported(self.tree)
        start = Site(self.tree, names, True, False, (), None, False, False)
        found: list[Site] = []
        _walk(self.tree.body, start, found)
        return found

    @cached_property
    def calls(self) -> list[tuple[Site, ast.Call, str]]:
        """Each call, with the full name of what is called (empty: it was not imported)."""
        return [
            (site, site.node, dotted(site.node.func, site.names))
            for site in self.sites
            if isinstance(site.node, ast.Call)
        ]

    @cached_property
    def bindings(self) -> dict[ast.AST, dict[str, list[ast.AST | None]]]:
        """What the names of a scope are bound to, for each scope that somebody asked for."""
        return {}

    def find(
        self,
        code: str,
        node: ast.AST,
        message: str,
        *,
        severity: Severity | None = None,
        fix: str | None = None,
    ) -> Finding:
        """A finding at ``node``."""
        at: Any = node
        line, start = at.lineno, at.col_offset
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        column = len(text.encode()[:start].decode(errors="ignore"))
        end = at.end_col_offset if at.end_lineno == line else len(text.encode())
        length = max(1, len(text.encode()[start:end].decode(errors="ignore").rstrip()))
        return Finding(code, message, self.path, line, column + 1, length, text, severity, fix)


def dotted(node: ast.AST, names: Names) -> str:
    """`uuid.uuid4` for a reference to it by any imported name; empty for everything else."""
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute):
        base = dotted(node.value, names)
        return f"{base}.{node.attr}" if base else ""
    return ""


def own_nodes(nodes: Any) -> Iterator[ast.AST]:
    """What runs when ``nodes`` do, parents first: nested functions and classes stay closed."""
    waiting = list(reversed(nodes)) if isinstance(nodes, list) else [nodes]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            waiting += reversed(list(ast.iter_child_nodes(node)))


def _walk(nodes: list[Any], site: Site, found: list[Site]) -> None:
    """Add ``nodes`` and what is in them; ``site`` is what surrounds them."""
    for node in nodes:
        if isinstance(node, ast.AST):
            found.append(site._replace(node=node))
            is_statement, awaited = isinstance(node, ast.Expr), isinstance(node, ast.Await)
            if is_statement or awaited or site.is_statement or site.awaited:
                _enter(node, site._replace(is_statement=is_statement, awaited=awaited), found)
            else:
                _enter(node, site, found)


def _enter(node: ast.AST, inside: Site, found: list[Site]) -> None:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            body = inside._replace(
                names=_inner_names(node, inside.names),
                at_import=False,
                functions=(*inside.functions, node),
            )
            _walk_fields(node, inside, found, body)
        case ast.ClassDef():
            _walk_fields(node, inside, found, inside._replace(cls=node))
        case ast.If() if _never_runs(node.test):
            _walk(node.orelse, inside, found)
        case ast.Try() if any(map(_catches_import_error, node.handlers)):
            _walk_fields(node, inside, found, inside._replace(guarded=True))
        case ast.If() if _asks_for_platform(node.test):
            _walk_fields(node, inside._replace(guarded=True), found)
        case _:
            _walk_fields(node, inside, found)


def _walk_fields(node: ast.AST, inside: Site, found: list[Site], body: Site | None = None) -> None:
    for name, value in ast.iter_fields(node):
        if isinstance(value, list):
            _walk(value, body if body and name == "body" else inside, found)
        elif isinstance(value, ast.AST):
            _walk([value], body if body and name == "body" else inside, found)


def _never_runs(test: ast.expr) -> bool:
    """`if __name__ == "__main__":` and `if TYPE_CHECKING:`."""
    if isinstance(test, ast.Compare):
        return isinstance(test.left, ast.Name) and test.left.id == "__name__"
    name = test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", "")
    return name == "TYPE_CHECKING"


def _catches_import_error(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    expected = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
    return any(isinstance(kind, ast.Name) and kind.id in expected for kind in kinds)


def _asks_for_platform(test: ast.expr) -> bool:
    """`if sys.platform == "win32":` and the like."""
    return any(
        isinstance(node, ast.Attribute)
        and (node.attr == "platform" or (node.attr == "name" and _is_name(node.value, "os")))
        for node in ast.walk(test)
    )


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _imported(tree: ast.AST) -> dict[str, str]:
    """What the imports of one scope make of names."""
    found: dict[str, str] = {}
    for node in own_nodes(getattr(tree, "body", [])):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                found[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            for alias in node.names:
                found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return found


def _inner_names(function: Function | ast.Lambda, outer: Names) -> Names:
    """The names in a function: its parameters and variables hide what is imported outside."""
    arguments = function.args
    hidden = {arg.arg for arg in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    hidden |= {arg.arg for arg in (arguments.vararg, arguments.kwarg) if arg}
    for node in own_nodes(function.body):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            hidden.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            hidden.add(node.name)
    return {name: of for name, of in outer.items() if name not in hidden} | _imported(function)
