"""`--local-protocol https` and whose certificate, for every command that serves.

Source: https://developers.cloudflare.com/workers/wrangler/commands/#dev
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from wrangler_py.cli.worker_options import PATH, Asked
from wrangler_py.config.options import Https
from wrangler_py.errors import UsageError

__all__ = ["https_options"]

_KEY, _CERTIFICATE = "WRANGLER_HTTPS_KEY_PATH", "WRANGLER_HTTPS_CERT_PATH"

_OPTIONS = [
    click.option(
        "--local-protocol",
        type=click.Choice(["http", "https"]),
        help="How to be reached.  [default: http]",
    ),
    click.option("--https-key-path", type=PATH, metavar="FILE", help="A key of your own, in PEM."),
    click.option("--https-cert-path", type=PATH, metavar="FILE", help="Its certificate."),
]


def https_options(function: Callable[..., int]) -> Callable[..., int]:
    """Give a command these options; it is called with ``https``, which says of an `Asked` how."""

    @wraps(function)
    def command(
        local_protocol: str | None,
        https_key_path: Path | None,
        https_cert_path: Path | None,
        **others: Any,
    ) -> int:
        def https(asked: Asked) -> Https | None:
            if (local_protocol or asked.config.dev.local_protocol) != "https":
                return None
            key = _file(asked, https_key_path, _KEY)
            certificate = _file(asked, https_cert_path, _CERTIFICATE)
            _check(key, certificate)
            return Https(key, certificate)

        return function(https=https, **others)

    for option in reversed(_OPTIONS):
        option(command)
    return command


def _file(asked: Asked, given: Path | None, variable: str) -> Path | None:
    said = given or os.environ.get(variable)
    return asked.here / said if said else None


def _check(key: Path | None, certificate: Path | None) -> None:
    where = "--https-key-path, --https-cert-path"
    if (key is None) != (certificate is None):
        text = "Must specify both certificate path and key path to use a Custom Certificate."
        raise UsageError(text, where=where)
    if key is not None and not key.exists():
        raise UsageError(f"Missing Custom Certificate Key at {key}", where=where)
    if certificate is not None and not certificate.exists():
        raise UsageError(f"Missing Custom Certificate File at {certificate}", where=where)
