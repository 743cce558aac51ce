"""What a name or an expression at a place in the source is bound to, if that is plain to see."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from wrangler_py.check.source import Function, Site, Source, dotted

__all__ = ["defined_function", "is_bare_function", "own_statements", "value_of"]


def own_statements(body: Any) -> Iterator[ast.AST]:
    """Everything that runs when ``body`` does: nested functions and classes stay closed."""
    for node in body if isinstance(body, list) else [body]:
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        for child in ast.iter_child_nodes(node):
            yield from own_statements(child)


def value_of(expression: ast.expr, site: Site, source: Source) -> ast.expr:
    """The value of a variable that its scope assigns exactly once; else the expression itself."""
    if not isinstance(expression, ast.Name):
        return expression
    for scope in _scopes(site, source):
        stores = list(_stores(expression.id, scope))
        if stores:
            only = stores[0] if len(stores) == 1 else None
            return only if isinstance(only, ast.expr) else expression
    return expression


def defined_function(expression: ast.expr, site: Site, source: Source) -> Function | None:
    """The undecorated function that a name, or `self.name`, refers to beyond doubt."""
    if isinstance(expression, ast.Name):
        for scope in _scopes(site, source):
            stores = list(_stores(expression.id, scope))
            if stores:
                return _plain(stores[0]) if len(stores) == 1 else None
    elif (
        isinstance(expression, ast.Attribute)
        and isinstance(expression.value, ast.Name)
        and expression.value.id == "self"
        and site.cls is not None
    ):
        stores = list(_stores(expression.attr, site.cls))
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


def _stores(name: str, scope: ast.AST) -> Iterator[ast.AST | None]:
    """What is bound to ``name`` in ``scope``; None for anything that is hard to tell."""
    if name in _parameters(scope):
        yield None
    for node in own_statements(getattr(scope, "body", [])):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() if node.name == name:
                yield node
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                yield value
            case ast.AnnAssign(target=ast.Name(id=target), value=value) if target == name:
                yield value
            case ast.NamedExpr(target=ast.Name(id=target), value=value) if target == name:
                yield value
            case ast.Name(id=target, ctx=ast.Store()) if target == name:
                if not _is_plain_target(node, scope):
                    yield None
            case ast.Global(names=names) | ast.Nonlocal(names=names) if name in names:
                yield None


def _parameters(scope: ast.AST) -> set[str]:
    if not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return set()
    return {node.arg for node in ast.walk(scope.args) if isinstance(node, ast.arg)}


def _is_plain_target(name: ast.AST, scope: ast.AST) -> bool:
    """Whether an assignment to this one name was counted already."""
    for node in own_statements(getattr(scope, "body", [])):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and node.targets[0] is name:
            return True
        if isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.target is name:
            return True
    return False


def _plain(node: ast.AST | None) -> Function | None:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.decorator_list:
        return node
    return None
