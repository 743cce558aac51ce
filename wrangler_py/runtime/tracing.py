"""Tracebacks for the user: their frames, real paths, nothing of ours.

A frame is the user's when its file lies in the project and in no installed package.
"""

from __future__ import annotations

import linecache
import textwrap
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

_OURS = str(Path(__file__).resolve().parent.parent)
_FOREIGN = ("site-packages", "dist-packages", "python_modules", ".venv")
_MOST_MEMBERS = 5
"""How many exceptions of a group are shown."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One line of the user's code that an exception passed."""

    path: str
    line: int
    function: str
    source: str


def is_user_file(path: str, root: Path) -> bool:
    """Whether ``path`` is source code of the project below ``root``."""
    if path.startswith(_OURS + "/") and not str(root).startswith(_OURS):
        return False
    try:
        inside = Path(path).relative_to(root).parts
    except ValueError:
        return False
    return not any(part in _FOREIGN or part.startswith(".venv") for part in inside)


def user_frames(exc: BaseException, root: Path) -> list[Frame]:
    """The user's frames of ``exc``, outermost first."""
    frames = [
        Frame(f.filename, f.lineno or 0, f.name, (f.line or "").strip())
        for f in traceback.extract_tb(exc.__traceback__)
        if is_user_file(f.filename, root)
    ]
    if isinstance(exc, SyntaxError) and exc.filename and is_user_file(exc.filename, root):
        frames.append(Frame(exc.filename, exc.lineno or 0, "<module>", (exc.text or "").strip()))
    return frames


def user_traceback(exc: BaseException, root: Path) -> str:
    """``exc`` as Python prints it, with the user's frames only, and its causes."""
    parts: list[str] = []
    chain = _chain(exc)
    for index, (link, intro) in enumerate(chain):
        parts.append(_one(link, root))
        if index < len(chain) - 1:
            parts.append(f"\n{intro}\n\n")
    return "".join(parts).rstrip("\n")


_CAUSE = "The above exception was the direct cause of the following exception:"
_CONTEXT = "During handling of the above exception, another exception occurred:"


def _chain(exc: BaseException) -> list[tuple[BaseException, str]]:
    """Causes first; each with the line that leads to the next."""
    links: list[tuple[BaseException, str]] = [(exc, "")]
    seen = {id(exc)}
    while True:
        link = links[0][0]
        cause, intro = link.__cause__, _CAUSE
        if cause is None and not link.__suppress_context__:
            cause, intro = link.__context__, _CONTEXT
        if cause is None or id(cause) in seen:
            return links
        seen.add(id(cause))
        links.insert(0, (cause, intro))


def _one(exc: BaseException, root: Path) -> str:
    stack = traceback.StackSummary.from_list(
        [f for f in traceback.extract_tb(exc.__traceback__) if is_user_file(f.filename, root)]
    )
    head = "Traceback (most recent call last):\n" if stack else ""
    text = head + "".join(stack.format()) + "".join(_message(exc))
    return text + "".join(_members(exc, root))


def _message(exc: BaseException) -> list[str]:
    if isinstance(exc, BaseExceptionGroup):
        # Python 3.13 prints the members as well; they come below, with the user's frames only.
        notes = [f"{note}\n" for note in getattr(exc, "__notes__", [])]
        return [f"{type(exc).__name__}: {exc}\n", *notes]
    return traceback.format_exception_only(exc)


def _members(exc: BaseException, root: Path) -> list[str]:
    """What an exception group holds, each indented below a number."""
    if not isinstance(exc, BaseExceptionGroup):
        return []
    shown = exc.exceptions[:_MOST_MEMBERS]
    parts = [
        f"  ---- {number} of {len(exc.exceptions)} ----\n"
        + textwrap.indent(user_traceback(member, root), "  ")
        + "\n"
        for number, member in enumerate(shown, 1)
    ]
    hidden = len(exc.exceptions) - len(shown)
    return [*parts, f"  ---- and {hidden} more ----\n"] if hidden else parts


def user_line(frame: FrameType | None, root: Path) -> Frame | None:
    """The innermost line of the user's code below a running frame."""
    while frame is not None:
        path = frame.f_code.co_filename
        if is_user_file(path, root):
            source = linecache.getline(path, frame.f_lineno).strip()
            return Frame(path, frame.f_lineno, frame.f_code.co_name, source)
        frame = frame.f_back
    return None
