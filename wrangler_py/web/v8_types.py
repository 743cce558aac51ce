"""Make the JavaScript values that few workers have; each loads its own module.

Implements: https://html.spec.whatwg.org/multipage/structured-data.html#structureddeserialize
"""

from __future__ import annotations

from typing import Any

from ..js import buffers
from . import v8_tags as tag


def view(name: str, buffer: buffers.ArrayBuffer, offset: int, size: int) -> Any:
    """Make a typed array or a DataView over ``size`` bytes of ``buffer``."""
    kind = getattr(buffers, name)
    if name == "DataView":
        return kind(buffer, offset, size)
    return kind(buffer, offset, size // kind.BYTES_PER_ELEMENT)


def bigint(value: int) -> int:
    from ..js.bigint import bigint as made

    return made(value)


def date(milliseconds: float) -> Any:
    """``milliseconds`` since 1970; NaN is an invalid Date."""
    from ..js.date import Date

    return Date(milliseconds)


def regexp(source: str, bits: int) -> Any:
    """``bits`` has one for each flag, in the order of `REGEXP_FLAGS`."""
    from ..js.regexp import RegExp

    flags = "".join(flag for at, flag in enumerate(tag.REGEXP_FLAGS) if bits >> at & 1)
    return RegExp.constructor.new(source, flags)


def boxed(value: Any) -> Any:
    """`new Boolean(...)`, `new Number(...)` or `new String(...)` of a primitive."""
    from ..js.boxed import Boolean, Number, String

    kind = Boolean if isinstance(value, bool) else String if isinstance(value, str) else Number
    return kind._construct(value)


def boxed_bigint(value: int) -> Any:
    from ..js.bigint import BigInt

    return BigInt(value)
