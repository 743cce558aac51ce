"""Durable Object bindings: `env.ROOM`, from the configuration or for a script without one.

Implements: https://developers.cloudflare.com/durable-objects/reference/environments/
Differs: an object of a Worker in another process is not found; all of them run in one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..config.model import Config


def bindings(config: Config, worker: Any) -> Iterator[tuple[str, Any]]:
    """The namespaces of ``config``, of this Worker's classes and of others'."""
    for binding in config.durable_objects:
        yield binding.name, worker.namespace(binding.class_name, binding.script_name)


def rows(config: Config, classes: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Each namespace with its class; a script without a configuration has all its classes."""
    for binding in config.durable_objects:
        script = binding.script_name
        if script in (None, config.name):
            yield f"env.{binding.name} ({binding.class_name})", "Durable Object", "local"
        else:
            name = f"env.{binding.name} ({binding.class_name}, defined in {script})"
            yield name, "Durable Object", "local", str(script)
    if config.path is None:
        for name, class_name in names_for(classes).items():
            yield f"env.{name} ({class_name})", "Durable Object", "local"


def names_for(classes: Iterable[str]) -> dict[str, str]:
    """Binding name -> class name for a script that stands alone: `ChatRoom` is `CHAT_ROOM`."""
    return {upper_snake(name): name for name in classes}


def upper_snake(name: str) -> str:
    """`ChatRoom` -> `CHAT_ROOM`, `HTTPRoom2` -> `HTTP_ROOM2`."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return split.upper()


def explanation(names: Mapping[str, str]) -> str:
    """What the terminal says about the bindings of a script without a configuration."""
    bound = ", ".join(f"env.{name} ({cls})" for name, cls in names.items())
    entries = [{"name": name, "class_name": cls} for name, cls in names.items()]
    paste = {
        "durable_objects": {"bindings": entries},
        "migrations": [{"tag": "v1", "new_sqlite_classes": list(names.values())}],
    }
    text = json.dumps(paste, indent=2)[2:-2]
    return f"no configuration: bound {bound}. To deploy, put this into wrangler.jsonc:\n{text}"
