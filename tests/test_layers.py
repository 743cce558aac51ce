"""The architecture, as a page and as a check.

`ROWS` is read from the bottom of the house to its top. A module may import what stands in a row
above its own line here (a lower layer), and its own package; never its neighbours in the same row,
and never what comes later.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

pytestmark = pytest.mark.once

PACKAGE = "wrangler_py"
ROOT = Path(__file__).resolve().parents[1]

ROWS: dict[str, str] = {
    "errors": "the one tree of errors",
    "log": "what the terminal shows",
    "annotations": "what GitHub shows beside the code",
    "programs": "another program, run to its end",
    "config": "files and flags as frozen facts",
    "packages": "what a project depends on",
    "context": "which worker, request, object we are in",
    "clock": "what time it is, unless a test has moved it",
    "js": "the JavaScript language as Pyodide shows it",
    "compat": "what follows from a compatibility date",
    "web": "the web platform, without sockets",
    "facades": "what `import js`, `import pyodide.ffi` find: names only",
    "sqlite": "SQLite as workerd sets it up: what a script may say, limits, errors",
    "stores": "what bindings keep: SQLite files and blobs",
    "bindings durable": "each kind of `env` entry; Durable Objects",
    "runtime": "one loaded worker",
    "check": "what would fail on Cloudflare, found before",
    "server": "the only place that knows aiohttp's server",
    "session": "record what passes, and play it again",
    "terminal": "the person at the terminal: banner, keys, debugger",
    "reload": "watch and swap",
    "smoke": "checks as data, and what comes of them",
    "wsclient": "a WebSocket client for the terminal and for scripts",
    "testing": "run a worker in a test",
    "pytest_plugin": "the same, as fixtures",
    "typegen": "stubs for type checkers, and the project's own `env`",
    "cli": "parse, print, exit code",
}

NO_SOCKETS = ("js", "web", "durable", "bindings", "runtime")
"""These never import aiohttp or click: what they do is tested without a socket."""

NOBODY_IMPORTS = ("cli", "testing")
"""Ends of the road; `ALLOWED` names who may start them, by one call."""

ALLOWED = {
    ("__main__", "cli"),
    ("pytest_plugin", "testing"),
}

BINDINGS_SHARE = ("classes", "operation", "registry")
"""One binding never imports another; these modules of `bindings` serve them all."""


class Import(NamedTuple):
    """One import statement: the importing module, the imported one, the line."""

    module: str
    target: str
    line: int


@cache
def sources() -> dict[str, Path]:
    """Each module of ours without the package's name ('' is the package itself)."""
    found = {}
    for path in sorted((ROOT / PACKAGE).rglob("*.py")):
        steps = path.relative_to(ROOT / PACKAGE).with_suffix("").parts
        if not path.relative_to(ROOT / PACKAGE).parts[0].startswith("_templates"):
            found[".".join(steps[:-1] if steps[-1] == "__init__" else steps)] = path
    return found


def imports(module: str, path: Path) -> Iterator[Import]:
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module, alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            base = [PACKAGE, *package.split(".")] if package else [PACKAGE]
            base = base[: len(base) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                # `from . import x` may name a module or a name of the package.
                deeper = f"{source}.{alias.name}"
                known = deeper.removeprefix(f"{PACKAGE}.") in sources()
                yield Import(module, deeper if known else source, node.lineno)


def ours(found: Import) -> str | None:
    """The imported module without the package's name, if it is one of ours."""
    if found.target == PACKAGE:
        return ""
    return (
        found.target.removeprefix(f"{PACKAGE}.") if found.target.startswith(f"{PACKAGE}.") else None
    )


def layer(module: str) -> tuple[int, str] | None:
    """The row of a module, and the name in it; None for the package itself and `__main__`."""
    best: tuple[int, str] | None = None
    for height, row in enumerate(ROWS):
        for name in row.split():
            fits = module == name or module.startswith(f"{name}.")
            if fits and (best is None or len(name) > len(best[1])):
                best = height, name
    return best


ALL = [found for module, path in sources().items() for found in imports(module, path)]


def complaints(rows: Iterator[Import]) -> list[str]:
    return [f"{row.module} (line {row.line}) imports {row.target}" for row in rows]


def goes_up(row: Import) -> bool:
    target = ours(row)
    above = layer(target) if target else None
    here = layer(row.module)
    if above is None or here is None or above == here:
        return False
    if (row.module, above[1]) in ALLOWED:
        return False
    return above[0] >= here[0]


def test_every_module_has_a_row():
    homeless = [m for m in sources() if m not in ("", "__main__") and layer(m) is None]
    assert homeless == []


def test_every_row_has_its_modules():
    assert [name for row in ROWS for name in row.split() if name not in sources()] == []


def test_imports_point_down():
    assert complaints(row for row in ALL if goes_up(row)) == []


def test_the_check_would_notice():
    up = Import("web.headers", f"{PACKAGE}.server.http", 1)
    neighbour = Import("bindings.kv", f"{PACKAGE}.durable.stub", 1)
    inside = Import("server.http", f"{PACKAGE}.server.websocket", 1)
    assert [goes_up(row) for row in (up, neighbour, inside)] == [True, True, False]


def test_no_sockets_and_no_command_line_where_workers_run():
    assert (
        complaints(
            row
            for row in ALL
            if row.module.partition(".")[0] in NO_SOCKETS
            and row.target.partition(".")[0] in ("aiohttp", "click")
        )
        == []
    )


def test_nobody_imports_the_ends_of_the_road():
    def improper(row: Import) -> bool:
        end = (ours(row) or "").partition(".")[0]
        own = row.module.partition(".")[0] == end
        return end in NOBODY_IMPORTS and not own and (row.module, end) not in ALLOWED

    assert complaints(row for row in ALL if improper(row)) == []


def test_one_binding_never_imports_another():
    def improper(row: Import) -> bool:
        here, there = row.module.split("."), (ours(row) or "").split(".")
        if here[0] != "bindings" or there[0] != "bindings" or len(here) < 2 or len(there) < 2:
            return False
        return here[1] != there[1] and not {here[1], there[1]} & set(BINDINGS_SHARE)

    assert complaints(row for row in ALL if improper(row)) == []


def test_each_module_of_the_platform_cites_what_it_implements():
    def cites(path: Path) -> bool:
        said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        return any(f"{word}: https://" in said for word in ("Implements", "Source"))

    of_the_web = {m: path for m, path in sources().items() if m.startswith("web.")}
    assert [m for m, path in of_the_web.items() if not cites(path)] == []


PACKAGES = [m for m, path in sources().items() if path.name == "__init__.py"]


@pytest.mark.parametrize("module", PACKAGES)
def test_a_package_file_holds_imports_and_all_only(module):
    def is_plain(node: ast.stmt) -> bool:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        dunder = isinstance(node, ast.Assign) and all(
            isinstance(target, ast.Name) and target.id in ("__all__", "__version__")
            for target in node.targets
        )
        return docstring or dunder or isinstance(node, ast.Import | ast.ImportFrom)

    body = ast.parse(sources()[module].read_text(encoding="utf-8")).body
    assert [node.lineno for node in body if not is_plain(node)] == []


IMPORT_EACH_FIRST = """
import importlib, sys
# Imports point down, so only its own package can make a module depend on who came first:
# between two turns that package is taken out, and what lies below stays.
failed = []
for name in sys.argv[1:]:
    package = ".".join(name.split(".")[:2])
    for loaded in [m for m in sys.modules if f"{m}.".startswith(f"{package}.")]:
        del sys.modules[loaded]
    try:
        importlib.import_module(name)
    except Exception as error:
        failed.append(f"{name}: {type(error).__name__}: {error}")
print("\\n".join(failed))
"""


def test_each_module_can_be_imported_first():
    names = [f"{PACKAGE}.{module}".rstrip(".") for module in sources() if module != "__main__"]
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_EACH_FIRST, *names],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr, done.returncode) == ("", "", 0)
