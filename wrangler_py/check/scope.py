"""What a name or an expression at a place in the source is bound to, if that is plain to see."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from wrangler_py.check.source import Function, Site, Source, dotted, own_nodes

__all__ = ["defined_function", "is_bare_function", "value_of"]


def value_of(expression: ast.expr, site: Site, source: Source) -> ast.expr:
    """The value of a variable that its scope assigns exactly once; else the expression itself."""
    if not isinstance(expression, ast.Name):
        return expression
    for scope in _scopes(site, source):
        stores = _stores(expression.id, scope, source)
        if stores:
            only = stores[0] if len(stores) == 1 else None
            return only if isinstance(only, ast.expr) else expression
    return expression


def defined_function(expression: ast.expr, site: Site, source: Source) -> Function | None:
    """The undecorated function that a name, or `self.name`, refers to beyond doubt."""
    if isinstance(expression, ast.Name):
        for scope in _scopes(site, source):
            stores = _stores(expression.id, scope, source)
            if stores:
                return _plain(stores[0]) if len(stores) == 1 else None
    elif (
        isinstance(expression, ast.Attribute)
        and isinstance(expression.value, ast.Name)
        and expression.value.id == "self"
        and site.cls is not None
    ):
        stores = _stores(expression.attr, site.cls, source)
        return _plain(stores[0]) if len(stores) == 1 else None
    return None


def is_bare_function(expression: ast.expr, site: Site, source: Source) -> bool:
    """Whether this is a Python function that nothing has wrapped in a proxy."""
    value = value_of(expression, site, source)
    if isinstance(value, ast.Lambda):
        return True
    if isinstance(value, ast.Call):
        return dotted(value.func, site.names) == "functools.partial"
    return defined_function(value, site, source) is not None


def _scopes(site: Site, source: Source) -> Iterator[ast.AST]:
    yield from reversed(site.functions)
    yield source.tree


def _stores(name: str, scope: ast.AST, source: Source) -> list[ast.AST | None]:
    """What is bound to ``name`` in ``scope``; None for anything that is hard to tell."""
    known = source.bindings.get(scope)
    if known is None:
        known = source.bindings[scope] = {}
        for bound, value in _bound(scope):
            known.setdefault(bound, []).append(value)
    return known.get(name, [])


def _bound(scope: ast.AST) -> Iterator[tuple[str, ast.AST | None]]:
    yield from ((name, None) for name in _parameters(scope))
    told: set[ast.AST] = set()
    for node in own_nodes(getattr(scope, "body", [])):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name, node
            case ast.ClassDef(name=name):
                yield name, None
            case (
                ast.Assign(targets=[ast.Name() as target], value=value)
                | ast.AnnAssign(target=ast.Name() as target, value=value)
                | ast.NamedExpr(target=ast.Name() as target, value=value)
            ):
                told.add(target)
                yield target.id, value
            case ast.Name(id=name, ctx=ast.Store()) if node not in told:
                yield name, None
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                yield from ((name, None) for name in names)
            case ast.alias(name=name, asname=asname):
                yield asname or name.partition(".")[0], None


def _parameters(scope: ast.AST) -> set[str]:
    if not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return set()
    return {node.arg for node in ast.walk(scope.args) if isinstance(node, ast.arg)}


def _plain(node: ast.AST | None) -> Function | None:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.decorator_list:
        return node
    return None
