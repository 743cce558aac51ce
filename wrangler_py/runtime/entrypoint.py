"""Which of a script's objects handle events, and how production calls them.

Implements: https://developers.cloudflare.com/workers/languages/python/basics/
Source: the runtime's Python entry point (python-entrypoint-helper, introspection).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FunctionType, ModuleType
from typing import Any

from ..compat import Compat
from ..js.calling import relaxed_count
from ..js.errors import error, type_error
from ..log import log
from ..web.request import Request

NO_FETCH = "Handler does not export a fetch() function."
FETCH_HINT = (
    "define `class Default(WorkerEntrypoint)` with `async def fetch(self, request)` "
    "in the main module"
)

_LEGACY_HINT = (
    "with a compatibility date before 2025-08-14 methods are called `on_fetch` and so on; a later "
    "one, or the flag python_no_global_handlers, makes them `fetch`"
)


@dataclass(slots=True)
class Exports:
    """What a main module exports."""

    main: str
    default: type | None = None
    functions: dict[str, Callable[..., Any]] = field(default_factory=dict)
    """Handlers at module level, by event name (`fetch`, `scheduled`, ...)."""
    entrypoints: dict[str, type] = field(default_factory=dict)
    durable_objects: dict[str, type] = field(default_factory=dict)
    workflows: dict[str, type] = field(default_factory=dict)
    legacy: bool = False
    """Handlers are called `on_fetch`, ...: a compatibility date before 2025-08-14."""


_EVENTS = ("fetch", "alarm", "scheduled", "trace", "queue", "pubsub")
"""What functions at module level handle, `on_fetch` and so on."""
HANDLERS = ("fetch", "scheduled", "queue", "email", "tail", "trace", "connect", "test")
"""What methods of `Default` handle."""


def collect(module: ModuleType, compat: Compat) -> Exports:
    """The classes and handlers that ``module`` exports."""
    from workers import DurableObject, WorkerEntrypoint, WorkflowEntrypoint

    exports = Exports(module.__name__, legacy=not compat.has("python_no_global_handlers"))
    names = getattr(module, "__all__", None) or [n for n in dir(module) if not n.startswith("_")]
    for value in (getattr(module, name) for name in names):
        if not inspect.isclass(value):
            continue
        for base, found in (
            (DurableObject, exports.durable_objects),
            (WorkerEntrypoint, exports.entrypoints),
            (WorkflowEntrypoint, exports.workflows),
        ):
            if issubclass(value, base) and value is not base:
                found[value.__name__] = value
    exports.default = exports.entrypoints.pop("Default", None)
    if exports.default is None:
        exports.functions = _functions(module, exports.legacy)
    return exports


def _functions(module: ModuleType, legacy: bool) -> dict[str, Callable[..., Any]]:
    found = {
        event: handler
        for event in _EVENTS
        if callable(handler := getattr(module, f"on_{event}", None))
    }
    if found and not legacy:
        log.warn_once(
            "module-level on_* handlers work on Cloudflare only with a compatibility date before "
            "2025-08-14 or the flag disable_python_no_global_handlers; " + FETCH_HINT
        )
    if callable(getattr(module, "on_email", None)):
        log.warn_once(
            "a module-level on_email() is never called, here or on Cloudflare: define `class "
            "Default(WorkerEntrypoint)` with `async def email(self, message, env, ctx)`"
        )
    bare = getattr(module, "fetch", None)
    own = isinstance(bare, FunctionType) and bare.__module__ == module.__name__
    if own and "fetch" not in found:
        log.warn_once(
            "a module-level fetch() is a convenience of this tool; for Cloudflare " + FETCH_HINT
        )
        found["fetch"] = _wrapped(bare)
    return found


def _fetch_hint(exports: Exports) -> str:
    return _LEGACY_HINT if exports.legacy and exports.default is not None else FETCH_HINT


def tell_if_silent(exports: Exports) -> None:
    """Say at once that no event will be answered, and not at the first one."""
    names = [f"on_{event}" if exports.legacy else event for event in HANDLERS]
    if exports.functions or any(hasattr(exports.default, name) for name in (*names, "test")):
        return
    hint = _fetch_hint(exports)
    if exports.default is None and (others := list(exports.entrypoints)):
        hint = f"the class that answers is called `Default`; this one is `{others[0]}`"
    log.warn(
        f"{exports.main}.py has no handler, so no request will be answered\nhint: {hint}",
        hint=hint,
    )


def _wrapped(function: Any) -> Callable[..., Any]:
    from workers import handler

    return handler(function)  # type: ignore[no-any-return, no-untyped-call]


class FetchHandler:
    """How a fetch handler of one worker is called; made once a load."""

    def __init__(self, exports: Exports, entrypoint: type | None = None) -> None:
        """``entrypoint``: the class that has it; None: the default one."""
        from workers import python_from_rpc, python_to_rpc

        self._from_rpc, self._to_rpc = _request_wrapper(python_from_rpc), python_to_rpc
        self._response_class: Any = _plain_response_class(python_to_rpc)
        self._class = entrypoint or exports.default
        self._name = "on_fetch" if exports.legacy else "fetch"
        self._function = exports.functions.get("fetch")
        self._exports = exports
        target: Any = self._function
        if self._class is not None:
            target = inspect.getattr_static(self._class, self._name, None)
            target = target if isinstance(target, FunctionType) else None
        self._exists = target is not None
        # A class's handler gets itself, then what the runtime passes.
        self._count = relaxed_count(target, 4 if self._class else 3) if self._exists else 0

    async def __call__(self, request: Any, env: Any, ctx: Any) -> Any:
        """The handler's answer, as a JavaScript value.

        Raises:
            JsException: there is no handler.
            BaseException: what the user's code raised.
        """
        if not self._exists:
            raise missing_fetch(self._exports)
        if self._class is None:
            return await self._call_function(request, env, ctx)
        method = getattr(self._class(ctx, env), self._name)
        # The runtime passes three arguments, with env and ctx undefined.
        result = method(*(self._from_rpc(request), None, None)[: self._count - 1])
        if inspect.isawaitable(result):
            result = await result
        if type(result) is self._response_class:
            return result.js_object
        return self._to_rpc(result)

    async def _call_function(self, request: Any, env: Any, ctx: Any) -> Any:
        assert self._function is not None
        result = self._function(*(request, env, ctx)[: self._count])
        if inspect.isawaitable(result):
            result = await result
        # A FetchResponse of either kind stands for its JavaScript object.
        return getattr(result, "js_response", result)


def _request_wrapper(python_from_rpc: Any) -> Any:
    """What makes the handler's request of ours: the SDK's class, where that is all it does."""
    import workers

    probe = Request("http://localhost/")
    converted = python_from_rpc(probe)
    wrapper = getattr(workers, "Request", None)
    plain = type(converted) is wrapper and getattr(converted, "js_object", None) is probe
    return wrapper if plain else python_from_rpc


def _plain_response_class(python_to_rpc: Any) -> type | None:
    """The SDK's Response, if the SDK converts one by taking its `js_object` and no more."""
    import workers

    response_class: Any = getattr(workers, "Response", None)
    if not isinstance(response_class, type):
        return None
    probe: Any = response_class(None)
    return type(probe) if python_to_rpc(probe) is probe.js_object else None


def missing_fetch(exports: Exports) -> BaseException:
    """Production's text for a worker without a fetch handler, and what to do."""
    if exports.legacy and exports.default is None:
        exc: BaseException = error(
            f'Python entrypoint "{exports.main}.py" does not export a handler named "on_fetch"'
        )
    else:
        exc = error(NO_FETCH)
    exc.add_note(f"hint: {_fetch_hint(exports)}")
    return exc


def not_a_response(value: Any) -> BaseException:
    """Production's text for an answer that is no Response, and what to do."""
    exc = type_error("Incorrect type for Promise: the Promise did not resolve to 'Response'.")
    if value is None or not value:
        exc.add_note("hint: the handler returned nothing; did a branch forget `return`?")
    else:
        kind = getattr(getattr(value, "constructor", None), "name", type(value).__name__)
        what, how = _IN_PYTHON.get(kind, (f"a {kind}", "Response(...)"))
        exc.add_note(f"hint: the handler returned {what}; wrap it: `return {how}`")
    return exc


_IN_PYTHON = {  # what the SDK made of a Python value on its way out
    "Object": ("a dict", "Response.json(...)"),
    "Map": ("a dict", "Response.json(...)"),
    "Array": ("a list", "Response.json(...)"),
    "Uint8Array": ("bytes", "Response(...)"),
}


def missing_class(name: str) -> BaseException:
    """Production's text for a class that the main module does not export, and what to do."""
    exc = type_error(f"There is no '{name}' class defined in the Python Worker's main module")
    exc.add_note(f"hint: define `class {name}` in the main module, or import it there")
    return exc
