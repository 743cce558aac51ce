"""Which Pyodide a worker would run on, and the few places where those differ.

A worker's compatibility date chooses its Pyodide, never the Python we happen to
run on, so the differences live in one record that the layer asks.

Implements: https://developers.cloudflare.com/workers/languages/python/
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

from .. import context


@dataclass(frozen=True, slots=True)
class Profile:
    """What a script can tell apart between two Pyodide versions."""

    name: str
    pyodide_version: str
    python_version: tuple[int, int]
    has_jsnull: bool
    """JavaScript `null` is `jsnull`; before, it is `None`."""
    dict_properties: bool
    """A Python dict handed to JavaScript shows its keys as properties."""
    to_js_dict: Literal["Map", "LiteralMap", "Object"]
    """What `to_js({})` makes without a `dict_converter`."""
    has_bigint: bool
    """A BigInt keeps its type (`JsBigInt`) on its way to Python."""
    has_run_sync: bool


PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile("0.26", "0.26.0a2", (3, 12), False, False, "Map", False, False),
        Profile("0.28.2", "0.28.2", (3, 13), True, True, "LiteralMap", False, True),
        Profile("314", "314.0.6", (3, 14), True, True, "Object", True, True),
    )
}

LATEST = PROFILES["314"]

_current: ContextVar[Profile] = ContextVar("wrangler_py_profile", default=LATEST)


def current() -> Profile:
    """The profile of the code that is running now."""
    owner = context.current()
    return _current.get() if owner is None else owner.compat.profile


@contextmanager
def use(profile: Profile) -> Iterator[Profile]:
    """Run a block under ``profile``."""
    token = _current.set(profile)
    try:
        yield profile
    finally:
        _current.reset(token)
