"""Handlers and exported classes: whether Cloudflare finds what it will call.

Source: https://developers.cloudflare.com/workers/languages/python/basics/
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeGuard

from wrangler_py.check.finding import Finding
from wrangler_py.check.project import Project
from wrangler_py.check.rules import Severity
from wrangler_py.check.source import Function, Names, Source, dotted
from wrangler_py.runtime.entrypoint import HANDLERS, Exports

__all__ = ["exported_handlers", "handler_signatures"]

_STRICT = {"scheduled": "controller", "queue": "batch", "email": "message", "tail": "events"}
"""Handlers that are called with exactly three arguments."""


def handler_signatures(source: Source, project: Project) -> Iterator[Finding]:
    """Handlers that cannot take what the runtime passes, or use what it does not."""
    if not project.compat.has("python_no_global_handlers"):
        return
    for site in source.sites:
        if not isinstance(site.node, ast.ClassDef) or not _is_entrypoint(site.node, site.names):
            continue
        for method in site.node.body:
            if _is_plain_method(method) and method.name in ("fetch", *_STRICT):
                yield from _signature(method, source)


def _is_plain_method(node: ast.stmt) -> TypeGuard[Function]:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    return not node.decorator_list


def _is_entrypoint(cls: ast.ClassDef, names: Names) -> bool:
    return any(dotted(base, names) == "workers.WorkerEntrypoint" for base in cls.bases)


def _signature(method: Function, source: Source) -> Iterator[Finding]:
    arguments = [*method.args.posonlyargs, *method.args.args][1:]
    needed = len(arguments) - len(method.args.defaults)
    if event := _STRICT.get(method.name):
        too_few = len(arguments) < 3 and method.args.vararg is None
        if too_few or needed > 3:
            message = f"`{method.name}` is called with three arguments: {event}, env and ctx"
            fix = f"`async def {method.name}(self, {event}, env, ctx)`"
            yield _at_name(source, method, "handler-signature", message, fix=fix)
    for argument in arguments[1:3]:
        for node in ast.walk(method):
            if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
                continue
            if node.value.id == argument.arg:
                message = f"`{argument.arg}` is None in a method of a class"
                fix = f"`self.{'env' if argument is arguments[1] else 'ctx'}.{node.attr}`"
                yield source.find("handler-signature", node, message, fix=fix)


def _at_name(
    source: Source,
    node: Function | ast.ClassDef,
    code: str,
    message: str,
    *,
    fix: str | None = None,
) -> Finding:
    """A finding at the name in `def name` or `class name`."""
    words = {ast.ClassDef: "class ", ast.FunctionDef: "def ", ast.AsyncFunctionDef: "async def "}
    start = node.col_offset + len(words[type(node)])
    name = ast.Name(node.name, ast.Load())
    name.lineno = name.end_lineno = node.lineno
    name.col_offset, name.end_col_offset = start, start + len(node.name.encode())
    return source.find(code, name, message, fix=fix)


def exported_handlers(main: Source, project: Project, exports: Exports) -> Iterator[Finding]:
    """What the loaded main module exports, against what Cloudflare needs."""
    if exports.default is not None:
        name = "on_{}" if exports.legacy else "{}"
        if not any(hasattr(exports.default, name.format(event)) for event in HANDLERS):
            others = exports.default.__dict__.keys() - {"__module__", "__doc__"}
            if not any(not name.startswith("_") for name in others):  # else it serves RPC
                yield _of_class(main, "Default", "no-fetch", "`Default` handles nothing")
        return
    at_module = [node for node in main.tree.body if _is_handler(node)]
    if exports.functions and not exports.legacy:
        for node in at_module:
            yield _at_name(main, node, "legacy-handler", f"`{node.name}` at module level")
    elif not exports.functions:
        elsewhere = exports.durable_objects or exports.workflows or exports.entrypoints
        severity = Severity.WARNING if elsewhere else None
        found = _of_class(main, "Default", "missing-handler", _missing(main))
        yield Finding(
            found.code, found.message, found.path, found.line, found.column, found.length,
            found.source, severity, found.own_fix,
        )  # fmt: skip


def _is_handler(node: ast.stmt) -> TypeGuard[Function]:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    return node.name == "fetch" or node.name.removeprefix("on_") in (*HANDLERS, "alarm", "pubsub")


def _missing(main: Source) -> str:
    if _class(main, "Default"):
        return "`Default` does not derive from WorkerEntrypoint"
    return "there is no `class Default(WorkerEntrypoint)`"


def _class(main: Source, name: str) -> ast.ClassDef | None:
    found = [n for n in main.tree.body if isinstance(n, ast.ClassDef) and n.name == name]
    return found[-1] if found else None


def _of_class(main: Source, name: str, code: str, message: str) -> Finding:
    """A finding at the class, or at the top of the module if it has none."""
    cls = _class(main, name)
    if cls is not None:
        return _at_name(main, cls, code, message)
    return Finding(code, message, main.path, source=main.lines[0] if main.lines else "")
