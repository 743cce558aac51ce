"""Drive a handler so that `run_sync` works in it, once anybody has asked for `run_sync`."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Awaitable, Coroutine
from typing import Any

from .loader import LoadedCode


def prepare(code: LoadedCode) -> None:
    """Load what `run_sync` needs if ``code`` mentions it: handlers import it when they run."""
    mentions = "workers.wsgi" in sys.modules or any(
        b"run_sync" in path.read_bytes() for path in code.files if path.suffix == ".py"
    )
    if mentions:
        importlib.import_module("wrangler_py.js.stack")


def driver(handler: Coroutine[Any, Any, Any]) -> Awaitable[Any]:
    """``handler`` itself, or in a greenlet where `run_sync` is in use."""
    stack = sys.modules.get("wrangler_py.js.stack")
    if stack is None:
        return handler
    return stack.drive(handler)  # type: ignore[no-any-return]
