"""Durable Object bindings: `env.ROOM`, from the configuration or for a script without one.

Implements: https://developers.cloudflare.com/durable-objects/reference/environments/
Differs: an object of another Worker's is not emulated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..config.model import Config
from ..js.absent import Absent


def bindings(config: Config, worker: Any) -> Iterator[tuple[str, Any]]:
    """The namespaces of ``config``: of this Worker's classes, or a stand-in for another's."""
    for binding in config.durable_objects:
        if binding.script_name in (None, config.name):
            yield binding.name, worker.namespace(binding.class_name)
        else:
            yield binding.name, _Elsewhere(binding.name, str(binding.script_name))


def rows(config: Config, classes: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Each namespace with its class; a script without a configuration has all its classes."""
    for binding in config.durable_objects:
        own = binding.script_name in (None, config.name)
        where = "" if own else f", defined in {binding.script_name}"
        mode = "local" if own else "not emulated"
        yield f"env.{binding.name} ({binding.class_name}{where})", "Durable Object", mode
    if config.path is None:
        for name, class_name in names_for(classes).items():
            yield f"env.{name} ({class_name})", "Durable Object", "local"


class _Elsewhere(Absent, js_name="DurableObjectNamespace", raw=True):
    """A class of a Worker that does not run here."""

    def __init__(self, name: str, script: str) -> None:
        super().__init__(
            f"env.{name}",
            f"its class is in another Worker, {script!r}",
            "only classes of this Worker are emulated",
        )


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
