"""`env` as a test has it: bindings that can be called from there, and be replaced."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from types import TracebackType
from typing import Any

from ..bindings.service import Fetcher
from ..bindings.variables import _nulls
from ..context import IoContext
from ..durable.namespace import DurableObjectNamespace
from ..durable.stub import DurableObject
from ..js.ffi import to_js
from ..js.object import JsObject, from_entries
from ..js.proxy import JsProxy
from .answering import ServiceFunction

__all__ = ["BoundEnv", "Override", "adapted", "bare"]

_CALLABLES = (DurableObjectNamespace, DurableObject, Fetcher)
_MISSING = object()


class BoundEnv:
    """What the Worker has as `self.env`; what is called there runs as an event of the Worker."""

    def __init__(self, env: JsObject, owner: IoContext) -> None:
        self._env, self._owner = env, owner

    def __getattr__(self, name: str) -> Any:
        from workers.rpc import _EnvWrapper  # the SDK's, as the Worker has it

        return _bound(getattr(_EnvWrapper(self._env), name), self._owner)

    def __dir__(self) -> list[str]:
        return [*self._env._props]


class _Bound:
    """A binding, or a stub; the same attributes and methods, called in the right place."""

    def __init__(self, target: Any, owner: IoContext) -> None:
        self._target, self._owner = target, owner

    def __getattr__(self, name: str) -> Any:
        found = self._owner.run(getattr, self._target, name)
        return self._calling(found) if callable(found) else _bound(found, self._owner)

    def __repr__(self) -> str:
        return repr(self._target)

    def _calling(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            given = [bare(arg) for arg in args]
            result = self._owner.run(partial(method, *given, **options))
            if inspect.iscoroutine(result):
                # A task's steps run where it was made, wherever the test awaits it.
                answer = self._answer(result)
                return self._owner.run(asyncio.get_running_loop().create_task, answer)
            return _bound(result, self._owner)

        return call

    async def _answer(self, result: Coroutine[Any, Any, Any]) -> Any:
        value = await result
        if isinstance(value, list):
            return [_bound_instance(each, self._owner) for each in value]
        return _bound_instance(value, self._owner)


def _bound(value: Any, owner: IoContext) -> Any:
    is_binding = isinstance(value, _CALLABLES) or type(value).__module__ == "workers.rpc"
    return _Bound(value, owner) if is_binding else value


def _bound_instance(value: Any, owner: IoContext) -> Any:
    """What a workflow gives, an instance, has methods that are calls as well."""
    name = getattr(type(getattr(value, "_binding", None)), "_js_name", "")
    return _Bound(value, owner) if name == "InstanceImpl" else value


def bare(value: Any) -> Any:
    """A binding or a stub as the runtime has it, without what a test or the SDK put around it."""
    while isinstance(value, _Bound) or type(value).__module__ == "workers.rpc":
        value = value._target if isinstance(value, _Bound) else value._binding
    return value


def adapted(values: Mapping[str, Any], owner: Callable[[], IoContext]) -> dict[str, Any]:
    """What stands on `env` for each value that a test gives."""
    return {name: _adapted(name, value, owner) for name, value in values.items()}


def _adapted(name: str, value: Any, owner: Callable[[], IoContext]) -> Any:
    if value is None or isinstance(value, str | bool | int | float | list | dict):
        return to_js(_nulls(value), dict_converter=from_entries)
    value = bare(value)
    is_function = callable(value) and not isinstance(value, JsProxy | type)
    if is_function and not hasattr(value, "fetch"):
        return ServiceFunction(name, value, owner)
    return value


class Override:
    """Other values on `env`: from now on, and if it is used in `with`, up to the end of that."""

    def __init__(
        self, env: JsObject, values: Mapping[str, Any], forget: Callable[[str], None]
    ) -> None:
        """``forget``: makes running objects look a name up again."""
        self._props, self._forget = env._props, forget
        self._before = {name: self._props.get(name, _MISSING) for name in values}
        self._put(values)

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        self._put(self._before)

    def _put(self, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            if value is _MISSING:
                self._props.pop(name, None)
            else:
                self._props[name] = value
            self._forget(name)
