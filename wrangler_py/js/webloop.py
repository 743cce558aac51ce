"""`pyodide.webloop`: asyncio's own way to wait, inside code that a loop runs already.

In production every event loop is a view of JavaScript's, which runs for ever, and
`run_until_complete` waits by `run_sync`. So `asyncio.run`, `asyncio.Runner` and
`loop.run_until_complete` work inside a handler; here they do where a handler is driven.

Implements: https://pyodide.org/en/stable/usage/api/python-api/webloop.html
Differs: the loop that runs a handler is asyncio's own; only `asyncio.new_event_loop()`, which
would make a second one, gives a `WebLoop`.
"""

from __future__ import annotations

import asyncio
import asyncio.events
import functools
from collections.abc import Callable
from typing import Any

from . import profile, stack
from .promise import PyodideFuture, pending


class WebLoop(asyncio.AbstractEventLoop):
    """One more name for the loop that runs; what ends a loop does nothing to it."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loop, name)

    def create_future(self) -> PyodideFuture:
        return pending()

    def run_until_complete(self, future: Any) -> Any:
        return run_until_complete(future)

    def run_forever(self) -> None: ...

    def stop(self) -> None: ...

    def close(self) -> None: ...

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False

    async def shutdown_asyncgens(self) -> None: ...

    async def shutdown_default_executor(self, timeout: float | None = None) -> None: ...


WebLoop.__module__ = "pyodide.webloop"


def _of_the_loop(name: str) -> Callable[..., Any]:
    def method(self: WebLoop, *args: Any, **options: Any) -> Any:
        return getattr(self._loop, name)(*args, **options)

    return functools.wraps(getattr(asyncio.AbstractEventLoop, name))(method)


for _name in vars(asyncio.AbstractEventLoop):
    if not _name.startswith("_") and _name not in vars(WebLoop):
        setattr(WebLoop, _name, _of_the_loop(_name))
WebLoop.__abstractmethods__ = frozenset()  # type: ignore[attr-defined]


def run_until_complete(future: Any) -> Any:
    """Wait for ``future`` in code that a loop runs; without stack switching, only start it.

    Raises:
        RuntimeError: nobody drives the running code.
    """
    if not profile.current().has_run_sync:
        return asyncio.ensure_future(future)
    return stack.run_sync(future)


def allow_nested_runs() -> None:
    """Let asyncio's runners wait inside driven code, where Python refuses it."""
    if getattr(asyncio.run, "_nests", False):
        return
    _nest("run", asyncio, lambda main, **_: run_until_complete(main))
    for module in (asyncio, asyncio.events):
        _nest("new_event_loop", module, WebLoop)
    _nest("run", asyncio.Runner, _runner_run)


def _nest(name: str, owner: Any, nested: Callable[..., Any]) -> None:
    """Replace a function of asyncio's by ``nested`` for code that is driven."""
    plain = getattr(owner, name)

    @functools.wraps(plain)
    def function(*args: Any, **options: Any) -> Any:
        return (nested if stack.can_run_sync() else plain)(*args, **options)

    function._nests = True  # type: ignore[attr-defined]
    setattr(owner, name, function)


def _runner_run(runner: asyncio.Runner, coroutine: Any, *, context: Any = None) -> Any:
    if not asyncio.iscoroutine(coroutine):
        raise ValueError(f"a coroutine was expected, got {coroutine!r}")
    loop = runner.get_loop()
    context = runner._context if context is None else context  # type: ignore[attr-defined]
    return run_until_complete(loop.create_task(coroutine, context=context))
