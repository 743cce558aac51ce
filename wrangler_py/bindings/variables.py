"""Environment variables: strings as they are, JSON as JavaScript values.

Implements: https://developers.cloudflare.com/workers/configuration/environment-variables/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..config.model import Config
from ..js.ffi import to_js
from ..js.null import jsnull
from ..js.object import from_entries


def bindings(config: Config, _worker: Any) -> Iterator[tuple[str, Any]]:
    """The `vars` of ``config``, as JavaScript values."""
    for name, value in config.vars.items():
        yield name, to_js(_nulls(value), dict_converter=from_entries)


def _nulls(value: Any) -> Any:
    """JSON's null is JavaScript's null, not undefined."""
    if value is None:
        return jsnull
    if isinstance(value, dict):
        return {key: _nulls(item) for key, item in value.items()}
    return [_nulls(item) for item in value] if isinstance(value, list) else value
