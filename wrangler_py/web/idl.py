"""What workerd's binding layer says when a script passes the wrong thing, and its conversions.

Implements: https://webidl.spec.whatwg.org/#js-type-mapping, in workerd's words.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

from ..js.callbacks import PyProxy, is_callable
from ..js.convert import to_number, to_string
from ..js.errors import JsException, type_error
from ..js.proxy import JsProxy

USVString = str
"""A string without lone surrogates; the name is what an error message says."""


class _Missing:
    """The type of `MISSING`."""


MISSING: Any = _Missing()
"""Default of a required argument that workerd, not Python, complains about."""


def without_new(interface: str) -> str:
    """What calling a constructor as a function says."""
    return (
        f"Failed to construct '{interface}': Please use the 'new' operator, "
        "this object constructor cannot be called as a function."
    )


def bad_init(interface: str, position: int, kind: str) -> JsException:
    """A constructor's argument is of the wrong type."""
    return type_error(
        f"Failed to construct '{interface}': constructor parameter {position} "
        f"is not of type '{kind}'."
    )


def bad_argument(interface: str, method: str, position: int, kind: str) -> JsException:
    """A method's argument is of the wrong type."""
    return type_error(
        f"Failed to execute '{method}' on '{interface}': "
        f"parameter {position} is not of type '{kind}'."
    )


def tell_wrapped(exc: JsException, value: Any) -> JsException:
    """``exc``, with a hint if ``value`` is the SDK's and its JavaScript object is wanted."""
    if not isinstance(value, JsProxy) and hasattr(value, "js_object"):
        kind = type(value).__name__
        exc.add_note(f"hint: `.js_object` of a `workers.{kind}` is what JavaScript takes")
    return exc


def bad_member(interface: str, name: str, kind: str) -> JsException:
    """An attribute was set to a value of the wrong type."""
    return type_error(
        f"Failed to set the '{name}' property on '{interface}': "
        f"the provided value is not of type '{kind}'."
    )


def require_callable(value: Any, interface: str, method: str, position: int = 1) -> None:
    if not is_callable(value):
        raise bad_argument(interface, method, position, "function")


def usv_string(value: Any) -> str:
    """``value`` as a string that has a UTF-8 form: a lone surrogate becomes U+FFFD."""
    text = to_string(value)
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        # utf-16 joins surrogate pairs that Python kept apart
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def iterate(value: Any) -> Iterator[Any] | None:
    """Iterate ``value`` as JavaScript does; None for what is not iterable there.

    It differs from Python's `iter` for maps, which Pyodide shows as mappings (keys), and for
    strings, which are no sequences to Web IDL.
    """
    if isinstance(value, str):
        return None
    if isinstance(value, PyProxy):
        value = value._get()
    pairs = getattr(type(value), "_pairs", None)  # Map, URLSearchParams
    if pairs is not None:
        value = pairs(value)
    return iter(value) if isinstance(value, Iterable) else None


def string_pairs(items: Iterator[Any], wrong_length: str) -> Iterator[tuple[str, str]]:
    """Read a sequence of two-string sequences (`HeadersInit` and its like)."""
    for item in items:
        pair = iterate(item)
        if pair is None:
            raise type_error("Incorrect type: the provided value is not of type 'Sequence'.")
        strings = [usv_string(x) for x in pair]
        if len(strings) != 2:
            raise type_error(wrong_length)
        yield strings[0], strings[1]


def to_int32(value: Any) -> int:
    """``value`` as workerd takes an `int`.

    Raises: TypeError: it does not fit.
    """
    number = to_number(value)
    if number != number:
        return 0
    if not -(2**31) <= number < 2**31:
        raise type_error(
            "Value out of range. Must be between -2147483648 and 2147483647 (inclusive)."
        )
    return math.trunc(number)
