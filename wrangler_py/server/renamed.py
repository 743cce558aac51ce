"""Another host in what a Worker sees, and in what it answers: that of its routes.

Source: https://developers.cloudflare.com/workers/wrangler/configuration/#local-development-settings
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..config.model import DevSettings
from .admission import Target

__all__ = ["Renaming", "renaming"]


class Renaming(NamedTuple):
    """Where a request was sent to, and where it seems to be sent to."""

    real: str
    """An origin: scheme and host, without a slash at its end."""
    seen: str

    def inward(self, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Headers of a request as the worker sees them."""
        return [(name, _renamed(value, self.real, self.seen)) for name, value in pairs]

    def outward(self, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Headers of an answer as the client sees them."""
        return [
            (name, self._cookie(value))
            if name.lower() == "set-cookie"
            else (name, _renamed(value, self.seen, self.real))
            for name, value in pairs
        ]

    def url(self, target: Target) -> str:
        return self.seen + target.url.removeprefix(self.real)

    def _cookie(self, value: str) -> str:
        host, real = _host(self.seen).partition(":")[0], _host(self.real).partition(":")[0]
        parts = [
            f"Domain={real}" if part.strip() == f"Domain={host}" else part
            for part in value.split(";")
        ]
        return "; ".join(part.strip() for part in parts)


def renaming(target: Target, dev: DevSettings) -> Renaming | None:
    """What is to be renamed for a request to ``target``; None: nothing."""
    if dev.host is None:
        return None
    scheme, _, rest = target.url.partition("://")
    real = f"{scheme}://{rest.partition('/')[0]}"
    return Renaming(real, f"{dev.upstream_protocol or scheme}://{dev.host}")


def _host(origin: str) -> str:
    return origin.partition("://")[2]


def _renamed(value: str, old: str, new: str) -> str:
    if _host(old) not in value:
        return value
    return value.replace(old, new).replace(_host(old), _host(new))
