"""What a script's classes offer to whoever holds a stub of one: read from the source, never run.

Implements: https://developers.cloudflare.com/workers/runtime-apis/rpc/
Differs: an annotation that needs a name of the project's own, or of a library, reads as Any.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

__all__ = ["ExportedClass", "exported_classes"]

_BASES = ("DurableObject", "WorkerEntrypoint", "WorkflowEntrypoint")
_HANDLERS = frozenset(
    """
    alarm connect email fetch queue run scheduled tail test trace webSocketClose webSocketError
    webSocketMessage
    """.split()
)
"""What the runtime calls; `fetch` of a stub is another function."""
_MOST_FILES = 50


@dataclass(frozen=True, slots=True)
class ExportedClass:
    """One class of the script that the runtime would export."""

    name: str
    kind: str
    """The SDK's class that it comes from."""
    methods: tuple[str, ...] = ()
    """`async def` lines of a stub."""
    imports: frozenset[tuple[str, str]] = frozenset()
    """What the methods need: a module of the standard library, and the name in it."""


@dataclass(frozen=True, slots=True)
class _Source:
    """One parsed module: its classes, and what it imports by name."""

    classes: dict[str, ast.ClassDef]
    imported: dict[str, tuple[str, str]]
    """Local name -> the module and the name there."""


def exported_classes(main: Path) -> dict[str, ExportedClass]:
    """The classes that ``main`` exports, by name; none where it does not parse."""
    reader = _Reader(main.parent)
    source = reader.read(main.stem)
    if source is None:
        return {}
    found = (reader.resolve(main.stem, name) for name in (*source.classes, *source.imported))
    return {one.name: one for one in found if one is not None}


class _Reader:
    """Reads the project's modules, each once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._sources: dict[str, _Source | None] = {}

    def read(self, module: str) -> _Source | None:
        """The module of this name in the project; None if it is none of it, or no Python."""
        if module not in self._sources and len(self._sources) < _MOST_FILES:
            self._sources[module] = _parse(self._file(module))
        return self._sources.get(module)

    def _file(self, module: str) -> Path:
        place = self._root.joinpath(*module.split("."))
        package = place / "__init__.py"
        return package if package.is_file() else place.with_suffix(".py")

    def resolve(self, module: str, name: str) -> ExportedClass | None:
        """The class called ``name`` in ``module``, if it is one that the runtime knows."""
        if name.startswith("_"):
            return None
        chain = list(self._ancestry(module, name, set()))
        kind = next((base for base in chain if isinstance(base, str)), None)
        owners = [each for each in chain if not isinstance(each, str)]
        if kind is None or not owners:
            return None
        # As `__name__` says it: an import may call it something else.
        made = ExportedClass(owners[0][1].name, kind)
        seen: set[str] = set()
        for source, owner in owners:
            made = _with_methods(made, source, owner, seen)
        return made

    def _ancestry(
        self, module: str, name: str, seen: set[tuple[str, str]]
    ) -> Iterator[tuple[_Source, ast.ClassDef] | str]:
        """The class and what it comes from, until a class of the SDK, which is its name."""
        source = self.read(module)
        if source is None or (module, name) in seen:
            return
        seen.add((module, name))
        if name not in source.classes:
            home, there = source.imported.get(name, ("", ""))
            if home == "workers" and there in _BASES:
                yield there
            elif home:
                yield from self._ancestry(home, there, seen)
            return
        owner = source.classes[name]
        yield source, owner
        for base in owner.bases:
            yield from self._base(module, source, base, seen)

    def _base(
        self, module: str, source: _Source, base: ast.expr, seen: set[tuple[str, str]]
    ) -> Iterator[tuple[_Source, ast.ClassDef] | str]:
        if isinstance(base, ast.Name):
            yield from self._ancestry(module, base.id, seen)
        elif isinstance(base, ast.Attribute) and base.attr in _BASES:
            yield base.attr  # `workers.DurableObject`


def _parse(path: Path) -> _Source | None:
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):
        return None
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    imported = {
        alias.asname or alias.name: (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and not node.level
        for alias in node.names
    }
    return _Source(classes, imported)


def _with_methods(
    made: ExportedClass, source: _Source, owner: ast.ClassDef, seen: set[str]
) -> ExportedClass:
    """``made`` with the public plain functions of ``owner``, but for those of an earlier class."""
    methods, imports = list(made.methods), set(made.imports)
    for node in owner.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.name in seen:
            continue
        seen.add(node.name)
        if node.name.startswith("_") or node.name in _HANDLERS or _is_no_method(node):
            continue
        signature = _Signature(source)
        methods.append(signature.line(node))
        imports |= signature.imports
    return replace(made, methods=tuple(methods), imports=frozenset(imports))


def _is_no_method(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    names = {each.id for each in node.decorator_list if isinstance(each, ast.Name)}
    attributes = {each.attr for each in node.decorator_list if isinstance(each, ast.Attribute)}
    return bool(names & {"staticmethod", "classmethod", "property"} or attributes & {"setter"})


class _Signature:
    """One method as a line of a stub; collects the imports that the line needs."""

    def __init__(self, source: _Source) -> None:
        self._source = source
        self.imports: set[tuple[str, str]] = set()

    def line(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
        parameters = ", ".join(self._parameters(node.args))
        return f"async def {node.name}({parameters}) -> {self._text(node.returns)}: ..."

    def _parameters(self, args: ast.arguments) -> Iterator[str]:
        positional = [*args.posonlyargs, *args.args]
        required = len(positional) - len(args.defaults)
        for index, arg in enumerate(positional):
            yield arg.arg if index == 0 else self._parameter(arg, index >= required)
            if args.posonlyargs and index == len(args.posonlyargs) - 1:
                yield "/"
        if args.vararg:
            yield f"*{self._parameter(args.vararg, False)}"
        elif args.kwonlyargs:
            yield "*"
        for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
            yield self._parameter(arg, default is not None)
        if args.kwarg:
            yield f"**{self._parameter(args.kwarg, False)}"

    def _parameter(self, arg: ast.arg, optional: bool) -> str:
        return f"{arg.arg}: {self._text(arg.annotation)}{' = ...' if optional else ''}"

    def _text(self, annotation: ast.expr | None) -> str:
        """An annotation as it may stand in another module."""
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            try:
                annotation = ast.parse(annotation.value, mode="eval").body
            except SyntaxError:
                annotation = None
        needed = None if annotation is None else self._needed(annotation)
        if annotation is None or needed is None:
            self.imports.add(("typing", "Any"))
            return "Any"
        self.imports |= needed
        return ast.unparse(annotation)

    def _needed(self, annotation: ast.expr) -> set[tuple[str, str]] | None:
        """The imports that it needs; None if not all of its names can be had."""
        found: set[tuple[str, str]] = set()
        for node in ast.walk(annotation):
            if isinstance(node, ast.Attribute | ast.Call | ast.Lambda):
                return None
            if not isinstance(node, ast.Name):
                continue
            home, name = self._source.imported.get(node.id, ("", ""))
            if home.split(".")[0] in sys.stdlib_module_names:
                renamed = "" if name == node.id else f" as {node.id}"
                found.add((home, f"{name}{renamed}"))
            elif home or not hasattr(builtins, node.id) or node.id in self._source.classes:
                return None
        return found
