"""Threads and processes: production has none, so a script's own ones are pointed out, once each.

What libraries do, and what asyncio does for `to_thread`, is left alone: the latter works on
Cloudflare as well, where it runs at once.
"""

from __future__ import annotations

import sys
import sysconfig
from types import FrameType

from .. import context
from ..log import log
from .tracing import is_user_file

_THREAD = ("a thread", "RuntimeError: can't start new thread")
_PROCESS = ("a process", "OSError: [Errno 138] Not supported")
EVENTS = {
    "_thread.start_new_thread": _THREAD,
    "_thread.start_joinable_thread": _THREAD,
    "os.fork": _PROCESS,
    "os.posix_spawn": _PROCESS,
    "os.system": _PROCESS,
    "subprocess.Popen": _PROCESS,
}
"""Python's audit events that tell of them."""

_STANDARD = sysconfig.get_path("stdlib")


def point_out(event: str) -> None:
    """Warn if the running code of a worker caused ``event`` itself."""
    owner = context.current()
    config = getattr(owner.worker, "config", None) if owner is not None else None
    if config is None:
        return  # not a script's: an exception in an audit hook would forbid the event
    frame = beyond_the_standard_library(sys._getframe(2))
    if frame is None or not is_user_file(frame.f_code.co_filename, config.root):
        return
    what, failure = EVENTS[event]
    log.warn_once(
        f"{frame.f_code.co_filename}:{frame.f_lineno}: {what} is started here; "
        f"on Cloudflare that fails ({failure})"
    )


def beyond_the_standard_library(frame: FrameType | None) -> FrameType | None:
    """The first of ``frame`` and its callers that is no code of Python's own."""
    while frame is not None:
        path = frame.f_code.co_filename
        is_standard = path.startswith(("<frozen", _STANDARD)) and "site-packages" not in path
        if not is_standard:
            return frame
        frame = frame.f_back
    return None
