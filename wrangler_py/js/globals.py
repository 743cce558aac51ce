"""Names of the global scope that are small or only gathered here.

Implements: https://tc39.es/ecma262/#sec-global-object
"""

from __future__ import annotations

import math
from typing import Any, Never

from ..errors import NotEmulated
from .boxed import Boolean, Number, String
from .convert import to_number
from .errors import JsException, error
from .indexed import callback
from .map_set import WeakMap, WeakRef, WeakSet
from .numerals import parseFloat, parseInt
from .proxy import JsProxy
from .reflect import Reflect
from .regexp import RegExp
from .symbol import Symbol
from .uri import decodeURI, decodeURIComponent, encodeURI, encodeURIComponent, escape, unescape

__all__ = [
    "Boolean",
    "FinalizationRegistry",
    "Function",
    "Infinity",
    "NaN",
    "Number",
    "Proxy",
    "Reflect",
    "RegExp",
    "String",
    "Symbol",
    "WeakMap",
    "WeakRef",
    "WeakSet",
    "decodeURI",
    "decodeURIComponent",
    "encodeURI",
    "encodeURIComponent",
    "escape",
    "eval",
    "isFinite",
    "isNaN",
    "parseFloat",
    "parseInt",
    "undefined",
    "unescape",
]

Infinity = math.inf
NaN = math.nan
undefined = None


def isNaN(value: Any = None) -> bool:
    return math.isnan(to_number(value))


def isFinite(value: Any = None) -> bool:
    return math.isfinite(to_number(value))


def no_code_from_strings() -> JsException:
    """What the runtime says to `eval` and `new Function`."""
    return error("Code generation from strings disallowed for this context", "EvalError")


def eval(code: Any = None) -> Any:
    if isinstance(code, str):
        raise no_code_from_strings()
    return code


class Function(JsProxy, raw=True):
    """`Function(...)`, with or without `new`: the runtime compiles no strings."""

    @classmethod
    def _construct(cls, *_: Any) -> Never:
        raise no_code_from_strings()

    _called = _construct


class Proxy(JsProxy):
    """`Proxy`: an object of Python does the same from within."""

    _called_without_new = "Constructor Proxy requires 'new'"

    @classmethod
    def _construct(cls, *_: Any) -> Never:
        raise NotEmulated("Proxy", hint="give JavaScript a Python object instead")


class FinalizationRegistry(JsProxy):
    """`FinalizationRegistry`: collection may never come, and here it does not."""

    _called_without_new = "Constructor FinalizationRegistry requires 'new'"

    def __init__(self, cleanup: Any = None) -> None:
        callback(cleanup)

    def register(self, target: Any = None, value: Any = None, token: Any = None) -> None: ...

    def unregister(self, token: Any = None) -> bool:
        return False
