"""Service bindings: `env.X.fetch(...)` and RPC to a Worker, in the same process.

Implements: https://developers.cloudflare.com/workers/runtime-apis/bindings/service-bindings/
Differs: a binding to another Worker than this one is not emulated yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .. import compat
from ..config.model import Config
from ..js.absent import Absent
from ..js.promise import spawn
from ..js.proxy import JsFunction, JsProxy


class Fetcher(JsProxy):
    """A Worker that can be called: `fetch`, and every other name as an RPC method."""

    def __init__(self, worker: Any, entrypoint: str | None) -> None:
        self._worker, self._entrypoint = worker, entrypoint

    def fetch(self, input: Any, init: Any = None) -> Any:
        from ..web.request import Request, hand_over  # bindings of vars alone need no web platform

        request = hand_over(Request(input, init))
        return spawn(self._worker.call_fetch(request, self._entrypoint))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in ("then", "to_py"):
            raise AttributeError(name)
        if name == "scheduled" and compat.current().has("service_binding_extra_handlers"):
            return JsFunction(self._scheduled, name)
        return JsFunction(self._method(name), name)

    def _scheduled(self, options: Any = None) -> Any:
        return spawn(self._worker.call_scheduled(self._entrypoint, options))

    def _method(self, name: str) -> Callable[..., Any]:
        return lambda *args: spawn(self._worker.call_method(self._entrypoint, name, args))


def bindings(config: Config, worker: Any) -> Iterator[tuple[str, Any]]:
    """The `services` of ``config``: to this Worker itself, or a stand-in for another."""
    for binding in config.bindings.services:
        if binding.service == config.name:
            yield binding.binding, Fetcher(worker, binding.entrypoint)
        else:
            yield binding.binding, _Elsewhere(binding.binding, binding.service)


def rows(config: Config, _classes: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Each service with its entry point."""
    for binding in config.bindings.services:
        entry = f"#{binding.entrypoint}" if binding.entrypoint else ""
        mode = "local" if binding.service == config.name else "not emulated"
        yield f"env.{binding.binding} ({binding.service}{entry})", "Worker", mode


class _Elsewhere(Absent, js_name="Fetcher", raw=True):
    """A binding to a Worker that does not run here."""

    def __init__(self, name: str, service: str) -> None:
        super().__init__(
            f"env.{name}",
            f"the service {service!r} is another Worker",
            "only a binding of a Worker to itself is emulated yet",
        )
