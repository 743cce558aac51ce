"""`Date`, whose local time is UTC, as on Cloudflare.

Implements: https://tc39.es/ecma262/#sec-date-objects
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date as calendar_date
from typing import Any

from .. import clock
from .convert import is_primitive, number, to_number, to_string
from .errors import range_error
from .proxy import JsProxy

MAX_TIME = 8.64e15
DAY_MS = 86_400_000
_EPOCH = calendar_date(1970, 1, 1).toordinal()
_CYCLE_DAYS = 146_097  # days in 400 years
_DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_ISO = re.compile(
    r"([+-]\d{6}|\d{4})(?:-(\d\d)(?:-(\d\d))?)?"
    r"(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9})\d*)?)?\s*([Zz]|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)
_TEXT = re.compile(
    r"(?:[A-Za-z]+,?\s+)?(?:(\d{1,2})[\s-]([A-Za-z]{3,})|([A-Za-z]{3,})\s+(\d{1,2})),?[\s-]"
    r"(\d{4})(?:,?\s+(\d{1,2}):(\d\d)(?::(\d\d))?\s*(AM|PM|am|pm)?)?"
    r"\s*(?:(?:GMT|UTC|Z)?([+-]\d{4})?)?(?:\s*\(.*\))?",
    re.ASCII,
)
_SLASHES = re.compile(
    r"(\d{1,4})/(\d{1,2})/(\d{1,4})(?:,?\s+(\d{1,2}):(\d\d)(?::(\d\d))?\s*(AM|PM)?)?", re.ASCII
)


def time_value(*parts: float) -> float:
    """Milliseconds of year, month (from 0), day, hours, minutes, seconds, ms; they overflow."""
    if not all(math.isfinite(part) for part in parts):
        return math.nan
    year, month, day, hours, minutes, seconds, ms = (int(part) for part in parts)
    year += month // 12
    cycles, within = divmod(year, 400)
    days = calendar_date(within + 400, month % 12 + 1, 1).toordinal() - _EPOCH
    days += (cycles - 1) * _CYCLE_DAYS + day - 1
    return clipped(((days * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1000 + ms)


def clipped(ms: float) -> float:
    """TimeClip: NaN outside of what a Date can hold."""
    return math.trunc(ms) if math.isfinite(ms) and abs(ms) <= MAX_TIME else math.nan


def fields(ms: float) -> tuple[int, int, int, int, int, int, int, int]:
    """Year, month (from 0), day, hours, minutes, seconds, ms, weekday (from Sunday)."""
    days, rest = divmod(int(ms), DAY_MS)
    cycles, within = divmod(days + _EPOCH - 1 + _CYCLE_DAYS, _CYCLE_DAYS)
    day = calendar_date.fromordinal(within + 1)
    hours, rest = divmod(rest, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    seconds, millis = divmod(rest, 1000)
    year = day.year + (cycles - 1) * 400
    return year, day.month - 1, day.day, hours, minutes, seconds, millis, (days + 4) % 7


def parse(text: Any = None) -> float:
    """`Date.parse`: NaN for what is no date."""
    source = to_string(text).strip()
    for pattern, read in ((_ISO, _iso), (_TEXT, _worded), (_SLASHES, _slashed)):
        found = pattern.fullmatch(source)
        if found is not None:
            return read(*found.groups())
    return math.nan


def _iso(year: str, month: Any, day: Any, hour: Any, minute: Any, *rest: Any) -> float:
    second, fraction, zone = rest
    numbers = (int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), int(second or 0))
    if not _plausible(*numbers):
        return math.nan
    ms = int((fraction or "0").ljust(3, "0")[:3])
    return time_value(int(year), numbers[0] - 1, *numbers[1:], ms) - _offset(zone)


def _plausible(month: int, day: int, hour: int, minute: int, second: int) -> bool:
    in_day = hour < 24 or (hour, minute, second) == (24, 0, 0)
    return 1 <= month <= 12 and 1 <= day <= 31 and in_day and minute < 60 and second < 60


def _offset(zone: str | None) -> int:
    """Milliseconds east of UTC."""
    if zone is None or zone in "Zz":
        return 0
    digits = zone[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return minutes * (-60_000 if zone[0] == "-" else 60_000)


def _worded(day: Any, month: Any, month2: Any, day2: Any, year: str, *rest: Any) -> float:
    hour, minute, second, half, zone = rest
    name = (month or month2)[:3].title()
    if name not in _MONTHS:
        return math.nan
    clock = (_hours(int(hour or 0), half), int(minute or 0), int(second or 0), 0)
    return time_value(int(year), _MONTHS.index(name), int(day or day2), *clock) - _offset(zone)


def _slashed(first: str, second: str, third: str, *rest: Any) -> float:
    hour, minute, seconds, half = rest
    year, month, day = (first, second, third) if len(first) == 4 else (third, first, second)
    clock = (_hours(int(hour or 0), half), int(minute or 0), int(seconds or 0), 0)
    return time_value(int(year), int(month) - 1, int(day), *clock)


def _hours(hour: int, half: str | None) -> int:
    return hour if half is None else hour % 12 + (12 if half.upper() == "PM" else 0)


def utc(*parts: Any) -> int | float:
    """`Date.UTC`; two-digit years are of the 20th century."""
    return number(_of_parts([to_number(part) for part in parts]))


def _of_parts(parts: list[float]) -> float:
    if not parts:
        return math.nan
    year = parts[0]
    if 0 <= year <= 99:
        parts = [1900 + int(year), *parts[1:]]
    return time_value(*(parts + [0, 0, 1, 0, 0, 0, 0][len(parts) :])[:7])


def now() -> int:
    return clock.now_ms()


class Date(JsProxy):
    """A moment in milliseconds since 1970; NaN is the invalid date."""

    def __init__(self, ms: float) -> None:
        self._ms = ms

    @classmethod
    def _construct(cls, *args: Any) -> Date:
        if not args:
            return cls(now())
        if len(args) > 1:
            return cls(_of_parts([to_number(part) for part in args]))
        value = args[0]
        if isinstance(value, Date):
            return cls(value._ms)
        value = value if is_primitive(value) else to_string(value)
        return cls(parse(value) if isinstance(value, str) else clipped(to_number(value)))

    @staticmethod
    def _called(*_: Any) -> str:
        return Date(now()).toString()

    UTC = staticmethod(utc)
    now = staticmethod(now)
    parse = staticmethod(lambda text=None: number(parse(text)))

    def getTime(self) -> int | float:
        return number(self._ms)

    def valueOf(self) -> int | float:
        return number(self._ms)

    def setTime(self, ms: Any = None) -> int | float:
        self._ms = clipped(to_number(ms))
        return number(self._ms)

    def getTimezoneOffset(self) -> int | float:
        return 0 if self._valid() else math.nan

    def getYear(self) -> int | float:
        return fields(self._ms)[0] - 1900 if self._valid() else math.nan

    def _valid(self) -> bool:
        return self._ms == self._ms

    def toISOString(self) -> str:
        if not self._valid():
            raise range_error("Invalid time value")
        year, month, day, hours, minutes, seconds, ms, _ = fields(self._ms)
        text = f"{year:04}" if 0 <= year <= 9999 else f"{year:+07}"
        return f"{text}-{month + 1:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{ms:03}Z"

    def toJSON(self) -> Any:
        from .null import jsnull

        return self.toISOString() if self._valid() else jsnull

    def toString(self) -> str:
        return self._shown("{D} {M} {d:02} {y:04} {t} GMT+0000 (Coordinated Universal Time)")

    def toDateString(self) -> str:
        return self._shown("{D} {M} {d:02} {y:04}")

    def toTimeString(self) -> str:
        return self._shown("{t} GMT+0000 (Coordinated Universal Time)")

    def toUTCString(self) -> str:
        return self._shown("{D}, {d:02} {M} {y:04} {t} GMT")

    toGMTString = toUTCString

    def toLocaleDateString(self, *_: Any) -> str:
        return self._shown("{m}/{d}/{y}")

    def toLocaleTimeString(self, *_: Any) -> str:
        return self._shown("{c}")

    def toLocaleString(self, *_: Any) -> str:
        return self._shown("{m}/{d}/{y}, {c}")

    def _shown(self, form: str) -> str:
        if not self._valid():
            return "Invalid Date"
        year, month, day, hours, minutes, seconds, _, weekday = fields(self._ms)
        clock = f"{minutes:02}:{seconds:02}"
        half = "PM" if hours > 11 else "AM"
        return form.format(
            D=_DAYS[weekday],
            M=_MONTHS[month],
            d=day,
            y=year,
            m=month + 1,
            t=f"{hours:02}:{clock}",
            c=f"{hours % 12 or 12}:{clock} {half}",
        )


_PARTS = ("FullYear", "Month", "Date", "Hours", "Minutes", "Seconds", "Milliseconds")
_SETTABLE = {"FullYear": 3, "Month": 2, "Date": 1, "Hours": 4, "Minutes": 3, "Seconds": 2}


def _getter(index: int) -> Callable[[Date], int | float]:
    return lambda self: fields(self._ms)[index] if self._valid() else math.nan


def _setter(index: int, most: int) -> Callable[..., int | float]:
    """Set a part and, optionally, the smaller ones after it."""

    def set_parts(self: Date, *values: Any) -> int | float:
        if not self._valid() and index:
            return math.nan
        parts: list[float] = list(fields(self._ms if self._valid() else 0)[:7])
        given = [to_number(value) for value in values[:most]] or [math.nan]
        parts[index : index + len(given)] = given
        self._ms = time_value(*parts)
        return number(self._ms)

    return set_parts


for _index, _name in enumerate((*_PARTS, "Day")):
    for _zone in ("", "UTC"):
        type.__setattr__(Date, f"get{_zone}{_name}", _getter(_index))
        if _name != "Day":
            _most = _SETTABLE.get(_name, 1)
            type.__setattr__(Date, f"set{_zone}{_name}", _setter(_index, _most))
