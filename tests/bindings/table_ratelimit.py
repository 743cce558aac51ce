"""What a rate limit is asked, here and in workerd."""

from __future__ import annotations

from typing import Any

from wrangler_py.config.bindings import Bindings, RateLimit

from .steps import Step, do

MINIFLARE = {"ratelimits": {"RL": {"namespace_id": "1001", "simple": {"limit": 2, "period": 60}}}}
BINDINGS = Bindings(ratelimits=(RateLimit("RL", "1001", 2, 60),))


def limit(*args: Any) -> Step:
    return do("RL", ["limit", *args])


SCENARIOS: dict[str, list[Step]] = {
    "counting": [
        *(limit({"key": key}) for key in ("a", "a", "a", "b", "", "a")),
        limit({"key": "c", "limit": 1}),
        limit({"key": "c", "limit": 1}),
        limit({"key": "c", "limit": 5, "period": 10}),
        limit({"key": "d", "delta": 2}),
        limit({"key": "d"}),
        limit({}),
        limit({"key": "e", "limit": 0}),
    ],
    "mistakes": [
        limit(),
        limit(None),
        limit("x"),
        limit({"key": 1}),
        limit({"key": None}),
        limit({"key": "z", "foo": 1, "bar": 2}),
        limit({"key": "z", "limit": "x"}),
        limit({"key": "z", "period": 5}),
        limit({"key": "z", "period": "10"}),
        *(limit({"key": "z", "delta": delta}) for delta in (0, 0.5, -1, "x", "2", 5e9, None)),
    ],
}
