"""`print` of a Worker among several: whose words they are is shown, and told to its tail consumers.

On Cloudflare what is printed is a line of `console.log`.
"""

from __future__ import annotations

import builtins
import sys
from typing import Any

from .. import context
from ..log import log

__all__ = ["print_as_console"]


def print_as_console(*values: Any, file: Any = None, **options: Any) -> None:
    """As the builtin `print`; a line to another file is none of ours."""
    if file is None or file is sys.stdout:
        values = _told(values, options)
    builtins.print(*values, file=file, **options)


def _told(values: tuple[Any, ...], options: dict[str, Any]) -> tuple[Any, ...]:
    trace, worker = context.trace(), log.whose()
    if trace is not None:
        separator = options.get("sep")
        text = (" " if separator is None else separator).join(map(str, values))
        trace.log("log", [text])
    return values if worker is None or log.settings.json else (f"[{worker}]", *values)
