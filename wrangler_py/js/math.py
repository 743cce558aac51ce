"""The `Math` object.

Implements: https://tc39.es/ecma262/#sec-math-object
"""

from __future__ import annotations

import math
import random
import struct
from collections.abc import Callable
from typing import Any

from .convert import number, to_number
from .proxy import JsFunction, JsProxy


class _Math(JsProxy, js_name="Math", raw=True):
    """`Math`; NaN where Python raises."""

    constructor = JsProxy.constructor

    E = math.e
    LN10 = math.log(10)
    LN2 = math.log(2)
    LOG10E = 1 / math.log(10)
    LOG2E = 1 / math.log(2)
    PI = math.pi
    SQRT1_2 = math.sqrt(0.5)
    SQRT2 = math.sqrt(2)

    def __init__(self) -> None:
        for name, function in _FUNCTIONS.items():
            setattr(self, name, JsFunction(function, name))


def _unary(function: Callable[[float], float]) -> Callable[[Any], int | float]:
    def call(value: Any = None) -> int | float:
        try:
            return number(function(float(to_number(value))))
        except (ValueError, OverflowError):
            return math.nan

    return call


def _binary(function: Callable[[float, float], float]) -> Callable[[Any, Any], int | float]:
    def call(left: Any = None, right: Any = None) -> int | float:
        try:
            return number(function(float(to_number(left)), float(to_number(right))))
        except (ValueError, OverflowError):
            return math.nan

    return call


def _whole(function: Callable[[float], float]) -> Callable[[Any], int | float]:
    """Rounding, which leaves infinities and NaN as they are."""
    return _unary(lambda x: float(function(x)) if math.isfinite(x) else x)


def _log(function: Callable[[float], float]) -> Callable[[Any], int | float]:
    return _unary(lambda x: -math.inf if x == 0 else function(x))


def _pow(base: float, exponent: float) -> float:
    if exponent != exponent or (abs(base) == 1 and math.isinf(exponent)):
        return math.nan
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -math.inf if base < 0 and exponent % 2 == 1 else math.inf
    except ValueError:
        if base != 0:
            return math.nan
        return -math.inf if math.copysign(1, base) < 0 and exponent % 2 == 1 else math.inf


def _cbrt(x: float) -> float:
    """The C library is off by a digit for some cubes of integers."""
    root = math.cbrt(x)
    return float(round(root)) if abs(root) < 2**17 and round(root) ** 3 == x else root


def _round(x: float) -> float:
    return math.floor(x + 0.5) if abs(x) < 2**52 else x


def _sign(x: float) -> float:
    return x if x == 0 or x != x else math.copysign(1, x)


def _int32(value: float) -> int:
    return int(value) & 0xFFFFFFFF if math.isfinite(value) else 0


def _imul(left: float, right: float) -> float:
    product = _int32(left) * _int32(right) & 0xFFFFFFFF
    return product - (product >> 31 << 32)


def _fround(x: float) -> float:
    try:
        return float(struct.unpack("<f", struct.pack("<f", x))[0])
    except OverflowError:
        return math.copysign(math.inf, x)


def _extreme(pick: Callable[..., Any], empty: float) -> Callable[..., int | float]:
    def call(*values: Any) -> int | float:
        numbers = [to_number(value) for value in values]
        if any(x != x for x in numbers):
            return math.nan
        return number(pick(numbers, default=empty))

    return call


def _hypot(*values: Any) -> int | float:
    return number(math.hypot(*(float(to_number(value)) for value in values)))


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{
        name: _unary(getattr(math, name))
        for name in ("acos", "acosh", "asin", "asinh", "atan", "cos", "sin", "sqrt", "tan", "tanh")
    },
    "abs": _unary(abs),
    "atan2": _binary(math.atan2),
    "atanh": _unary(lambda x: math.copysign(math.inf, x) if abs(x) == 1 else math.atanh(x)),
    "cbrt": _unary(_cbrt),
    "ceil": _whole(math.ceil),
    "clz32": _unary(lambda x: 32 - _int32(x).bit_length()),
    "cosh": _unary(lambda x: math.cosh(x) if abs(x) < 711 else math.inf),
    "exp": _unary(lambda x: math.exp(x) if x < 710 else math.inf),
    "expm1": _unary(lambda x: math.expm1(x) if x < 710 else math.inf),
    "floor": _whole(math.floor),
    "fround": _unary(_fround),
    "hypot": _hypot,
    "imul": _binary(_imul),
    "log": _log(math.log),
    "log10": _log(math.log10),
    "log1p": _unary(lambda x: -math.inf if x == -1 else math.log1p(x)),
    "log2": _log(math.log2),
    "max": _extreme(max, -math.inf),
    "min": _extreme(min, math.inf),
    "pow": _binary(_pow),
    "random": lambda: random.random(),
    "round": _whole(_round),
    "sign": _unary(_sign),
    "sinh": _unary(lambda x: math.sinh(x) if abs(x) < 710 else math.copysign(math.inf, x)),
    "trunc": _whole(math.trunc),
}

Math = _Math()
