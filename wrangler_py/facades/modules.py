"""The modules that a worker may import from the runtime, and the names in each.

A builder gives a module's fixed names; `lookup` answers for names that are made on first
use (JavaScript's globals) or that depend on the worker's Pyodide (`jsnull`).
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from types import FunctionType
from typing import Any

from ..js import profile
from ..js.absent import Absent
from ..js.proxy import JsFunction, JsType
from . import js_globals


def _none() -> dict[str, Any]:
    return {}


def _ffi() -> dict[str, Any]:
    from . import pyodide_ffi

    return {name: getattr(pyodide_ffi, name) for name in pyodide_ffi.__all__}


def _wrappers() -> dict[str, Any]:
    from . import pyodide_ffi_wrappers as wrappers

    return {name: getattr(wrappers, name) for name in wrappers.__all__}


def _http() -> dict[str, Any]:
    from . import pyodide_http

    names = set(pyodide_http.__all__) - pyodide_http.SINCE_0_28
    return {name: getattr(pyodide_http, name) for name in names}


def _code() -> dict[str, Any]:
    from . import pyodide_code

    return {name: getattr(pyodide_code, name) for name in pyodide_code.__all__}


def _webloop() -> dict[str, Any]:
    from ..js import stack
    from ..js.promise import PromiseTask, PyodideFuture
    from ..js.webloop import WebLoop

    stack.want()  # nobody needs a loop of their own but to wait by it
    return {"PyodideFuture": PyodideFuture, "PyodideTask": PromiseTask, "WebLoop": WebLoop}


BUILDERS: dict[str, Callable[[], dict[str, Any]]] = {
    "js": _none,
    "pyodide": _none,
    "pyodide.code": _code,
    "pyodide.ffi": _ffi,
    "pyodide.ffi.wrappers": _wrappers,
    "pyodide.http": _http,
    "pyodide.webloop": _webloop,
    "_pyodide_entrypoint_helper": _none,
    "_cloudflare_compat_flags": _none,
}
PACKAGES = frozenset({"pyodide", "pyodide.ffi"})

_js_cache: dict[str, Any] = {}


def lookup(module: str, name: str) -> Any:
    """A name that is not fixed.

    Raises:
        AttributeError: there is no such name, in JavaScript or in this Pyodide.
    """
    finder = _LOOKUPS.get(module)
    if finder is None:
        raise AttributeError(f"module {module!r} has no attribute {name!r}")
    return finder(name)


def names(module: str) -> list[str]:
    """Names that `dir(module)` shows beside the fixed ones."""
    return [*js_globals.HOME, *js_globals.NOT_EMULATED] if module == "js" else []


def _js(name: str) -> Any:
    if name in ("globalThis", "self"):
        return sys.modules["js"]
    if name in _js_cache:
        return _js_cache[name]
    home = js_globals.HOME.get(name)
    if home is None:
        return Absent(f"js.{name}") if name in js_globals.NOT_EMULATED else _js_error_class(name)
    value = getattr(importlib.import_module(home), name)
    if isinstance(value, JsType):
        value = value.constructor
    elif isinstance(value, FunctionType):
        value = JsFunction(value, name)
    _js_cache[name] = value
    return value


def _js_error_class(name: str) -> Any:
    from ..js.errors import ERROR_CLASSES

    if name in ERROR_CLASSES and name != "PythonError":
        return ERROR_CLASSES[name]
    raise AttributeError(name)


def _pyodide(name: str) -> Any:
    if name == "__version__":
        return profile.current().pyodide_version
    raise AttributeError(f"module 'pyodide' has no attribute {name!r}")


def _profile_ffi(name: str) -> Any:
    """Names that only newer Pyodide versions have."""
    from ..js.null import JsNull, jsnull

    current = profile.current()
    if current.has_jsnull and name in ("jsnull", "JsNull"):
        return jsnull if name == "jsnull" else JsNull
    if name in ("run_sync", "can_run_sync") and (current.has_run_sync or name == "run_sync"):
        from ..js import stack

        stack.want()
        return getattr(stack, name)
    if name == "JsBigInt" and current.has_bigint:
        from ..js.bigint import JsBigInt

        return JsBigInt
    raise AttributeError(f"module 'pyodide.ffi' has no attribute {name!r}")


def _profile_http(name: str) -> Any:
    """Names that only newer Pyodide versions have."""
    from . import pyodide_http

    if name in pyodide_http.SINCE_0_28 and profile.current().has_jsnull:
        return getattr(pyodide_http, name)
    raise AttributeError(f"module 'pyodide.http' has no attribute {name!r}")


_LOOKUPS: dict[str, Callable[[str], Any]] = {
    "pyodide.http": _profile_http,
    "js": _js,
    "pyodide": _pyodide,
    "pyodide.ffi": _profile_ffi,
}


def provide(module: str, finder: Callable[[str], Any]) -> None:
    """Let a layer above answer for a module's names (the runtime's private modules)."""
    _LOOKUPS[module] = finder
