"""Rate limits: `await env.LIMITER.limit({"key": ...})`.

Implements: https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/
Differs: counted exactly, in one place; on Cloudflare each location counts for itself.
"""

from __future__ import annotations

import math
from asyncio import Future
from collections.abc import Iterable, Iterator
from typing import Any

from ..config.bindings import RateLimit
from ..config.model import Config
from ..js.callbacks import member
from ..js.convert import to_number, to_string
from ..js.errors import error, range_error, type_error
from ..js.null import is_nullish
from ..js.object import JsObject
from ..js.proxy import JsProxy
from ..stores.stores import Stores
from .operation import operation

__all__ = ["Ratelimit", "bindings", "rows"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS _mf_ratelimit_buckets (
  key TEXT NOT NULL,
  period INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (key, period)
)
"""
_OPTIONS = ("key", "limit", "period", "delta")
_PERIODS = (10, 60)
_MOST = 2**32 - 1


class Buckets:
    """How often each key was asked for in the window that the clock is in."""

    def __init__(self, stores: Stores, namespace: str) -> None:
        self._clock = stores.clock
        self._database = stores.database("ratelimit", "RateLimiterObject", namespace)
        self._database.execute(_SCHEMA)

    def take(self, key: str, limit: float, period: int, delta: int) -> bool:
        """Count ``delta`` for ``key`` if the limit is not reached yet; whether it was not."""
        epoch = self._clock.now_ms() // (period * 1000)
        row = self._database.execute(
            "SELECT epoch, count FROM _mf_ratelimit_buckets WHERE key = ? AND period = ?",
            (key, period),
        ).fetchone()
        count = row[1] if row is not None and row[0] == epoch else 0
        if count == 0:
            self._database.execute(
                "DELETE FROM _mf_ratelimit_buckets WHERE period = ? AND epoch != ?",
                (period, epoch),
            )
        if count >= limit:
            return False
        self._database.execute(
            "INSERT OR REPLACE INTO _mf_ratelimit_buckets VALUES (?, ?, ?, ?)",
            (key, period, epoch, count + delta),
        )
        return True


class Ratelimit(JsProxy):
    """One limiter."""

    def __init__(self, stores: Stores, settings: RateLimit) -> None:
        self._stores, self._settings = stores, settings
        self._buckets: Buckets | None = None

    def limit(self, options: Any = None) -> Future[Any]:
        def limit() -> JsObject:
            key, most, period, delta = self._read(options)
            if self._buckets is None:
                self._buckets = Buckets(self._stores, self._settings.namespace_id)
            return JsObject({"success": self._buckets.take(key, most, period, delta)})

        return operation(limit)

    def _read(self, options: Any) -> tuple[str, float, int, int]:
        """The key, the limit, the period in seconds, and how much to count.

        Raises: JsException: as in production.
        """
        if is_nullish(options) or not isinstance(options, JsObject | dict):
            raise error("invalid rate limit options")
        names = [name for name, _ in _pairs(options)]
        if unknown := [name for name in names if name not in _OPTIONS]:
            raise error(f"bad rate limit options: [{','.join(unknown)}]")
        key = _or(member(options, "key"), "")
        if not isinstance(key, str):
            raise error(f"invalid key: {to_string(key)}")
        limit = _or(member(options, "limit"), self._settings.limit)
        if isinstance(limit, bool) or not isinstance(limit, int | float):
            raise error(f"limit must be a number: {to_string(limit)}")
        period = _or(member(options, "period"), self._settings.period)
        if isinstance(period, bool) or not isinstance(period, int | float):
            raise error(f"period must be a number: {to_string(period)}")
        if period not in _PERIODS:
            raise error(f"unsupported period: {to_string(period)}")
        return key, limit, int(period), _delta(_or(member(options, "delta"), 1))


def _pairs(options: Any) -> Iterable[tuple[str, Any]]:
    return options.items() if isinstance(options, dict) else options._entries()


def _or(value: Any, default: Any) -> Any:
    return default if value is None else value


def _delta(value: Any) -> int:
    number = to_number(value)
    if not math.isfinite(number):
        raise type_error("The value cannot be converted because it is not an integer.")
    if number < 0:
        raise type_error(
            "The value cannot be converted because it is negative and this API expects a "
            "positive number."
        )
    if number > _MOST:
        raise type_error(f"Value out of range. Must be less than or equal to {_MOST}.")
    if math.trunc(number) == 0:
        raise range_error("delta must be non-zero")
    return math.trunc(number)


def bindings(config: Config, worker: Any) -> Iterator[tuple[str, Any]]:
    """The limiters of ``config``."""
    for each in config.bindings.ratelimits:
        yield each.binding, Ratelimit(worker.stores, each)


def rows(config: Config, _classes: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Each limiter with its limit."""
    for each in config.bindings.ratelimits:
        yield (
            f"env.{each.binding} ({each.limit} requests/{each.period}s)",
            "Rate Limit",
            "local",
        )
