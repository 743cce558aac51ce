"""Whether a worker's handlers are to be driven so that `run_sync` works in them."""

from __future__ import annotations

import re
import sys

from ..js import stack
from .loader import LoadedCode

_MENTIONS = re.compile(
    rb"run_sync|syncify|run_until_complete|webloop|wsgi|pytest"
    rb"|asyncio\.run\b|asyncio\.Runner|from asyncio import [^\n]*\b(?:run|Runner)\b"
    rb"|import_from_javascript\(\s*[\"'](?!cloudflare:(?:workers|sockets)[\"'])"
)
"""What waits without `await`, in a worker's own sources."""


def prepare(code: LoadedCode) -> None:
    """Ask for driving if ``code`` mentions what needs it: handlers import it when they run."""
    if "workers.wsgi" in sys.modules or any(
        _MENTIONS.search(path.read_bytes()) for path in code.files if path.suffix == ".py"
    ):
        stack.want()
