"""Secrets Store: `await env.SECRET.get()`.

The values are those that `wrangler secrets-store secret create` keeps on this machine.

Implements: https://developers.cloudflare.com/secrets-store/integrations/workers/
"""

from __future__ import annotations

from asyncio import Future
from collections.abc import Iterable, Iterator
from typing import Any

from ..config.bindings import SecretsStoreSecret
from ..config.model import Config
from ..js.errors import error
from ..js.proxy import JsProxy
from ..stores.key_values import KeyValues
from ..stores.stores import Stores
from .operation import operation

__all__ = ["Secret", "bindings", "rows"]


class Secret(JsProxy, js_name="Fetcher"):
    """One secret of a store."""

    def __init__(self, stores: Stores, asked: SecretsStoreSecret) -> None:
        self._stores, self._asked = stores, asked

    def get(self) -> Future[Any]:
        def get() -> str:
            found = values(self._stores, self._asked.store_id).get(self._asked.secret_name)
            if found is None:
                raise self._absent()
            return found[0].decode("utf-8", "replace")

        return operation(get)

    def _absent(self) -> Exception:
        store, name = self._asked.store_id, self._asked.secret_name
        exc = error(f'Secret "{name}" not found')
        exc.add_note(
            f"hint: `npx wrangler secrets-store secret create {store} --name {name} "
            "--scopes workers` makes it on this machine"
        )
        return exc


def values(stores: Stores, store_id: str) -> KeyValues:
    """The secrets of one store."""
    return KeyValues(stores, store_id, "secrets-store", "secrets-store-KVNamespaceObject")


def bindings(config: Config, worker: Any) -> Iterator[tuple[str, Any]]:
    """The secrets of ``config``."""
    for each in config.bindings.secrets_store_secrets:
        yield each.binding, Secret(worker.stores, each)


def rows(config: Config, _classes: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Each secret with its store."""
    for each in config.bindings.secrets_store_secrets:
        name = f"env.{each.binding} ({each.store_id}/{each.secret_name})"
        yield name, "Secrets Store Secret", "local"
