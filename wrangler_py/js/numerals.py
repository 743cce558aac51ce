"""`parseInt` and `parseFloat`: the number at the start of a text.

Implements: https://tc39.es/ecma262/#sec-parseint-string-radix
"""

from __future__ import annotations

import math
import re
from typing import Any

from .convert import number, to_integer, to_number, to_string

_DECIMAL = re.compile(r"[+-]?(?:Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)", re.ASCII)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def parseFloat(text: Any = None) -> int | float:
    found = _DECIMAL.match(to_string(text).lstrip())
    return to_number(found.group()) if found else math.nan


def parseInt(text: Any = None, radix: Any = None) -> int | float:
    digits = to_string(text).lstrip().lower()
    sign = -1 if digits[:1] == "-" else 1
    digits = digits[1:] if digits[:1] in ("+", "-") else digits
    base = to_integer(radix)
    if base in (0, 16) and digits[:2] == "0x":
        digits, base = digits[2:], 16
    base = base or 10
    if not 2 <= base <= 36:
        return math.nan
    count = next((i for i, c in enumerate(digits) if c not in _DIGITS[:base]), len(digits))
    return number(sign * int(digits[:count], base)) if count else math.nan
