"""Blocking work that frameworks hand to threads: it runs at once, as on Cloudflare.

Starlette and FastAPI send plain `def` routes, files and background tasks through one function
of anyio's. The SDK replaces it in production, which has no threads; so do we, for workers only.
That keeps such code where the bindings are, and `breakpoint()` in it works.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

from .. import context

_MODULE = "anyio.to_thread"


def run_blocking_work_inline() -> None:
    """Do so if anyio is loaded; harmless when done again."""
    module = sys.modules.get(_MODULE)
    if module is None or getattr(module.run_sync, "_inline", False):
        return
    in_a_thread = module.run_sync

    @functools.wraps(in_a_thread)
    async def run_sync(function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        if context.current() is None:
            return await in_a_thread(function, *args, **options)
        return function(*args)

    run_sync._inline = True  # type: ignore[attr-defined]
    module.run_sync = run_sync  # type: ignore[attr-defined]
