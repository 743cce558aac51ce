"""Another host in what a Worker sees, and in what it answers: that of its routes.

Source: https://developers.cloudflare.com/workers/wrangler/configuration/#local-development-settings
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ..config.model import DevSettings
from .admission import Target, host_name, origin_of

__all__ = ["Renaming", "renaming"]

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[^/?#\s,;\"'<>]+)(?P<rest>[^\s,;\"']*)", re.IGNORECASE
)


class Renaming(NamedTuple):
    """Where a request was sent to, and where it seems to be sent to."""

    real: str
    """An origin: scheme and host, without a slash at its end."""
    seen: str

    def inward(self, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Headers of a request as the worker sees them."""
        return [
            (name, _host(self.seen))
            if name.lower() == "host"
            else (name, _renamed(value, self.real, self.seen))
            for name, value in pairs
        ]

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
        domain = re.escape(f"Domain={host_name(_host(self.seen))}")
        return re.sub(f"{domain}(?=$|;|,)", f"Domain={host_name(_host(self.real))}", value)


def renaming(target: Target, dev: DevSettings) -> Renaming | None:
    """What is to be renamed for a request to ``target``; None: nothing."""
    if dev.host is None and dev.upstream_protocol is None:
        return None
    scheme, _, rest = target.url.partition("://")
    host = rest.partition("/")[0]
    real, seen = f"{scheme}://{host}", f"{dev.upstream_protocol or scheme}://{dev.host or host}"
    return None if real == seen else Renaming(real, seen)


def _host(origin: str) -> str:
    return origin.partition("://")[2]


def _renamed(value: str, old: str, new: str) -> str:
    """URLs of ``old`` in ``value`` as those of ``new``; a bare host stays, and one below it."""
    if _host(old) not in value:
        return value

    def one(found: re.Match[str]) -> str:
        origin = origin_of(found["host"], found["scheme"].lower())
        is_old = origin is not None and _host(origin) == _host(old)
        return new + found["rest"] if is_old else found[0]

    return _URL.sub(one, value)
