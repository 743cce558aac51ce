"""What the stubs say, read as any reader of Python reads them: names, and members of classes."""

from __future__ import annotations

import ast
from functools import cache

from wrangler_py.typegen import STUBS


@cache
def tree(module: str) -> ast.Module:
    path = STUBS.joinpath(*module.split("."))
    package = path / "__init__.pyi"
    file = package if package.is_file() else path.with_suffix(".pyi")
    return ast.parse(file.read_text(encoding="utf-8"))


def names(module: str) -> set[str]:
    """The public names of a module, those of the private modules that it takes in included."""
    found: set[str] = set()
    for node in tree(module).body:
        match node:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                found.add(node.name)
            case ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
            case ast.ImportFrom(names=aliases):
                # `import X as X` is how a stub passes a name on.
                found |= {each.name for each in aliases if each.asname == each.name}
    return {name for name in found if not name.startswith("_")}


@cache
def classes(package: str) -> dict[str, ast.ClassDef]:
    """Every class of a package's modules, by name."""
    found = {}
    for path in sorted((STUBS / package).rglob("*.pyi")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                found[node.name] = node
    return found


@cache
def members(package: str, name: str) -> dict[str, ast.stmt]:
    """What a class has, with what it inherits from classes of `package` and `pyodide`."""
    owner = classes(package).get(name) or classes("pyodide").get(name)
    if owner is None:
        return {}
    found: dict[str, ast.stmt] = {}
    for base in owner.bases:
        root = base.value if isinstance(base, ast.Subscript) else base
        if isinstance(root, ast.Name):
            found |= members(package, root.id)
        elif isinstance(root, ast.Attribute):
            found |= members("pyodide", root.attr)
    for node in owner.body:
        match node:
            case ast.FunctionDef(name=key) | ast.AsyncFunctionDef(name=key):
                found[key] = node
            case ast.AnnAssign(target=ast.Name(id=key)):
                found[key] = node
    return found
