"""The list of binding kinds, and how a worker's `env` is made of its configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any, NamedTuple

from ..config.model import Config
from ..config.source import closest
from ..js.absent import Absent, absent_class
from ..js.object import JsObject
from . import durable_objects, service, variables

_SOURCES = "bindings and `vars` come from the wrangler configuration, variables from --var as well"


class Env(JsObject, js_name="Object"):
    """`env`: a plain object that says more about a name that it does not have."""

    def __getattr__(self, name: str) -> Any:
        try:
            return super().__getattr__(name)
        except AttributeError as exc:
            question = closest(name, [each for each, _ in self._entries()])
            exc.add_note(f"hint: nothing is called {name} on `env`: {question or _SOURCES}")
            raise


class Row(NamedTuple):
    """One name on `env`, for a person."""

    name: str
    """With what it stands for."""
    resource: str
    mode: str
    """How it is provided."""
    worker: str | None = None
    """The Worker that must run for it."""


class Kind(NamedTuple):
    """One kind of binding."""

    bindings: Callable[[Config, Any], Iterator[tuple[str, Any]]]
    """The ``(name, value)`` pairs that it puts on `env` of ``(config, worker)``."""
    rows: Callable[[Config, Iterable[str]], Iterator[tuple[str, ...]]]
    """A `Row` for each; ``(config, exported Durable Object classes)``."""


KINDS: list[Kind] = [
    Kind(variables.bindings, variables.rows),
    Kind(service.bindings, service.rows),
    Kind(durable_objects.bindings, durable_objects.rows),
]
"""What comes later wins where two kinds give the same name."""

MODULES: dict[str, str] = {
    "analytics_engine_datasets": "analytics_engine",
    "assets": "assets",
    "d1_databases": "d1",
    "hyperdrive": "hyperdrive",
    "kv_namespaces": "kv",
    "queue_producers": "queues",
    "r2_buckets": "r2",
    "ratelimits": "ratelimit",
    "secrets_store_secrets": "secrets_store",
    "send_email": "email",
    "version_metadata": "version_metadata",
    "workflows": "workflows",
}
"""Kinds that most workers have not, by their field of `config.Bindings`: a module of this package,
imported with the first configuration that asks for it. It has `bindings` and `rows`, as a `Kind`.
"""

_ONLY_ON_CLOUDFLARE = {
    "ai": "Ai",
    "browser": "Fetcher",
    "images": "ImagesBindingImpl",
    "mtls_certificates": "Fetcher",
    "vectorize": "VectorizeIndexImpl",
    "vpc_networks": "Fetcher",
    "vpc_services": "Fetcher",
}
"""The class of what stands under a key there, where scripts and the SDK may look at it."""


def _kinds(config: Config) -> list[Kind]:
    """The kinds that ``config`` may have."""
    found = list(KINDS)
    for field, name in MODULES.items():
        if getattr(config.bindings, field):
            module = import_module(f".{name}", __package__)
            found.append(Kind(module.bindings, module.rows))
    return found


def build_env(config: Config, worker: Any) -> JsObject:
    """`env` for a worker: every binding under its name."""
    props: dict[str, Any] = {}
    for kind in _kinds(config):
        props.update(kind.bindings(config, worker))
    for name, kind_name in config.bindings.names():
        props.setdefault(name, Absent(f"env.{name}", f"`{kind_name}` is not emulated yet"))
    for name, key in config.cloudflare_only.items():
        stand_in = absent_class(_ONLY_ON_CLOUDFLARE.get(key, "Object"))
        props.setdefault(name, stand_in(f"env.{name}", f"`{key}` only exists on Cloudflare"))
    return Env(props)


def rows(config: Config, classes: Iterable[str]) -> Iterator[Row]:
    """A line for each name on `env`, for a person; the variables last."""
    told = set()
    for kind in reversed(_kinds(config)):
        for row in kind.rows(config, classes):
            told.add(row[0].partition(" ")[0])
            yield Row(*row)
    absent = {f"env.{name}": kind_name for name, kind_name in config.bindings.names()}
    absent |= {f"env.{name}": key for name, key in config.cloudflare_only.items()}
    for name, key in absent.items():
        if name not in told:
            yield Row(name, key, "not emulated")
