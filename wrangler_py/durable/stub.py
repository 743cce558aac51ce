"""What a Worker holds of an object: `fetch`, and every other name as an RPC method.

Implements: https://developers.cloudflare.com/durable-objects/api/stub/
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from .. import context
from ..errors import NotEmulated
from ..js.errors import JsException
from ..js.promise import PyodideFuture, rejected, resolved
from ..js.proxy import JsFunction, JsProxy
from ..web.not_running import NotRunning
from ..web.not_running import response as absent_answer
from .instance import Event, Instance
from .rpc import RESERVED, answer_for, fail_with, move_message, refuse, transfer

if TYPE_CHECKING:
    from .actor import Actor
    from .ids import DurableObjectId
    from .objects import Objects

_INNER = frozenset({"then", "to_py"})


class DurableObject(JsProxy):
    """A stub."""

    def __init__(
        self, objects: Callable[[], Objects], class_name: str, actor_id: DurableObjectId
    ) -> None:
        self._objects, self._class_name, self._id = objects, class_name, actor_id
        self._actor: Actor | None = None

    @property
    def id(self) -> Any:
        return self._id

    @property
    def name(self) -> Any:
        return self._id.name

    def fetch(self, input: Any, init: Any = None) -> PyodideFuture:
        requests, _ = _messages()
        try:
            request = requests.hand_over(requests.Request(input, init))
        except JsException as exc:
            return rejected(exc)
        moved = move_message(request)
        run = partial(_fetch, moved, context.current())
        return self._deliver("fetch", run, "fetch", moved)

    def connect(self, *_: Any) -> None:
        raise NotEmulated("connect() of a Durable Object stub")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in _INNER:
            raise AttributeError(name)
        return JsFunction(partial(self._call, name), name)

    def _call(self, name: str, *args: Any) -> PyodideFuture:
        try:
            values = [transfer(arg) for arg in args]
        except JsException as exc:
            return rejected(exc)
        return self._deliver(name, partial(_call, name, values, context.current()), "rpc", name)

    def _deliver(self, name: str, run: Any, kind: str, *facts: Any) -> PyodideFuture:
        caller = context.current()
        try:
            actor = self._target()
        except NotRunning as absent:
            if kind == "fetch":
                return resolved(absent_answer(absent))
            return rejected(absent.for_script())
        except JsException as exc:
            return rejected(exc)
        result = answer_for(caller)
        event = Event(name, run, result, kind=kind, facts=facts)
        if actor.broken is not None:
            fail_with(result, actor.broken)
        elif caller is not None and caller.output is not None:
            caller.output.emit(actor.deliver, event)
        else:
            actor.deliver(event)
        return result

    def _target(self) -> Actor:
        """The object; a stub of one that was reset stays with it, and fails."""
        actor = self._actor
        if actor is None or actor.gone:
            actor = self._actor = self._objects().actor(self._class_name, self._id)
        return actor


@functools.cache
def _messages() -> tuple[Any, Any]:
    """Modules that RPC alone does not need; to import them at each call takes a while."""
    from ..web import request, response

    return request, response


async def _fetch(request: Any, caller: context.IoContext | None, instance: Instance) -> Any:
    import workers

    handler, count = instance.handler("fetch", 3)
    # The runtime passes three arguments, with env and ctx undefined.
    result = handler(*(workers.python_from_rpc(request), None, None)[:count])
    if inspect.isawaitable(result):
        result = await result
    response = workers.python_to_rpc(result)
    if not isinstance(response, _messages()[1].Response):
        raise instance.code.not_a_response(response)
    if response._source is not None or response._stream is not None:
        instance.context.outlive(caller)
    return move_message(response)


async def _call(
    name: str, args: list[Any], caller: context.IoContext | None, instance: Instance
) -> Any:
    import workers

    if name in RESERVED:
        refuse(name)
    method = instance.method(name)
    result = method(*[workers.python_from_rpc(arg) for arg in args])
    if inspect.isawaitable(result):
        result = await result
    return transfer(workers.python_to_rpc(result), caller)
