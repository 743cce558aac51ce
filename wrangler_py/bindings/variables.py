"""Environment variables: strings as they are, JSON as JavaScript values.

Implements: https://developers.cloudflare.com/workers/configuration/environment-variables/
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ..config.model import Config
from ..js.ffi import to_js
from ..js.null import null
from ..js.object import from_entries

_LONG = 36
"""Characters of a value that are shown."""


def bindings(config: Config, _worker: Any) -> Iterator[tuple[str, Any]]:
    """The `vars` of ``config``, as JavaScript values, and its secrets over them."""
    for name, value in config.vars.items():
        yield name, to_js(_nulls(value), dict_converter=from_entries)
    yield from config.secrets.items()


def rows(config: Config, _classes: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Each variable with its value, shortened; a secret without."""
    for name, value in config.vars.items():
        if name in config.secrets:
            continue
        text = json.dumps(value, ensure_ascii=False)
        if len(text) > _LONG:
            text = f"{text[: _LONG - 4]}...{text[-1]}"
        yield f"env.{name} ({text})", "Environment Variable", "local"
    for name in config.secrets:
        yield f'env.{name} ("(hidden)")', "Environment Variable", "local"


def _nulls(value: Any) -> Any:
    """JSON's null is JavaScript's null, not undefined."""
    if value is None:
        return null()
    if isinstance(value, dict):
        return {key: _nulls(item) for key, item in value.items()}
    return [_nulls(item) for item in value] if isinstance(value, list) else value
