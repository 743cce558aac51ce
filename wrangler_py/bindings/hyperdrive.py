"""Hyperdrive: the parts of a connection string, to a database that this machine can reach.

Implements: https://developers.cloudflare.com/hyperdrive/
Differs: host and port are the database's own, not those of a proxy in between.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from ..config.bindings import Hyperdrive as Asked
from ..config.model import Config
from ..errors import ConfigError
from ..js.absent import Absent
from ..js.proxy import JsProxy

__all__ = ["Hyperdrive", "bindings", "rows"]

_PORTS = {"postgres": 5432, "postgresql": 5432, "mysql": 3306}
_VARIABLES = (
    "CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_",
    "WRANGLER_HYPERDRIVE_LOCAL_CONNECTION_STRING_",
)


class Hyperdrive(JsProxy):
    """One database."""

    def __init__(self, connection_string: str) -> None:
        parts = urlsplit(connection_string)
        self.connectionString = connection_string
        self.host = parts.hostname or ""
        self.port = parts.port or _PORTS[parts.scheme]
        self.user = unquote(parts.username or "")
        self.password = unquote(parts.password or "")
        self.database = unquote(parts.path.removeprefix("/"))

    def connect(self) -> Any:
        from ..web.sockets import connect  # drivers of Python's own need it not

        return connect(f"{self.host}:{self.port}")


def connection_string(asked: Asked, environ: Mapping[str, str] = os.environ) -> str | None:
    """What to connect to: the process's environment first, then the configuration.

    Raises: ConfigError: it is no address of a PostgreSQL or MySQL database.
    """
    names = [prefix + asked.binding for prefix in _VARIABLES]
    found = next((environ[name] for name in names if environ.get(name)), None)
    text = found or asked.local_connection_string
    if text is not None:
        _check(text, asked.binding)
    return text


def _check(text: str, binding: str) -> None:
    parts = urlsplit(text)
    hint = 'write it as "postgres://user:password@localhost:5432/database"'
    if parts.scheme not in _PORTS:
        raise ConfigError(
            f"the local connection string of {binding} is for PostgreSQL or MySQL, not "
            f'"{parts.scheme}"',
            hint=hint,
        )
    try:
        complete = parts.hostname and parts.username and parts.path.strip("/")
        _ = parts.port
    except ValueError:
        complete = None
    if not complete:
        message = f"the local connection string of {binding} lacks a host, a user or a database"
        raise ConfigError(message, hint=hint)


def bindings(config: Config, _worker: Any) -> Iterator[tuple[str, Any]]:
    """The databases of ``config``; one without an address says so when it is used."""
    for each in config.bindings.hyperdrive:
        text = connection_string(each)
        hint = f'add "localConnectionString", or set {_VARIABLES[0]}{each.binding}'
        reason = "no local database is configured"
        yield (
            each.binding,
            Absent(f"env.{each.binding}", reason, hint) if text is None else Hyperdrive(text),
        )


def rows(config: Config, _classes: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Each database by its id."""
    for each in config.bindings.hyperdrive:
        yield f"env.{each.binding} ({each.id})", "Hyperdrive Config", "local"
