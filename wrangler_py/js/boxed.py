"""Primitives as objects: `Number`, `String` and `Boolean` with their methods.

Implements: https://tc39.es/ecma262/#sec-numbers-and-dates, https://tc39.es/ecma262/#sec-text-processing
"""

from __future__ import annotations

import math
import sys
import unicodedata
from collections.abc import Iterator
from typing import Any

from .array import JsArray
from .bigint import BigInt
from .convert import (
    MAX_SAFE_INTEGER,
    is_bigint,
    number,
    number_text,
    to_boolean,
    to_integer,
    to_number,
    to_string,
)
from .errors import range_error
from .null import is_nullish
from .numerals import parseFloat, parseInt
from .object import JsObject
from .proxy import JsProxy


class Boxed(JsProxy, js_name="Object"):
    """An object around a primitive."""

    def __init__(self, value: Any = None) -> None:
        self._value = value

    def valueOf(self) -> Any:
        return self._value

    def toString(self) -> str:
        return to_string(self._value)


class Boolean(Boxed):
    """`new Boolean(value)`; without `new`, ToBoolean."""

    @classmethod
    def _construct(cls, *args: Any) -> Boolean:
        return cls(to_boolean(args[0] if args else None))

    @staticmethod
    def _called(value: Any = None, *_: Any) -> bool:
        return to_boolean(value)


class Number(Boxed):
    """`new Number(value)`; without `new`, ToNumber."""

    MAX_SAFE_INTEGER = MAX_SAFE_INTEGER
    MIN_SAFE_INTEGER = -MAX_SAFE_INTEGER
    MAX_VALUE = sys.float_info.max
    MIN_VALUE = 5e-324
    EPSILON = sys.float_info.epsilon
    NaN = math.nan
    POSITIVE_INFINITY = math.inf
    NEGATIVE_INFINITY = -math.inf

    @classmethod
    def _construct(cls, *args: Any) -> Number:
        return cls(to_number(args[0]) if args else 0)

    @staticmethod
    def _called(*args: Any) -> int | float:
        return to_number(args[0]) if args else 0

    @staticmethod
    def isInteger(value: Any = None) -> bool:
        return _is_number(value) and math.isfinite(value) and value == int(value)

    @staticmethod
    def isSafeInteger(value: Any = None) -> bool:
        return Number.isInteger(value) and abs(value) <= MAX_SAFE_INTEGER

    @staticmethod
    def isFinite(value: Any = None) -> bool:
        return _is_number(value) and math.isfinite(value)

    @staticmethod
    def isNaN(value: Any = None) -> bool:
        return _is_number(value) and value != value

    parseFloat = staticmethod(parseFloat)
    parseInt = staticmethod(parseInt)

    def toFixed(self, digits: Any = 0) -> str:
        places = to_integer(digits)
        if not 0 <= places <= 100:
            raise range_error("toFixed() digits argument must be between 0 and 100")
        if not math.isfinite(self._value) or abs(self._value) >= 1e21:
            return to_string(self._value)
        return _fixed(self._value, places)

    def toPrecision(self, digits: Any = None) -> str:
        if digits is None or not math.isfinite(self._value):
            return to_string(self._value)
        places = to_integer(digits)
        exponent = math.floor(math.log10(abs(self._value))) if self._value else 0
        if -7 < exponent < places:
            return f"{self._value:.{max(0, places - 1 - exponent)}f}"
        mantissa, _, power = f"{self._value:.{places - 1}e}".partition("e")
        return f"{mantissa}e{int(power):+d}"

    def toString(self, radix: Any = 10) -> str:
        base = to_integer(radix)
        if not 2 <= base <= 36:
            raise range_error("toString() radix must be between 2 and 36")
        if base == 10 or not Number.isInteger(self._value):
            return to_string(self._value)
        return in_radix(int(self._value), base)

    def toLocaleString(self, *_: Any) -> str:
        if not math.isfinite(self._value):
            return number_text(self._value)
        whole, _point, fraction = f"{self._value:,.3f}".partition(".")
        fraction = fraction.rstrip("0")
        return f"{whole}.{fraction}" if fraction else whole


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _fixed(value: float, places: int) -> str:
    """Decimal digits; a tie is rounded away from zero, where Python's formats round to even."""
    numerator, denominator = abs(value).as_integer_ratio()
    scaled = (2 * numerator * 10**places + denominator) // (2 * denominator)
    digits = str(scaled).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if value < 0 else text


def in_radix(value: int, base: int) -> str:
    """An integer in base 2 to 36."""
    digits = ""
    rest = abs(value)
    while rest:
        rest, digit = divmod(rest, base)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return ("-" if value < 0 else "") + (digits or "0")


class String(Boxed):
    """`new String(value)`; without `new`, ToString. Positions count code points.

    Differs: a character beyond the Basic Multilingual Plane is one character to `at`,
    `slice` and the like; `length` counts UTF-16 code units.
    """

    _value: str

    @classmethod
    def _construct(cls, *args: Any) -> String:
        return cls(to_string(args[0]) if args else "")

    @staticmethod
    def _called(*args: Any) -> str:
        return to_string(args[0]) if args else ""

    @staticmethod
    def fromCharCode(*codes: Any) -> str:
        units = b"".join((to_integer(code) & 0xFFFF).to_bytes(2, "little") for code in codes)
        return units.decode("utf-16-le", "surrogatepass")

    @staticmethod
    def fromCodePoint(*codes: Any) -> str:
        for code in codes:
            if not 0 <= to_integer(code) <= 0x10FFFF:
                raise range_error(f"Invalid code point {to_string(code)}")
        return "".join(chr(to_integer(code)) for code in codes)

    @property
    def length(self) -> int:
        return len(self._value.encode("utf-16-le", "surrogatepass")) // 2

    def __len__(self) -> int:
        return self.length

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(self._value)

    def _entries(self) -> Iterator[tuple[str, Any]]:
        return ((str(index), char) for index, char in enumerate(self._value))

    def at(self, index: Any = 0) -> str | None:
        place = to_integer(index)
        return self._value[place] if -len(self._value) <= place < len(self._value) else None

    def charAt(self, index: Any = 0) -> str:
        place = to_integer(index)
        return self._value[place] if 0 <= place < len(self._value) else ""

    def charCodeAt(self, index: Any = 0) -> int | float:
        units = self._value.encode("utf-16-le", "surrogatepass")
        place = to_integer(index) * 2
        return (
            int.from_bytes(units[place : place + 2], "little") if place < len(units) else math.nan
        )

    def codePointAt(self, index: Any = 0) -> int | None:
        char = self.charAt(index)
        return ord(char) if char else None

    def concat(self, *parts: Any) -> str:
        return self._value + "".join(map(to_string, parts))

    def endsWith(self, text: Any = None) -> bool:
        return self._value.endswith(to_string(text))

    def startsWith(self, text: Any = None, start: Any = 0) -> bool:
        return self._value.startswith(to_string(text), max(0, to_integer(start)))

    def includes(self, text: Any = None) -> bool:
        return to_string(text) in self._value

    def indexOf(self, text: Any = None, start: Any = 0) -> int:
        return self._value.find(to_string(text), max(0, to_integer(start)))

    def lastIndexOf(self, text: Any = None) -> int:
        return self._value.rfind(to_string(text))

    def localeCompare(self, other: Any = None) -> int:
        mine, theirs = self._value.casefold(), to_string(other).casefold()
        return (mine > theirs) - (mine < theirs)

    def normalize(self, form: Any = None) -> str:
        wanted: Any = "NFC" if form is None else to_string(form)
        if wanted not in ("NFC", "NFD", "NFKC", "NFKD"):
            raise range_error("The normalization form should be one of NFC, NFD, NFKC, NFKD.")
        return unicodedata.normalize(wanted, self._value)

    def padEnd(self, length: Any = 0, filler: Any = " ") -> str:
        return self._value + self._padding(length, filler)

    def padStart(self, length: Any = 0, filler: Any = " ") -> str:
        return self._padding(length, filler) + self._value

    def _padding(self, length: Any, filler: Any) -> str:
        missing, text = to_integer(length) - len(self._value), to_string(filler)
        return (text * (missing // len(text) + 1))[:missing] if missing > 0 and text else ""

    def repeat(self, count: Any = 0) -> str:
        times = to_integer(count)
        if times < 0:
            raise range_error(f"Invalid count value: {to_string(count)}")
        return self._value * times

    def match(self, pattern: Any = None) -> Any:
        return _regexp(pattern)._match(self._value)

    def matchAll(self, pattern: Any = None) -> Any:
        return _regexp(pattern, "g")._match_all(self._value)

    def search(self, pattern: Any = None) -> int:
        return int(_regexp(pattern)._search(self._value))

    def replace(self, pattern: Any = None, replacement: Any = None) -> str:
        from .regexp import replace  # regular expressions are made of strings

        return replace(self._value, pattern, replacement, every=False)

    def replaceAll(self, pattern: Any = None, replacement: Any = None) -> str:
        from .regexp import replace  # regular expressions are made of strings

        return replace(self._value, pattern, replacement, every=True)

    def slice(self, start: Any = 0, end: Any = None) -> str:
        return self._value[to_integer(start) : None if end is None else to_integer(end)]

    def split(self, separator: Any = None, limit: Any = None) -> JsArray:
        from .regexp import split  # regular expressions are made of strings

        parts = split(self._value, separator)
        return JsArray(parts if limit is None else parts[: to_integer(limit)])

    def substring(self, start: Any = 0, end: Any = None) -> str:
        first = max(0, to_integer(start))
        last = len(self._value) if end is None else max(0, to_integer(end))
        return self._value[min(first, last) : max(first, last)]

    def substr(self, start: Any = 0, length: Any = None) -> str:
        rest = self._value[to_integer(start) :]
        return rest if length is None else rest[: max(0, to_integer(length))]

    def toLowerCase(self) -> str:
        return self._value.lower()

    def toUpperCase(self) -> str:
        return self._value.upper()

    def trim(self) -> str:
        return self._value.strip()

    def trimEnd(self) -> str:
        return self._value.rstrip()

    def trimStart(self) -> str:
        return self._value.lstrip()


def _regexp(pattern: Any, flags: str = "") -> Any:
    from .regexp import RegExp  # regular expressions are made of strings

    return pattern if isinstance(pattern, RegExp) else RegExp._construct(pattern, flags)


def to_object(value: Any) -> Any:
    """`Object(value)`: primitives are boxed, objects stay what they are."""
    if is_nullish(value):
        return JsObject()
    if isinstance(value, bool):
        return Boolean(value)
    if isinstance(value, str):
        return String(to_string(value))
    if is_bigint(value):
        return BigInt(value)
    return Number(number(value)) if isinstance(value, (int, float)) else value
