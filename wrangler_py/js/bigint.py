"""BigInt: a Python int, which newer versions of Pyodide mark as such.

Implements: https://tc39.es/ecma262/#sec-bigint-objects
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import profile
from .convert import is_bigint, to_integer, to_string
from .errors import JsException, error, range_error, type_error
from .null import is_nullish
from .proxy import JsProxy


class JsBigInt(int):
    """A BigInt that stays one on its way back to JavaScript; arithmetic keeps the type."""

    _is_bigint = True

    def __repr__(self) -> str:
        return int.__repr__(self)


JsBigInt.__module__ = "pyodide.ffi"


def _keeping(name: str) -> Callable[..., Any]:
    operation = getattr(int, name)

    def method(self: JsBigInt, *others: Any) -> Any:
        result = operation(self, *others)
        return JsBigInt(result) if type(result) is int else result

    method.__name__ = name
    return method


_BINARY = ("add", "sub", "mul", "floordiv", "mod", "pow", "lshift", "rshift", "and", "or", "xor")
for _name in (*_BINARY, *(f"r{name}" for name in _BINARY), "neg", "pos", "abs", "invert"):
    setattr(JsBigInt, f"__{_name}__", _keeping(f"__{_name}__"))


def bigint(value: int) -> int:
    """A BigInt as the running worker's Pyodide shows it."""
    return JsBigInt(value) if profile.current().has_bigint else value


class BigInt(JsProxy):
    """`BigInt(value)`; the class is also the object that `Object(1n)` gives."""

    def __init__(self, value: int) -> None:
        self._value = value

    @classmethod
    def _construct(cls, *_: Any) -> Any:
        raise type_error("BigInt is not a constructor")

    @staticmethod
    def _called(value: Any = None, *_: Any) -> int:
        return bigint(_to_bigint(value))

    @staticmethod
    def asIntN(bits: Any = 0, value: Any = None) -> int:
        size = to_integer(bits)
        result = _strict(value) & ((1 << size) - 1)
        return bigint(result - (1 << size) if size and result >> (size - 1) else result)

    @staticmethod
    def asUintN(bits: Any = 0, value: Any = None) -> int:
        return bigint(_strict(value) & ((1 << to_integer(bits)) - 1))

    def valueOf(self) -> int:
        return bigint(self._value)

    def toString(self) -> str:
        return int.__repr__(self._value)


def _to_bigint(value: Any) -> int:
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        if not value.is_integer():
            raise range_error(
                f"The number {to_string(value)} cannot be converted to a BigInt "
                "because it is not an integer"
            )
        return int(value)
    if is_nullish(value):
        raise type_error(f"Cannot convert {to_string(value)} to a BigInt")
    text = to_string(value).strip()
    try:
        if "_" in text:
            raise ValueError
        return int(text or "0", 0 if text[:2].lower() in ("0x", "0o", "0b") else 10)
    except ValueError:
        raise _syntax_error(text) from None


def _syntax_error(text: str) -> JsException:
    return error(f"Cannot convert {text} to a BigInt", "SyntaxError")


def _strict(value: Any) -> int:
    """ToBigInt, which refuses Numbers."""
    if not is_bigint(value) and isinstance(value, (int, float)) and not isinstance(value, bool):
        raise type_error(f"Cannot convert {to_string(value)} to a BigInt")
    return _to_bigint(value)
