"""Durations as Workflows write them: milliseconds, or text like "5 minutes".

Implements: https://developers.cloudflare.com/workflows/build/sleeping-and-retrying/
"""

from __future__ import annotations

import math
import re
from typing import Any

from ...js.convert import to_number, to_string

__all__ = ["milliseconds"]

_TEXT = re.compile(r"([^ ]+) +(\w\w*?)s?", re.ASCII)
_UNITS = {
    "year": 31_557_600_000,
    "month": 2_592_000_000,
    "week": 604_800_000,
    "day": 86_400_000,
    "hour": 3_600_000,
    "minute": 60_000,
    "second": 1000,
}
"""In milliseconds; every other word counts for one."""


def milliseconds(value: Any) -> float:
    """``value`` in milliseconds; NaN: it is no duration."""
    plain = float(to_number(value))
    if not math.isnan(plain):
        return plain
    text = to_string(value)
    found = _TEXT.fullmatch(text)
    if found is None:
        return math.nan
    return float(to_number(found[1])) * _UNITS.get(found[2], 1)
