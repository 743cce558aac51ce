"""What bindings to a script's classes share: Durable Objects and workflows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..config.model import Config

__all__ = ["explanation", "names_for", "row_of", "upper_snake"]


def names_for(classes: Iterable[str]) -> dict[str, str]:
    """Binding name -> class name for a script that stands alone: `ChatRoom` is `CHAT_ROOM`."""
    return {upper_snake(name): name for name in classes}


def upper_snake(name: str) -> str:
    """`ChatRoom` -> `CHAT_ROOM`, `HTTPRoom2` -> `HTTP_ROOM2`."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return split.upper()


def explanation(names: Mapping[str, str], configuration: Mapping[str, Any]) -> str:
    """What the terminal says about the bindings of a script without a configuration.

    ``configuration``: what would say the same.
    """
    bound = ", ".join(f"env.{name} ({cls})" for name, cls in names.items())
    text = json.dumps(configuration, indent=2)[2:-2]
    return f"no configuration: bound {bound}. To deploy, put this into wrangler.jsonc:\n{text}"


def row_of(
    config: Config, name: str, class_name: str, script: str | None, resource: str
) -> tuple[str, ...]:
    """A `Row` for a class of ``script``; None: of the Worker's own."""
    if script in (None, config.name):
        return f"env.{name} ({class_name})", resource, "local"
    return f"env.{name} ({class_name}, defined in {script})", resource, "local", str(script)
