"""The configuration of a step: how often, after which delay, for how long.

Implements: https://developers.cloudflare.com/workflows/build/workers-api/#workflowstepconfig
"""

from __future__ import annotations

import math
from typing import Any

from ...js.callbacks import is_callable, member
from ...js.convert import is_bigint, is_primitive, number, to_number
from ...js.null import is_nullish
from ...js.object import JsObject
from .durations import milliseconds
from .errors import fatal, named

__all__ = ["DEFAULT_DELAY_MS", "StepConfig"]

DEFAULT_DELAY_MS = 1000
DYNAMIC = "[dynamic]"
"""Stands for a function in what is stored."""
_DEFAULT = {"limit": 5, "delay": DEFAULT_DELAY_MS, "backoff": "exponential"}
_BACKOFFS = ("constant", "linear", "exponential")
_GUIDE = "https://developers.cloudflare.com/workflows/build/sleeping-and-retrying/"
_BAD_DELAY = (
    'returned an invalid delay value (expected a number of ms or a duration string like "30 '
    'seconds")'
)


class StepConfig:
    """A configuration that was checked, and completed by what is usual."""

    def __init__(self, stored: JsObject, delay: Any) -> None:
        self.stored = stored
        """As it is kept: plain data."""
        self.delay = delay
        """Before the next attempt: a duration, or a function that gives one."""

    @classmethod
    def read(cls, name: str, given: Any) -> StepConfig:
        """
        Raises:
            JsException: ``given`` is wrong.
        """
        props = {} if is_nullish(given) else _properties(given)
        if props is None or not _is_valid(props):
            raise fatal(f'Step config for "{name}" is in a invalid format. See {_GUIDE}')
        retries = dict(_DEFAULT, **(_properties(props.get("retries")) or {}))
        delay = retries["delay"]
        retries["delay"] = DYNAMIC if is_callable(delay) else delay
        stored: dict[str, Any] = {"retries": JsObject(retries), "timeout": "10 minutes"}
        stored |= {key: value for key, value in props.items() if key != "retries"}
        return cls(JsObject(stored), delay)

    def as_before(self, stored: JsObject) -> StepConfig:
        """The one that an earlier life of the instance has ``stored``: it holds for good."""
        kept = member(member(stored, "retries"), "delay")
        if kept == DYNAMIC:
            kept = self.delay if is_callable(self.delay) else DEFAULT_DELAY_MS
        return StepConfig(stored, kept)

    @property
    def is_dynamic(self) -> bool:
        return is_callable(self.delay)

    @property
    def limit(self) -> float:
        """How many attempts come after the first one."""
        return float(self._retries("limit"))

    @property
    def timeout_ms(self) -> float | None:
        """None: it was given as undefined."""
        timeout = member(self.stored, "timeout")
        return None if timeout is None else milliseconds(timeout)

    @property
    def is_sensitive(self) -> bool:
        return bool(member(self.stored, "sensitive") == "output")

    def shown(self) -> JsObject:
        """What a step is told: without a delay that is a function."""
        props = dict(self.stored._entries())
        retries = dict(props["retries"]._entries())
        delay = retries.pop("delay")
        if delay != DYNAMIC:
            retries["delay"] = delay
        return JsObject({**props, "retries": JsObject(retries)})

    def wait_ms(self, delay: Any, attempt: int) -> float:
        """Milliseconds between ``attempt`` and the next.

        Raises:
            JsException: ``delay``, which a function gave, is none.
        """
        is_duration = isinstance(delay, (str, int, float)) and not is_bigint(delay)
        base = milliseconds(delay) if is_duration else math.nan
        if not math.isfinite(base) or base < 0:
            raise named("DelayFunctionError", _BAD_DELAY)
        backoff = self._retries("backoff")
        if backoff == "exponential":
            return base * 2.0 ** (attempt - 1)
        return base * attempt if backoff == "linear" else base

    def _retries(self, name: str) -> Any:
        return member(member(self.stored, "retries"), name)


def _properties(value: Any) -> dict[str, Any] | None:
    """The members of an object; None: it is none."""
    return dict(value._entries()) if isinstance(value, JsObject) else None


def _is_valid(props: dict[str, Any]) -> bool:
    return (
        props.keys() <= {"retries", "timeout", "sensitive"}
        and (props.get("retries") is None or _are_retries(_properties(props["retries"])))
        and _is_timeout(props.get("timeout"))
        and props.get("sensitive") in (None, "output")
    )


def _are_retries(props: dict[str, Any] | None) -> bool:
    if props is None or not props.keys() <= {"delay", "limit", "backoff"}:
        return False
    limit, delay = props.get("limit"), props.get("delay")
    return (
        _is_amount(limit)
        and (is_callable(delay) or _is_duration(delay))
        and (props.get("backoff") is None or props["backoff"] in _BACKOFFS)
    )


def _is_timeout(value: Any) -> bool:
    return value is None or (_is_duration(value) and to_number(value) != 0)


def _is_duration(value: Any) -> bool:
    if isinstance(value, str):
        return not math.isnan(milliseconds(value))
    return _is_amount(value)


def _is_amount(value: Any) -> bool:
    return (
        is_primitive(value)
        and isinstance(value, (int, float))
        and not isinstance(value, bool)
        and not is_bigint(value)
        and number(value) >= 0
    )
