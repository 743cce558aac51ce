"""Evaluate one row and put its answer into words.

This one file runs on both sides: as a module here, and as source inside real Pyodide. So it
imports nothing of the project, and what it writes depends on nothing but the answer.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
import types
import warnings
from collections.abc import Callable
from typing import Any

DEPTH = 6
SECONDS = 2
FFI_NAMES = (
    "ConversionError IN_BROWSER JsArray JsAsyncGenerator JsAsyncIterable JsAsyncIterator JsBigInt "
    "JsBuffer JsCallable JsDomElement JsDoubleProxy JsException JsFetchResponse JsGenerator "
    "JsIterable JsIterator JsMap JsMutableMap JsOnceCallable JsPromise JsProxy JsTypedArray "
    "can_run_sync create_once_callable create_proxy destroy_proxies register_js_module run_sync "
    "to_js unregister_js_module"
).split()


async def evaluate(source: str) -> str:
    """Run ``source`` and describe its ``result``, or its last expression, or what it raised."""
    scope = fresh_scope()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            outcome = eval(compile(as_statements(source), "<row>", "exec", flags), scope)
            if inspect.iscoroutine(outcome):
                await asyncio.wait_for(outcome, SECONDS)
            return tidy(render(scope["result"])) if "result" in scope else "(no result)"
    except BaseException as error:
        return tidy(f"raises {type(error).__name__}: {error}")


def as_statements(source: str) -> ast.Module:
    """Parse a row; a last expression becomes the value of ``result``."""
    tree = ast.parse(source)
    last = tree.body[-1]
    if isinstance(last, ast.Expr):
        target = ast.Name("result", ast.Store())
        tree.body[-1] = ast.Assign([target], last.value)
        ast.fix_missing_locations(tree)
    return tree


def fresh_scope() -> dict[str, Any]:
    import js  # type: ignore[import-not-found,unused-ignore]
    import pyodide  # type: ignore[import-not-found,unused-ignore]
    from pyodide import ffi

    scope: dict[str, Any] = {
        "__name__": "__main__",
        "asyncio": asyncio,
        "js": js,
        "jsnull": getattr(ffi, "jsnull", None),
        "kind": kind,
        "pyodide": pyodide,
        "said": said,
    }
    scope.update({name: getattr(ffi, name) for name in FFI_NAMES if hasattr(ffi, name)})
    return scope


def kind(action: Callable[[], object]) -> str:
    """Name the class of what ``action`` raises: for texts that vary with the version of Python."""
    try:
        action()
    except Exception as error:
        return type(error).__name__
    return "nothing raised"


def said(action: Callable[[], object]) -> str:
    """Describe what ``action`` raises, or what it answers."""
    try:
        return render(action())
    except Exception as error:
        return f"raises {type(error).__name__}: {error}"


def tidy(text: str) -> str:
    """Replace addresses, which differ from run to run."""
    return re.sub(r"0x[0-9a-f]{6,}", "0x...", text)


def render(value: Any, depth: int = 0) -> str:
    """Describe a value so that different values of different kinds read differently."""
    from pyodide import ffi

    if depth > DEPTH:
        return "..."
    if value is None or type(value) in (bool, int, float, str, bytes):
        return repr(value)
    if value is getattr(ffi, "jsnull", None):
        return "jsnull"
    if isinstance(value, ffi.JsException):
        return f"JsException({value})"
    if isinstance(value, ffi.JsProxy):
        return render_proxy(value, depth)
    if isinstance(value, list | tuple | set | frozenset | dict):
        return render_collection(value, depth)
    return render_object(value)


def render_collection(value: Any, depth: int) -> str:
    name = type(value).__name__
    if isinstance(value, dict):
        pairs = [f"{render(k, depth + 1)}: {render(v, depth + 1)}" for k, v in value.items()]
        body = "{" + ", ".join(pairs) + "}"
        return body if name == "dict" else f"{name}({body})"
    items = [render(item, depth + 1) for item in value]
    if name == "list":
        return "[" + ", ".join(items) + "]"
    if name == "tuple":
        return "(" + ", ".join(items) + ("," if len(items) == 1 else "") + ")"
    return f"{name}({', '.join(sorted(items) if isinstance(value, set | frozenset) else items)})"


def render_object(value: Any) -> str:
    name = type(value).__name__
    if isinstance(value, type):
        return f"<class {value.__name__}>"
    if isinstance(value, memoryview):
        return f"memoryview({value.tobytes()!r}, {value.format!r}, {value.shape!r})"
    if isinstance(value, BaseException):
        return f"{name}({value})"
    if isinstance(value, int | float | str | bytes | bytearray):
        base = next(t for t in (int, float, str, bytes, bytearray) if isinstance(value, t))
        return f"{name}({base(value)!r})"  # type: ignore[arg-type]
    if isinstance(value, types.FunctionType | types.BuiltinFunctionType | types.MethodType):
        return f"<{name} {value.__name__}>"
    return f"<{name}>"


def render_proxy(value: Any, depth: int) -> str:
    from pyodide import ffi

    if isinstance(value, ffi.JsDoubleProxy):
        return f"js proxy of {render(value.unwrap(), depth + 1)}"
    name = constructor_name(value)
    if name == "Array":
        return "js[" + ", ".join(render(item, depth + 1) for item in value) + "]"
    if name == "Object":
        return "js{" + pairs_of(value.object_entries(), depth) + "}"
    if name in ("Map", "LiteralMap"):
        return f"js {name}{{{pairs_of(value.entries(), depth)}}}"
    if name == "Set":
        return "js Set{" + ", ".join(render(item, depth + 1) for item in value) + "}"
    if name in ("Function", "AsyncFunction"):
        return f"js {name} {value.name}"
    if name == "Date":
        return f"js Date {value.getTime()}"
    if name == "ArrayBuffer":
        return f"js ArrayBuffer {value.to_bytes()!r}"
    return f"js {name} {str(value)!r}"


def constructor_name(value: Any) -> str:
    constructor = getattr(value, "constructor", None)
    return str(getattr(constructor, "name", "(without constructor)"))


def pairs_of(entries: Any, depth: int) -> str:
    return ", ".join(f"{render(k, depth + 1)}: {render(v, depth + 1)}" for k, v in entries)
