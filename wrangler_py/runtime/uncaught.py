"""Exceptions and coroutines that nobody asks for: through the log, like everything else.

asyncio tells its loop of tasks whose exceptions nobody retrieved, Python warns of coroutines that
nobody awaited; `sys.exit()` in a task would end the loop. All of it is the script's, and is shown
with the script's frames and the event that it belongs to.
"""

from __future__ import annotations

import asyncio
import sys
import traceback
import warnings
from pathlib import Path
from typing import Any

from .. import context
from ..log import log
from .tracing import is_user_file, user_frames, user_line, user_traceback

_NEVER_AWAITED = (
    "{place}: coroutine '{name}' was never awaited, so it did not run\n"
    "hint: write `await {name}(...)`; to go on without waiting, "
    "`self.ctx.waitUntil({name}(...))`"
)
_NOT_WAITED_FOR = (
    "{place}: nobody waits for the answer of this call\n"
    "hint: write `await` before it, or hand it to `self.ctx.waitUntil(...)`"
)
_GRACE = 0.05
"""Seconds that whoever an exception belongs to gets to report it."""


def tell_of_failures(loop: asyncio.AbstractEventLoop) -> None:
    """Let what nobody retrieves reach the event that it belongs to.

    What is no event's goes to the handler that was there before, which may be a test's own.
    """
    before = loop.get_exception_handler() or _asyncios_own

    def handle(loop: asyncio.AbstractEventLoop, details: dict[str, Any]) -> None:
        source = details.get("future") or details.get("task")
        if _project or context.to_blame(source) is not None:
            _handle(details, source)
        else:
            before(loop, details)

    loop.set_exception_handler(handle)


def _asyncios_own(loop: asyncio.AbstractEventLoop, details: dict[str, Any]) -> None:
    loop.default_exception_handler(details)


def _handle(details: dict[str, Any], source: Any) -> None:
    exc = details.get("exception")
    if exc is None:
        log.debug(str(details.get("message", "")))  # "Task was destroyed", at the server's end
        return
    if not context.was_told(exc):
        tell(exc, _kind(source), context.to_blame(source))


def _kind(source: Any) -> str:
    if isinstance(source, asyncio.Task):
        return f"the task {_name(source)}"
    return "a promise that nobody awaited" if source is not None else "a callback"


def _name(task: asyncio.Task[Any]) -> str:
    coroutine: Any = task.get_coro()
    return getattr(coroutine, "__qualname__", None) or task.get_name()


def tell(exc: BaseException, where: str, owner: context.IoContext | None) -> None:
    """Report ``exc`` as ``owner``'s; where nobody knows whose it is, by its frames."""
    if owner is not None and owner.on_error is not None:
        owner.report(exc, where)
        return
    root = _project.get("root")
    is_the_scripts = isinstance(exc, (KeyboardInterrupt, SystemExit))
    if root is not None and (is_the_scripts or user_frames(exc, root)):
        text = user_traceback(exc, root)
    else:  # our own fault, perhaps: then all of it is wanted
        text = "".join(traceback.format_exception(exc)).rstrip()
    log.error(f"Uncaught exception in {where}\n{text}", where=where)


_project: dict[str, Path] = {}


def go_on_after(exc: BaseException, loop: asyncio.AbstractEventLoop) -> None:
    """A script's own exit ended ``loop``, which is about to go on: tell of it, once.

    The task or listener that it was raised in may do so in the next turns.
    """

    def check() -> None:
        if not context.was_told(exc):
            tell(exc, "a callback", None)

    loop.call_later(_GRACE, check)


def tell_of_coroutines(root: Path) -> None:
    """Show coroutines that the project at ``root`` did not await as warnings of ours."""
    _project["root"] = root
    # What Python calls when it finds one; a hook for warnings would not get the coroutine.
    warnings._warn_unawaited_coroutine = _warn  # type: ignore[attr-defined]


def _warn(coroutine: Any) -> None:
    root, code = _project["root"], coroutine.cr_code
    dropped = user_line(sys._getframe(1), root)
    is_users = is_user_file(code.co_filename, root)
    if dropped is not None:
        place = f"{dropped.path}:{dropped.line}"
    elif is_users:
        place = f"{code.co_filename}:{code.co_firstlineno}"
    else:
        log.debug(f"coroutine '{coroutine.__qualname__}' was never awaited")
        return
    if is_users:
        log.warn_once(_NEVER_AWAITED.format(place=place, name=coroutine.__name__))
    else:  # what a binding, or another method of the SDK's, gives
        log.warn_once(_NOT_WAITED_FOR.format(place=place))
