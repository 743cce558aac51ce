"""Durable Object bindings: `env.ROOM`, from the configuration or for a script without one.

Implements: https://developers.cloudflare.com/durable-objects/reference/environments/
Differs: an object of a Worker in another process is not found; all of them run in one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..config.model import Config
from .classes import names_for, row_of


def bindings(config: Config, worker: Any) -> Iterator[tuple[str, Any]]:
    """The namespaces of ``config``, of this Worker's classes and of others'."""
    for binding in config.durable_objects:
        yield binding.name, worker.namespace(binding.class_name, binding.script_name)


def rows(config: Config, classes: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Each namespace with its class; a script without a configuration has all its classes."""
    for each in config.durable_objects:
        yield row_of(config, each.name, each.class_name, each.script_name, "Durable Object")
    if config.path is None:
        for name, class_name in names_for(classes).items():
            yield row_of(config, name, class_name, None, "Durable Object")


def configuration(names: Mapping[str, str]) -> dict[str, Any]:
    """What a configuration says that binds classes, by their ``names`` on `env`."""
    entries = [{"name": name, "class_name": cls} for name, cls in names.items()]
    return {
        "durable_objects": {"bindings": entries},
        "migrations": [{"tag": "v1", "new_sqlite_classes": list(names.values())}],
    }
