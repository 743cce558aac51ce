"""Cron expressions as Cloudflare reads them, in UTC.

Implements: https://developers.cloudflare.com/workers/configuration/cron-triggers/
Differs: `L-3`, and `W` beside other days, are refused.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

__all__ = ["Cron"]

_FIELDS = 5
_NEAR = re.compile(r"([1-9]|[12]\d|3[01])W")
_WEEKDAY = re.compile(r"(\d+)(?:-(\d+))?(/.*|#.*|L)?")
_LAST_WEEKDAY = 7
_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class Cron:
    """One expression that is right."""

    text: str
    _expression: str
    """The same for `cronsim`, which counts weekdays from Sunday, 0."""
    _near: int = 0
    """The day of `15W`, whose nearest working day is meant; 0: none is."""

    @classmethod
    def parse(cls, text: str) -> Cron:
        """Read ``text``.

        Raises:
            ValueError: it is no expression; the text says why.
        """
        parts = text.upper().split()
        if len(parts) != _FIELDS:
            raise ValueError(f"it has {len(parts)} fields, not the five from minute to weekday")
        near = _NEAR.fullmatch(parts[2])
        day = int(near[1]) if near else 0
        if near:
            parts[2] = f"{max(day - 2, 1)}-{min(day + 2, 31)}"
        parts[4] = ",".join(_weekday(term) for term in parts[4].split(","))
        cron = cls(text, " ".join(parts), day)
        cron.after(datetime.now(UTC))
        return cron

    def after(self, moment: datetime) -> datetime:
        """The first time after ``moment``, which is in UTC.

        Raises:
            ValueError: there is none.
        """
        from cronsim import CronSim, CronSimError  # most workers have no crons

        try:
            for found in CronSim(self._expression, moment):
                if not self._near or found.day == _nearest(found.date(), self._near):
                    return found
        except CronSimError as exc:
            raise ValueError(str(exc)[:1].lower() + str(exc)[1:]) from None
        raise ValueError("it never comes")


def _weekday(term: str) -> str:
    """``term`` with the numbers that `cronsim` has for the weekdays."""
    if term == "L":
        return str(_LAST_WEEKDAY - 1)
    found = _WEEKDAY.fullmatch(term)
    if found is None:
        return term
    first, last, rest = found[1], found[2], found[3] or ""
    if not all(1 <= int(each) <= _LAST_WEEKDAY for each in (first, last or first)):
        raise ValueError("weekdays are 1 (Sunday) to 7 (Saturday)")
    if rest.startswith("/") and last is None:
        last = str(_LAST_WEEKDAY)
    end = "" if last is None else f"-{int(last) - 1}"
    return f"{int(first) - 1}{end}{rest}"


def _nearest(found: date, wanted: int) -> int | None:
    """The day of ``found``'s month that is a working day and nearest to ``wanted``."""
    days = monthrange(found.year, found.month)[1]
    if wanted > days:
        return None
    weekday = found.replace(day=wanted).weekday()
    if weekday == _SATURDAY:
        step = timedelta(days=-1 if wanted > 1 else 2)
    elif weekday == _SUNDAY:
        step = timedelta(days=1 if wanted < days else -2)
    else:
        return wanted
    return (found.replace(day=wanted) + step).day
