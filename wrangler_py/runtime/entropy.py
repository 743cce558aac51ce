"""Random values at import: production has none then, and fails; here they are found and said.

Only calls that stand in the script's own top level are found: the source is looked at, nothing
is patched, and libraries may do what they like, as production makes exceptions for them.

Source: https://developers.cloudflare.com/workers/languages/python/how-python-workers-work/
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..log import log

_MENTIONS = (b"random", b"secrets", b"uuid")
_MODULES = frozenset({"random", "secrets"})
_FUNCTIONS = frozenset({"os.urandom", "uuid.uuid1", "uuid.uuid4"})
_ALLOWED = frozenset(
    {"random.Random", "random.SystemRandom", "random.seed", "secrets.SystemRandom"}
)
_WARNING = (
    "{path}:{line}: {name}() while the module is imported fails on Cloudflare, which has no "
    "random values then\nhint: call it in a handler"
)


def warn_of_entropy(path: str, source: bytes) -> None:
    """Say where the module that ``source`` makes draws random values while it is imported."""
    if not any(word in source for word in _MENTIONS):
        return
    for call, name in random_draws(ast.parse(source)):
        log.warn_once(_WARNING.format(path=path, line=call.lineno, name=name))


def random_draws(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    """Each call that draws random values while the module is imported, with its full name."""
    names = dict(_imported(tree))
    for call in _calls(tree):
        name = _dotted(call.func, names)
        if name in _FUNCTIONS or (name.partition(".")[0] in _MODULES and name not in _ALLOWED):
            yield call, name


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What each name that the top level imports stands for."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.asname or alias.name, alias.name
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    """The calls that run when ``node`` does: not those in the bodies of functions."""
    for name, value in ast.iter_fields(node):
        if name == "body" and isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        if name == "body" and isinstance(node, ast.If) and _is_main_check(node):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.Call):
                yield child
            if isinstance(child, ast.AST):
                yield from _calls(child)


def _is_main_check(node: ast.If) -> bool:
    """`if __name__ == "__main__":`, which is never true in a Worker."""
    left = node.test.left if isinstance(node.test, ast.Compare) else None
    return isinstance(left, ast.Name) and left.id == "__name__"


def _dotted(node: ast.expr, names: dict[str, str]) -> str:
    """`uuid.uuid4` for a reference to it by any imported name; empty for everything else."""
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute):
        base = _dotted(node.value, names)
        return f"{base}.{node.attr}" if base else ""
    return ""
