"""Tracebacks for the user: their frames, real paths, nothing of ours.

A frame is the user's when its file lies in the project and in no installed package. Made when
something failed, and never before.
"""

from __future__ import annotations

import linecache
import textwrap
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from ..js.errors import HINT, JsException
from .hints import hint_for

__all__ = [
    "Frame",
    "Link",
    "chain",
    "facts_of",
    "headline",
    "is_user_file",
    "know_project",
    "user_frames",
    "user_line",
    "user_traceback",
]

_OURS = str(Path(__file__).resolve().parent.parent)
_FOREIGN = ("site-packages", "dist-packages", "python_modules", ".venv")
_MOST_MEMBERS = 5
"""How many exceptions of a group are shown."""
_EMBEDDED = "Traceback (most recent call last):"


@dataclass(frozen=True, slots=True)
class Frame:
    """One line of the user's code that an exception passed."""

    path: str
    line: int
    function: str
    source: str
    columns: tuple[int, int] | None = None
    """Where in the line, in characters from 0; None: all of it, or several lines."""
    running: FrameType | None = field(default=None, repr=False, compare=False)
    """The frame itself, for its locals."""


@dataclass(frozen=True, slots=True)
class Link:
    """One exception of a chain, as the user is to see it."""

    exc: BaseException
    frames: list[Frame]
    message: str
    """As Python prints it, with its notes, without a hint."""
    hints: list[str]
    members: list[list[Link]]
    """What an exception group holds, each with a chain of its own; the first few."""
    hidden: int
    """How many members are not among them."""
    trace: traceback.StackSummary
    intro: str = ""
    """Python's words between this one and the next."""


_beside: set[Path] = set()
"""The projects of other Workers of this process: their lines are the user's, too."""


def know_project(root: Path) -> None:
    """A Worker that lives below ``root`` runs beside others."""
    _beside.add(root)


def is_user_file(path: str, root: Path) -> bool:
    """Whether ``path`` is source code of the project below ``root``, or of one beside it."""
    return any(_is_below(path, each) for each in (root, *_beside))


def _is_below(path: str, root: Path) -> bool:
    if path.startswith(_OURS + "/") and not str(root).startswith(_OURS):
        return False
    try:
        inside = Path(path).relative_to(root).parts
    except ValueError:
        return False
    return not any(part in _FOREIGN or part.startswith(".venv") for part in inside)


def user_frames(exc: BaseException, root: Path) -> list[Frame]:
    """The user's frames of ``exc``, outermost first."""
    running = [frame for frame, _ in traceback.walk_tb(exc.__traceback__)]
    found = zip(traceback.extract_tb(exc.__traceback__, limit=None), running, strict=False)
    frames = [
        Frame(f.filename, f.lineno or 0, f.name, (f.line or "").strip(), _columns(f), frame)
        for f, frame in found
        if is_user_file(f.filename, root)
    ]
    if isinstance(exc, SyntaxError) and exc.filename and is_user_file(exc.filename, root):
        frames.append(_wrong_syntax(exc))
    return frames


def _columns(found: traceback.FrameSummary) -> tuple[int, int] | None:
    """The part of a line that failed; Python counts the bytes of its UTF-8."""
    if found.colno is None or found.end_colno is None or found.end_lineno != found.lineno:
        return None
    line = linecache.getline(found.filename, found.lineno or 0).encode()
    start, end = (len(line[:n].decode(errors="replace")) for n in (found.colno, found.end_colno))
    return (start, end) if start < end else None


def _wrong_syntax(exc: SyntaxError) -> Frame:
    """Where a file could not be read on; Python counts these columns in characters from 1."""
    line, start = exc.lineno or 0, (exc.offset or 1) - 1
    end = (exc.end_offset or 0) - 1 if exc.end_lineno in (None, exc.lineno) else start + 1
    columns = (start, max(end, start + 1)) if start >= 0 else None
    return Frame(exc.filename or "", line, "<module>", (exc.text or "").strip(), columns)


def user_traceback(exc: BaseException, root: Path) -> str:
    """``exc`` as Python prints it, with the user's frames only, its causes, and hints."""
    parts: list[str] = []
    for link in chain(exc, root):
        head = f"{_EMBEDDED}\n" if link.trace else ""
        parts.append(f"{head}{''.join(link.trace.format())}{link.message}\n")
        parts += [f"{HINT}{hint}\n" for hint in link.hints]
        parts += _members(link, root)
        if link.intro:
            parts.append(f"\n{link.intro}\n\n")
    return "".join(parts).rstrip("\n")


def headline(exc: BaseException) -> str:
    """Type and message, in one or a few lines."""
    if isinstance(exc, JsException):
        return _message(exc, Path("/nowhere")).partition(": ")[2]  # carries its own name
    message = str(exc)
    name = type(exc).__name__
    return f"{name}: {message}" if message else name


def facts_of(exc: BaseException, root: Path) -> dict[str, str | int]:
    """``exc`` for a program: its class, the user's innermost line, and what to do."""
    link = chain(exc, root)[-1]
    kind = exc.name if isinstance(exc, JsException) else type(exc).__name__
    facts: dict[str, str | int] = {"kind": str(kind)}
    if link.frames:
        facts |= {"file": link.frames[-1].path, "line": link.frames[-1].line}
    if link.hints:
        facts["hint"] = "\n".join(link.hints)
    return facts


_CAUSE = "The above exception was the direct cause of the following exception:"
_CONTEXT = "During handling of the above exception, another exception occurred:"


def chain(exc: BaseException, root: Path) -> list[Link]:
    """``exc`` and what led to it, the first cause first."""
    links = [_link(exc, root)]
    seen = {id(exc)}
    while True:
        cause, intro = _before(links[0].exc)
        if cause is None or id(cause) in seen:
            return _without_ours(links)
        seen.add(id(cause))
        links.insert(0, _link(cause, root, intro))


def _before(exc: BaseException) -> tuple[BaseException | None, str]:
    origin: BaseException | None = getattr(exc, "__wrangler_origin__", None)
    if origin is not None:  # it came from another object or worker, as a copy
        return origin, _CAUSE
    if exc.__cause__ is not None:
        return exc.__cause__, _CAUSE
    return (None if exc.__suppress_context__ else exc.__context__), _CONTEXT


def _without_ours(links: list[Link]) -> list[Link]:
    """Of causes that no line of the user's took part in, the last one is enough."""
    return [
        link
        for link, after in zip(links, [*links[1:], None], strict=True)
        if after is None or link.frames or after.frames or link.members
    ]


def _link(exc: BaseException, root: Path, intro: str = "") -> Link:
    frames = user_frames(exc, root)
    trace = traceback.StackSummary.from_list(
        [f for f in traceback.extract_tb(exc.__traceback__) if is_user_file(f.filename, root)]
    )
    notes = [str(note) for note in getattr(exc, "__notes__", ())]
    hints = [note.removeprefix(HINT) for note in notes if note.startswith(HINT)]
    if not hints and (hint := hint_for(exc, frames[-1] if frames else None)):
        hints.append(hint)
    plain = [note for note in notes if not note.startswith(HINT)]
    members, hidden = _chains_of_members(exc, root)
    message = "\n".join([_message(exc, root), *plain])
    return Link(exc, frames, message, hints, members, hidden, trace, intro)


def _message(exc: BaseException, root: Path) -> str:
    """Type and message, and where a syntax error is; without notes."""
    if isinstance(exc, BaseExceptionGroup):
        # Python 3.13 prints the members as well; they come below, with the user's frames only.
        return f"{type(exc).__name__}: {exc}"
    described = traceback.TracebackException(type(exc), exc, None)
    described.__notes__ = None
    text = "".join(described.format_exception_only()).rstrip("\n")
    return _shortened(text, exc, root) if _EMBEDDED in text else text


def _shortened(text: str, exc: BaseException, root: Path) -> str:
    """A message that holds a Python traceback: that of a failure in an object, or in a promise."""
    head, _, embedded = text.partition(_EMBEDDED)
    if _before(exc)[0] is not None:
        return head + embedded.rstrip().rpartition("\n")[2]  # the chain shows the rest
    kept, keeps = [], True
    for line in embedded.split("\n"):
        if line.startswith('  File "'):
            keeps = is_user_file(line.split('"')[1], root)
        elif not line.startswith("    "):
            keeps = True
        if keeps:
            kept.append(line)
    return head + _EMBEDDED + "\n".join(kept)


def _chains_of_members(exc: BaseException, root: Path) -> tuple[list[list[Link]], int]:
    if not isinstance(exc, BaseExceptionGroup):
        return [], 0
    shown = exc.exceptions[:_MOST_MEMBERS]
    return [chain(member, root) for member in shown], len(exc.exceptions) - len(shown)


def _members(link: Link, root: Path) -> list[str]:
    """What an exception group holds, each indented below a number."""
    count = len(link.members) + link.hidden
    parts = [
        f"  ---- {number} of {count} ----\n"
        + textwrap.indent(user_traceback(member[-1].exc, root), "  ")
        + "\n"
        for number, member in enumerate(link.members, 1)
    ]
    return [*parts, f"  ---- and {link.hidden} more ----\n"] if link.hidden else parts


def user_line(frame: FrameType | None, root: Path) -> Frame | None:
    """The innermost line of the user's code below a running frame."""
    while frame is not None:
        path = frame.f_code.co_filename
        if is_user_file(path, root):
            source = linecache.getline(path, frame.f_lineno).strip()
            return Frame(path, frame.f_lineno, frame.f_code.co_name, source)
        frame = frame.f_back
    return None
