"""The list of binding kinds, and how a worker's `env` is made of its configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from ..config.model import Config
from ..errors import NotEmulated
from ..js.object import JsObject
from . import durable_objects, service, variables

Builder = Callable[[Config, Any], Iterator[tuple[str, Any]]]

KINDS: list[Builder] = [variables.bindings, service.bindings, durable_objects.bindings]
"""Each gives the ``(name, value)`` pairs that it puts on `env` of ``(config, worker)``."""


class _Unread(JsObject, raw=True):
    """A binding that is configured and not emulated: using it says so."""

    def __init__(self, name: str, key: str) -> None:
        super().__init__()
        self._props.update({"__name": name, "__key": key})

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):
            raise AttributeError(name)
        props = self._props
        raise NotEmulated(
            f"env.{props['__name']}.{name}: `{props['__key']}` is not emulated yet",
            hint="`npx wrangler dev` runs Workers that need it",
        )


def build_env(config: Config, worker: Any) -> JsObject:
    """`env` for a worker: every binding under its name."""
    props: dict[str, Any] = {}
    for kind in KINDS:
        props.update(kind(config, worker))
    for name, key in config.unread_bindings.items():
        props.setdefault(name, _Unread(name, key))
    return JsObject(props)
