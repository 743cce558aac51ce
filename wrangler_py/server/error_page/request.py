"""The request that failed, as its developer may see it: what authenticates somebody is masked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .values import MASK, is_secret

_CREDENTIALS = frozenset({"authorization", "cookie", "proxy-authorization", "set-cookie"})


@dataclass(frozen=True, slots=True)
class Seen:
    """What came, and who answered."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    served_by: str
    """Which code it was: `version 3, loaded 10:12:05`."""


def shown_headers(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Every header, without what it proves."""
    return [(name, MASK if _proves(name) else value) for name, value in headers]


def _proves(name: str) -> bool:
    return name.lower() in _CREDENTIALS or is_secret(name)
