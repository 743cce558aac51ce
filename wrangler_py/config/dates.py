"""Compatibility dates.

Source: https://developers.cloudflare.com/workers/configuration/compatibility-dates/
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from wrangler_py.errors import WranglerError

__all__ = ["check_date", "is_future", "today"]

_LOOSE = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})$")


def today() -> str:
    """The newest compatibility date that Cloudflare accepts now: today, in UTC."""
    return datetime.now(UTC).date().isoformat()


def is_future(text: str) -> bool:
    """Whether Cloudflare would still refuse this date. Such strings order as the dates do."""
    return text > today()


def check_date(text: str, kind: type[WranglerError], where: str) -> str:
    """``text`` itself, if it is a date written as `YYYY-MM-DD`.

    Raises: ``kind`` otherwise, with the date that was probably meant.
    """
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) and _exists(text):
        return text
    message = f'the compatibility date must be a date written as YYYY-MM-DD, not "{text}"'
    raise kind(message, where=where, hint=_meant(text))


def _exists(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _meant(text: str) -> str:
    if loose := _LOOSE.match(text.strip()):
        candidate = f"{loose[1]}-{loose[2]:0>2}-{loose[3]:0>2}"
        if _exists(candidate):
            return f'write "{candidate}"'
    return f'for example "{today()}"'
