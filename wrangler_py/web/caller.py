"""Which line of a script called into the platform, for warnings that name it.

Source: https://docs.python.org/3/library/sys.html#sys._getframe
"""

from __future__ import annotations

import sys
from types import FrameType

_OURS = __name__.partition(".")[0] + "."


def calling_frame() -> FrameType | None:
    """The innermost frame that is not ours."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").startswith(_OURS):
        frame = frame.f_back
    return frame


def place_of(frame: FrameType | None) -> str:
    """`file:line`, as terminals and editors open it."""
    return "?:0" if frame is None else f"{frame.f_code.co_filename}:{frame.f_lineno}"
