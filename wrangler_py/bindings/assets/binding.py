"""`env.ASSETS`: the static assets, for the Worker's own code.

Implements: https://developers.cloudflare.com/workers/static-assets/binding/
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ... import context
from ...config.model import Config
from ...js.errors import JsException, error, type_error
from ...js.promise import rejected
from ...js.proxy import JsFunction, JsProxy
from .serving import AssetWorker

__all__ = ["Fetcher", "bindings", "rows"]

_NO_ARGUMENT = (
    "Failed to execute 'fetch' on 'Fetcher': parameter 1 is not of type 'Request or string'."
)
_NO_METHOD = 'The RPC receiver does not implement the method "{0}".'


class Fetcher(JsProxy):
    """The binding: `fetch`, and no other method."""

    def __init__(self, service: AssetWorker) -> None:
        self._service = service

    def fetch(self, *args: Any) -> Any:
        """`fetch(input, init?)`: whichever host it names, the path is what counts."""
        from ...web.fetch import start  # the web platform is loaded when it is used
        from ...web.request import Request

        owner = context.current()
        try:
            if not args:
                raise type_error(_NO_ARGUMENT)
            if owner is None or owner.is_global:
                raise error(context.GLOBAL_SCOPE)
            return start(Request(*args[:2]), self._service)
        except JsException as exc:
            return rejected(exc)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in ("then", "to_py"):
            raise AttributeError(name)
        return JsFunction(_missing(name), name)


def _missing(name: str) -> Callable[..., Any]:
    return lambda *_: rejected(type_error(_NO_METHOD.format(name)))


def bindings(config: Config, _worker: Any) -> Iterator[tuple[str, Any]]:
    """The assets of ``config``, if they have a name."""
    assets = config.bindings.assets
    if assets is not None and assets.binding is not None:
        yield assets.binding, Fetcher(AssetWorker(config))


def rows(config: Config, _classes: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """The name of the assets, if they have one."""
    assets = config.bindings.assets
    if assets is not None and assets.binding is not None:
        yield f"env.{assets.binding}", "Assets", "local"
