"""Python values in JavaScript's hands, where the source shows that it cannot go well.

Source: https://pyodide.org/en/stable/usage/type-conversions.html
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from wrangler_py.check.finding import Finding
from wrangler_py.check.project import Project, imported_modules
from wrangler_py.check.scope import defined_function, is_bare_function, value_of
from wrangler_py.check.source import Site, Source, dotted, own_nodes
from wrangler_py.facades.js_globals import HOME, NOT_EMULATED

__all__ = [
    "borrowed_callbacks",
    "evaluated_text",
    "missing_awaits",
    "missing_new",
    "null_comparisons",
    "socket_misuse",
    "wrong_containers",
]

_TIMERS = frozenset({"js.setTimeout", "js.setInterval", "js.queueMicrotask"})
_CALLABLE = frozenset(
    """
    Object Array Date String Number Boolean RegExp Symbol BigInt Function
    Infinity NaN JSON Math Reflect Atomics Intl WebAssembly Cloudflare
    """.split()
)
"""Capital names of JavaScript that are no classes, or may be called like functions."""
_CLASSES = frozenset(name for name in {*HOME, *NOT_EMULATED} if name[0].isupper()) - _CALLABLE
_COROUTINES = frozenset({"asyncio.sleep", "asyncio.wait_for", "asyncio.to_thread", "workers.fetch"})
_EVAL = frozenset({"js.eval", "js.Function", "js.Function.new", "pyodide.code.run_js"})
_TAKES_INIT = frozenset({"js.fetch", "js.Response.new", "js.Request.new", "js.Response.json"})
_TAKES_PAIRS = frozenset({"js.Headers.new", "js.URLSearchParams.new"})
_SERIALIZES = frozenset({"js.Response.json", "js.JSON.stringify"})


def borrowed_callbacks(source: Source, project: Project) -> Iterator[Finding]:
    """Bare functions that JavaScript keeps after the call."""
    for site, call, name in source.calls:
        listens = isinstance(call.func, ast.Attribute) and call.func.attr == "addEventListener"
        place = 1 if listens else 0 if name in _TIMERS else None
        if place is None or len(call.args) <= place:
            continue
        given = call.args[place]
        if is_bare_function(given, site, source):
            receiver = "addEventListener" if listens else name.removeprefix("js.")
            yield source.find("borrowed-callback", given, f"a bare function for `{receiver}`")
    for site in source.sites:
        for decorator in getattr(site.node, "decorator_list", []):
            called = decorator.func if isinstance(decorator, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr == "addEventListener":
                message = "`addEventListener` is no decorator: it gets a bare function"
                yield source.find("borrowed-callback", decorator, message)


def wrong_containers(source: Source, project: Project) -> Iterator[Finding]:
    """Dicts and lists where JavaScript needs Objects and Arrays."""
    sees_keys = project.compat.profile.dict_properties
    for site, call, name in source.calls:
        given = [value_of(argument, site, source) for argument in call.args]
        accepts = isinstance(call.func, ast.Attribute) and call.func.attr == "acceptWebSocket"
        if accepts and len(given) > 1 and isinstance(given[1], ast.List | ast.Tuple | ast.Set):
            yield source.find("list-as-array", call.args[1], "a Python list of tags")
        if name in _TAKES_PAIRS and given and _is_dict(given[0]):
            yield source.find("dict-as-object", call.args[0], f"a dict for `{name}(...)`")
        if name in _SERIALIZES and given and _is_dict(given[0]) and not sees_keys:
            yield source.find("dict-as-object", call.args[0], f"`{name}(...)` of a dict is `{{}}`")
        if name in _TAKES_INIT:
            yield from _inits(call, given, name, site, source, sees_keys)


def _inits(
    call: ast.Call, given: list[ast.expr], name: str, site: Site, source: Source, sees_keys: bool
) -> Iterator[Finding]:
    for keyword in call.keywords:
        value = value_of(keyword.value, site, source)
        if keyword.arg == "headers" and _is_dict(value):
            yield source.find("dict-as-object", keyword.value, f"a dict of headers for `{name}`")
    if len(given) < 2 or not isinstance(given[1], ast.Dict):
        return
    if not sees_keys:
        message = f"`{name}` sees no keys of this dict in Pyodide 0.26"
        yield source.find("dict-as-object", call.args[1], message)
        return
    for key, value in zip(given[1].keys, given[1].values, strict=True):
        is_headers = isinstance(key, ast.Constant) and key.value == "headers"
        if is_headers and _is_dict(value_of(value, site, source)):
            yield source.find("dict-as-object", value, f"a dict of headers for `{name}`")


def _is_dict(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Name) and value.func.id == "dict"
    return isinstance(value, ast.Dict | ast.DictComp)


def missing_new(source: Source, project: Project) -> Iterator[Finding]:
    """JavaScript classes that are called."""
    for _, call, name in source.calls:
        if name.startswith("js.") and name.removeprefix("js.") in _CLASSES:
            cls = name.removeprefix("js.")
            fix = f"`{cls}.new(...)`"
            if cls in ("Response", "Request"):
                fix += f"; or the Python class: `from workers import {cls}`"
            yield source.find("missing-new", call.func, f"`{cls}(...)` without `.new`", fix=fix)


def evaluated_text(source: Source, project: Project) -> Iterator[Finding]:
    """JavaScript made from text."""
    for _, call, name in source.calls:
        if name.replace("js.globalThis.", "js.") in _EVAL:
            yield source.find("js-eval", call.func, f"`{name}(...)`")


def missing_awaits(source: Source, project: Project) -> Iterator[Finding]:
    """Statements that only make a coroutine."""
    for site, call, name in source.calls:
        if not site.is_statement:
            continue
        function = defined_function(call.func, site, source)
        is_coroutine = isinstance(function, ast.AsyncFunctionDef) and not _yields(function)
        if is_coroutine or name in _COROUTINES:
            shown = ast.unparse(call.func)
            yield source.find("missing-await", call, f"`{shown}(...)` is not awaited")


def _yields(function: ast.AsyncFunctionDef) -> bool:
    return any(isinstance(node, ast.Yield) for node in own_nodes(function.body))


def null_comparisons(source: Source, project: Project) -> Iterator[Finding]:
    """`is None` of what JavaScript answers with null."""
    if not project.compat.profile.has_jsnull:
        return
    for site in source.sites:
        node = site.node
        if not isinstance(node, ast.Compare) or len(node.comparators) != 1:
            continue
        right = node.comparators[0]
        if not (isinstance(right, ast.Constant) and right.value is None):
            continue
        answered = _nullable(value_of(node.left, site, source))
        if answered:
            message = f"`{answered}` answers with null, which is not None"
            yield source.find("null-is-none", node, message)


def _nullable(value: ast.expr) -> str | None:
    called = value.func if isinstance(value, ast.Call) else None
    if not isinstance(called, ast.Attribute):
        return None
    if called.attr == "deserializeAttachment":
        return "deserializeAttachment()"
    of = called.value
    if called.attr == "get" and isinstance(of, ast.Attribute) and of.attr == "searchParams":
        return "searchParams.get(...)"
    return None


def socket_misuse(source: Source, project: Project) -> Iterator[Finding]:
    """Pairs that are indexed, bytes that are sent, and a 101 without its socket."""
    for site in source.sites:
        if isinstance(site.node, ast.Subscript):
            value = value_of(site.node.value, site, source)
            made_by = dotted(value.func, site.names) if isinstance(value, ast.Call) else ""
            if made_by == "js.WebSocketPair.new":
                yield source.find("pair-index", site.node, "a WebSocketPair has no items")
    imported = {
        name.partition(".")[0] for site in source.sites for name in imported_modules(site.node)
    }
    # A module that has Python's sockets may mean one of those.
    has_web_sockets = bool(imported & {"js", "workers"}) and not imported & {"socket", "ssl"}
    for site, call, name in source.calls:
        if _is_bare_101(call, name):
            yield source.find("bare-101", call, "status 101 without a WebSocket")
        elif has_web_sockets and _sends_bytes(site, call):
            yield source.find("bytes-as-text", call.args[0], "bytes are sent as text")


def _is_bare_101(call: ast.Call, name: str) -> bool:
    socket = {"workers.Response": "web_socket", "js.Response.new": "webSocket"}.get(name)
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    if socket is None or socket in named or None in named:
        return False
    status = named.get("status")
    if status is None and name == "workers.Response" and len(call.args) > 1:
        status = call.args[1]
    return isinstance(status, ast.Constant) and status.value == 101


def _sends_bytes(site: Site, call: ast.Call) -> bool:
    """Of a WebSocket: `send` of others is awaited, or belongs to what Python imported."""
    called = call.func
    if not isinstance(called, ast.Attribute) or called.attr != "send" or len(call.args) != 1:
        return False
    if site.awaited or not site.is_statement or dotted(called, site.names):
        return False
    given = call.args[0]
    if isinstance(given, ast.Constant):
        return isinstance(given.value, bytes)
    made = given.func if isinstance(given, ast.Call) else None
    if isinstance(made, ast.Name):
        return made.id == "bytes"
    return isinstance(made, ast.Attribute) and made.attr == "encode"
