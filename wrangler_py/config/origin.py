"""Where requests seem to go: a Worker sees the host of its first route, as on Cloudflare.

Source: https://developers.cloudflare.com/workers/wrangler/configuration/#local-development-settings
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from wrangler_py.config.source import Section
from wrangler_py.errors import ConfigError

__all__ = ["first_host", "host_of", "read_host"]

_ANYWHERE = ("*/", "http://*/", "https://*/")


def read_host(file: Section) -> str | None:
    """The host that a configuration's own words mean; None: it has no routes.

    Raises: ConfigError: the first route has none.
    """
    dev = file.table("dev")
    if dev is not None and (host := dev.text("host")):
        return host_of(host) or host
    key = "routes" if file.raw("routes") else "route"
    routes = file.raw("routes") or file.raw("route")
    return first_host(routes if isinstance(routes, list) else [routes], file.where(key))


def first_host(routes: Sequence[Any], where: str) -> str | None:
    """The host of the first of ``routes``.

    Raises: ConfigError: it has none.
    """
    if not routes or not routes[0]:
        return None
    route = routes[0]
    patterns = [route]
    if isinstance(route, dict):
        patterns = [route.get("pattern"), route.get("zone_name")]
    for pattern in patterns:
        if isinstance(pattern, str) and (host := host_of(pattern)):
            return host
    raise ConfigError(
        "the first route names no host, so none can be shown to the Worker",
        where=where,
        hint='say which: "dev": {"host": "example.com"}',
    )


def host_of(pattern: str) -> str | None:
    """The host in a route's pattern: `*.example.com/x*` means example.com."""
    if pattern.startswith(_ANYWHERE):
        return None
    text = pattern.replace("*.", "").replace("*", "")
    if not text.startswith(("http://", "https://")):
        text = f"http://{text}"
    try:
        return urlsplit(text).netloc or None
    except ValueError:
        return None
