"""`pyodide.code`: call functions that take fewer arguments, run code from texts.

Implements: https://pyodide.org/en/stable/usage/api/python-api/code.html
"""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Callable, Mapping
from inspect import Parameter
from typing import Any

from ..errors import NotEmulated
from ..js.globals import no_code_from_strings

__all__ = [
    "CodeRunner",
    "eval_code",
    "eval_code_async",
    "find_imports",
    "relaxed_call",
    "relaxed_wrap",
    "run_js",
    "should_quiet",
]


def run_js(code: str, /) -> Any:
    """JavaScript's `eval`, which the runtime forbids.

    Raises:
        TypeError: ``code`` is no text.
        JsException: always an EvalError.
    """
    if not isinstance(code, str):
        raise TypeError(f"argument should have type 'string' not type '{type(code).__name__}'")
    raise no_code_from_strings()


def _signature(func: Callable[..., Any]) -> inspect.Signature | None:
    try:
        return inspect.signature(func)
    except (TypeError, ValueError):
        return None


@functools.lru_cache(128)
def _limits(func: Callable[..., Any]) -> tuple[int | None, frozenset[str] | None] | None:
    """How many positional and which keyword arguments ``func`` takes; None: any."""
    signature = _signature(func)
    if signature is None:
        return None
    parameters = signature.parameters.values()
    kinds = {parameter.kind for parameter in parameters}
    positional = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    named = (Parameter.KEYWORD_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    most = None
    if Parameter.VAR_POSITIONAL not in kinds:
        most = sum(parameter.kind in positional for parameter in parameters)
    names = None
    if Parameter.VAR_KEYWORD not in kinds:
        names = frozenset(p.name for p in parameters if p.kind in named)
    return most, names


def _cut(
    limits: tuple[int | None, frozenset[str] | None],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    most, names = limits
    if names is not None and kwargs:
        kwargs = {name: value for name, value in kwargs.items() if name in names}
    return args[:most], kwargs


def relaxed_call(func: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call ``func`` without the arguments that it does not take."""
    try:
        limits = _limits(func)
    except TypeError:  # not hashable
        limits = _limits.__wrapped__(func)
    if limits is not None:
        args, kwargs = _cut(limits, args, kwargs)
    return func(*args, **kwargs)


def relaxed_wrap(func: Callable[..., Any]) -> Callable[..., Any]:
    """A function like ``func`` that ignores the arguments it does not take.

    Raises:
        TypeError: ``func`` does not say what it takes.
    """
    limits = _limits.__wrapped__(func)
    if limits is None:
        raise TypeError("Cannot wrap function")

    @functools.wraps(func)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        args, kwargs = _cut(limits, args, kwargs)
        return func(*args, **kwargs)

    return wrapper


def should_quiet(source: str, /) -> bool:
    """Whether a text ends in a semicolon: its value is not to be shown."""
    code = source.rstrip()
    try:
        last = ast.parse(code).body[-1:]
    except SyntaxError:
        return False
    return bool(last) and code.endswith(";")


def find_imports(source: str, /) -> list[str]:
    """The top-level modules that a text imports, each once, in order."""
    names: dict[str, None] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update((alias.name.partition(".")[0], None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names[node.module.partition(".")[0]] = None
    return list(names)


class CodeRunner:
    """Compile a text once; `run` gives the value of its last expression."""

    def __init__(
        self,
        source: str | ast.Module,
        *,
        return_mode: str = "last_expr",
        mode: str = "exec",
        quiet_trailing_semicolon: bool = True,
        filename: str = "<exec>",
        flags: int = 0,
        **_: Any,
    ) -> None:
        if return_mode not in ("last_expr", "none"):
            raise NotEmulated(f"pyodide.code: return_mode={return_mode!r}")
        self.filename, self.mode, self.flags = filename, mode, flags
        quiet = isinstance(source, str) and quiet_trailing_semicolon and should_quiet(source)
        self.ast = ast.parse(source) if isinstance(source, str) else source
        self._value: ast.Expression | None = None
        last = self.ast.body[-1] if self.ast.body else None
        if isinstance(last, ast.Expr) and return_mode == "last_expr" and not quiet:
            self._value = ast.Expression(last.value)
            self.ast = ast.Module(self.ast.body[:-1], self.ast.type_ignores)

    def compile(self) -> CodeRunner:
        flags = self.flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self.code = compile(self.ast, self.filename, "exec", flags)
        self.last = None
        if self._value is not None:
            self.last = compile(self._value, self.filename, "eval", flags)
        return self

    def run(
        self,
        globals: dict[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
    ) -> Any:
        scope = {} if globals is None else globals
        eval(self.code, scope, locals)
        return None if self.last is None else eval(self.last, scope, locals)

    async def run_async(
        self,
        globals: dict[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
    ) -> Any:
        scope = {} if globals is None else globals
        value = None
        for code in filter(None, (self.code, self.last)):
            value = eval(code, scope, locals)
            if code.co_flags & inspect.CO_COROUTINE:
                value = await value
        return value if self.last is not None else None


def eval_code(
    source: str,
    globals: dict[str, Any] | None = None,
    locals: Mapping[str, Any] | None = None,
    **options: Any,
) -> Any:
    """Run a text; the value of its last expression."""
    return CodeRunner(source, **options).compile().run(globals, locals)


async def eval_code_async(
    source: str,
    globals: dict[str, Any] | None = None,
    locals: Mapping[str, Any] | None = None,
    **options: Any,
) -> Any:
    """Run a text that may await; the value of its last expression."""
    return await CodeRunner(source, **options).compile().run_async(globals, locals)
