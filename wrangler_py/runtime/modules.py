"""The runtime's private modules, which the SDK imports, answered for the worker that runs.

Source: the runtime's `_pyodide_entrypoint_helper` and `_cloudflare_compat_flags`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .. import compat, context
from ..errors import NotEmulated
from ..facades import modules
from ..js.errors import error
from ..js.map_set import JsMap
from ..js.object import JsObject
from ..js.promise import rejected, resolved
from ..js.proxy import JsFunction, JsProxy
from ..log import log
from ..web.wait_until import wait_until
from .execution_context import accept_coroutines


class _LiveEnv(JsProxy, js_name="Object", raw=True):
    """`cloudflare:workers`' env: the bindings of whichever worker is running."""

    def __getattr__(self, name: str) -> Any:
        return getattr(_owner("env").worker.env, name)

    def _entries(self) -> Iterator[tuple[str, Any]]:
        return _owner("env").worker.env._entries()  # type: ignore[no-any-return]


def _owner(what: str) -> context.IoContext:
    owner = context.current()
    if owner is None:
        raise error(f"{what} is only available in code of a Worker")
    return owner


class CloudflareWorkers(JsProxy, js_name="Module", raw=True):
    """The module `cloudflare:workers`."""

    def __init__(self) -> None:
        self.env = _LiveEnv()
        self.waitUntil = JsFunction(_wait_until, "waitUntil")

    @property
    def exports(self) -> Any:
        return _owner("exports").worker.exports

    def __getattr__(self, name: str) -> Any:
        if name in _JS_ONLY:
            raise NotEmulated(f"{name} of cloudflare:workers is for JavaScript Workers")
        raise AttributeError(name)


_JS_ONLY = frozenset({"DurableObject", "WorkerEntrypoint", "WorkflowEntrypoint", "RpcTarget"})


def _wait_until(promise: Any) -> None:
    wait_until(_owner("waitUntil"), promise, takes_coroutines=False)


def _connect(address: Any = None, options: Any = None) -> Any:
    from ..web.sockets import connect  # few workers have sockets

    return connect(address, options)


class CloudflareSockets(JsProxy, js_name="Module", raw=True):
    """The module `cloudflare:sockets`."""

    def __init__(self) -> None:
        self.connect = JsFunction(_connect, "connect")


_workers, _sockets = CloudflareWorkers(), CloudflareSockets()


def _import(name: str) -> Any:
    """`doAnImport`: a promise of a JavaScript module."""
    if name == "cloudflare:workers":
        return resolved(_workers)
    if name == "cloudflare:sockets":
        return resolved(_sockets)
    if name == "cloudflare:email":
        from ..bindings.email import EmailMessage  # few workers send mail

        return resolved(JsObject({"EmailMessage": EmailMessage.constructor}))
    if name.endswith("python_modules/workers/workflows.js"):
        from .workflow import SDK_MODULE  # few workers have workflows

        return resolved(SDK_MODULE)
    return rejected(error(f'No such module "{name}".'))


@contextmanager
def _patched_env(values: Any) -> Iterator[None]:
    env = _owner("patch_env").worker.env
    before = dict(env._props)
    # Of a dict, the oldest Pyodide makes a Map.
    env._props.update(values._pairs() if isinstance(values, JsMap) else values._entries())
    try:
        yield
    finally:
        env._props.clear()
        env._props.update(before)


def _patch_env_helper(values: Any) -> Iterator[None]:
    log.warn_once(
        "patch_env() works here, and on Cloudflare no more since 2026-06-30: "
        "the runtime has dropped what it stands on"
    )
    with _patched_env(values):
        yield


_HELPER: dict[str, Any] = {
    "cloudflareWorkersModule": _workers,
    "cloudflareSocketsModule": _sockets,
    "doAnImport": _import,
    "patchWaitUntil": accept_coroutines,
    "patch_env_helper": _patch_env_helper,
}


def _from_table(table: dict[str, Any], module: str) -> Callable[[str], Any]:
    def find(name: str) -> Any:
        if name not in table:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        return table[name]

    return find


def provide() -> None:
    """Let the facades answer for these modules."""
    modules.provide(
        "_pyodide_entrypoint_helper", _from_table(_HELPER, "_pyodide_entrypoint_helper")
    )
    modules.provide("_cloudflare_compat_flags", lambda name: compat.current().has(name))
