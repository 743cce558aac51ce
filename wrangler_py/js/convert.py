"""JavaScript's conversions of a value that came from Python: ToString, ToNumber, ToBoolean.

A Python object that is no primitive is a PyProxy to JavaScript, whose `toString()` is `str()`.

Implements: https://tc39.es/ecma262/#sec-type-conversion
"""

from __future__ import annotations

import math
from typing import Any

from .null import jsnull

MAX_SAFE_INTEGER = 2**53 - 1


def to_string(value: Any) -> str:
    """ECMAScript ToString."""
    if type(value) is str:
        return value
    if value is None:
        return "undefined"
    if value is jsnull:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return number_text(value)
    return str(value)


def to_primitive(value: Any) -> Any:
    """ECMAScript ToPrimitive with the hint "number"."""
    if is_primitive(value):
        return value
    primitive = value.valueOf() if hasattr(value, "valueOf") else value
    return primitive if is_primitive(primitive) else to_string(value)


def is_bigint(value: Any) -> bool:
    """Whether JavaScript gets a Python int as a BigInt (as Pyodide does from 2**53 - 1 on)."""
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    return not -MAX_SAFE_INTEGER < value < MAX_SAFE_INTEGER or hasattr(value, "_is_bigint")


def number_text(value: float) -> str:
    """A Number as JavaScript prints it: 1, 1.5, 1e+21, 1e-7, NaN, Infinity."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    digits, exp = _shortest(abs(value))
    sign = "-" if value < 0 else ""
    exponent = ""
    count = len(digits)
    if count <= exp <= 21:
        mantissa = digits + "0" * (exp - count)
    elif 0 < exp <= 21:
        mantissa = f"{digits[:exp]}.{digits[exp:]}"
    elif -6 < exp <= 0:
        mantissa = "0." + "0" * -exp + digits
    else:
        exponent = f"e{'+' if exp > 0 else '-'}{abs(exp - 1)}"
        mantissa = digits if count == 1 else f"{digits[0]}.{digits[1:]}"
    return sign + mantissa + exponent


def _shortest(value: float) -> tuple[str, int]:
    """Shortest round-trip digits, and the decimal point's place from their start."""
    mantissa, _, exponent = repr(value).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = whole + fraction
    leading = len(digits) - len(digits.lstrip("0"))
    return digits.strip("0"), len(whole) - leading + int(exponent or 0)


def to_number(value: Any) -> int | float:
    """ECMAScript ToNumber; NaN where there is no number in it."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float)):
        return number(value)
    if value is None:
        return math.nan
    if value is jsnull:
        return 0
    if isinstance(value, str):
        return _string_to_number(value)
    return to_number(to_primitive(value))


def _string_to_number(text: str) -> int | float:
    text = text.strip()
    if not text:
        return 0
    try:
        if text[:2].lower() in ("0x", "0o", "0b"):
            return number(int(text, 0))
        if "_" in text or text.lower().lstrip("+-") in ("nan", "inf", "infinity"):
            return {"Infinity": math.inf, "+Infinity": math.inf, "-Infinity": -math.inf}.get(
                text, math.nan
            )
        return number(float(text))
    except ValueError:
        return math.nan


def number(value: int | float) -> int | float:
    """A Number as Python sees it: an integral value in the safe range is an int."""
    if isinstance(value, float):
        if value.is_integer() and abs(value) <= MAX_SAFE_INTEGER:
            return int(value)
        return value
    return value if abs(value) <= MAX_SAFE_INTEGER else float(value)


def to_integer(value: Any) -> int:
    """ECMAScript ToIntegerOrInfinity, with infinities clamped to the safe range."""
    result = to_number(value)
    if isinstance(result, float):
        if math.isnan(result):
            return 0
        if math.isinf(result):
            return MAX_SAFE_INTEGER if result > 0 else -MAX_SAFE_INTEGER
    return int(result)


def to_boolean(value: Any) -> bool:
    """ECMAScript ToBoolean: every object is true, an empty list too."""
    if value is None or value is jsnull or value is False:
        return False
    if isinstance(value, str):
        return value != ""
    if isinstance(value, (int, float)):
        return value != 0 and value == value
    return True


def is_primitive(value: Any) -> bool:
    """Whether a value crosses the border by value (no proxy)."""
    return value is None or value is jsnull or isinstance(value, (str, int, float))
