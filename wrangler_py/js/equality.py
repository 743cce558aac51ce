"""JavaScript's three ways to be the same value.

Implements: https://tc39.es/ecma262/#sec-testing-and-comparison-operations
"""

from __future__ import annotations

import math
from typing import Any

from .convert import is_bigint, is_primitive


def strictly_equal(left: Any, right: Any) -> bool:
    """`left === right`: objects by identity, 1 apart from true and from 1n."""
    if is_primitive(left) and is_primitive(right):
        return _kind(left) is _kind(right) and bool(left == right)
    return left is right


def same_value_zero(left: Any, right: Any) -> bool:
    """`===`, but NaN is itself (what `includes`, Map and Set use)."""
    return strictly_equal(left, right) or _both_nan(left, right)


def same_value(left: Any, right: Any) -> bool:
    """`Object.is`: NaN is itself, and -0 is not 0."""
    if isinstance(left, (int, float)) and isinstance(right, (int, float)) and left == right == 0:
        return strictly_equal(left, right) and _sign(left) == _sign(right)
    return same_value_zero(left, right)


def _both_nan(left: Any, right: Any) -> bool:
    return isinstance(left, float) and isinstance(right, float) and left != left and right != right


def _sign(value: float) -> float:
    return math.copysign(1, value)


def _kind(value: Any) -> Any:
    if isinstance(value, bool):
        return bool
    if isinstance(value, (int, float)):
        return int if is_bigint(value) else float
    return str if isinstance(value, str) else type(value)
