"""The list of binding kinds, and how a worker's `env` is made of its configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..config.model import Config
from ..js.absent import Absent
from ..js.object import JsObject
from . import durable_objects, service, variables


class Env(JsObject, js_name="Object"):
    """`env`: a plain object that says more about a name that it does not have."""

    def __getattr__(self, name: str) -> Any:
        try:
            return super().__getattr__(name)
        except AttributeError as exc:
            exc.add_note(
                f"hint: nothing is called {name} on `env`: bindings and `vars` come from the "
                "wrangler configuration, variables from --var as well"
            )
            raise


Builder = Callable[[Config, Any], Iterator[tuple[str, Any]]]

KINDS: list[Builder] = [variables.bindings, service.bindings, durable_objects.bindings]
"""Each gives the ``(name, value)`` pairs that it puts on `env` of ``(config, worker)``."""


def build_env(config: Config, worker: Any) -> JsObject:
    """`env` for a worker: every binding under its name."""
    props: dict[str, Any] = {}
    for kind in KINDS:
        props.update(kind(config, worker))
    for name, key in config.unread_bindings.items():
        props.setdefault(name, Absent(f"env.{name}", f"`{key}` is not emulated yet"))
    return Env(props)
