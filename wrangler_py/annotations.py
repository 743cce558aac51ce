"""What GitHub shows beside the code: annotations, and the summary of a step.

Both are written only where they are read: with `GITHUB_ACTIONS` and `GITHUB_STEP_SUMMARY` set.
Annotations go to standard error, which the runner reads as it reads standard output, so that what
a command prints (`--json`) stays clean.

Source: https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from wrangler_py.errors import WranglerError

__all__ = ["annotate", "annotate_failure", "on_github", "summarize"]

_PLACE = re.compile(r"(?P<file>[^\s:][^:]*?):(?P<line>\d+)(?::\d+)?(?!\S)")
"""How `WranglerError.where` names a line: `wrangler.toml:14 [vars]`, `wrangler.jsonc:3:7`."""


def on_github() -> bool:
    """Whether annotations are shown: in a job of GitHub Actions."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def annotate(
    level: Literal["error", "warning", "notice"],
    message: str,
    file: str | Path | None = None,
    line: int | None = None,
    title: str | None = None,
) -> None:
    """Show ``message`` at a line of the pull request; elsewhere than on GitHub nothing happens.

    ``file`` is taken from the current folder on; GitHub gets it from the repository's root on.
    """
    if not on_github():
        return
    facts = {"file": _from_the_root(file) if file else None, "line": line, "title": title}
    properties = ",".join(
        f"{name}={_property(str(value))}" for name, value in facts.items() if value is not None
    )
    command = f"::{level} {properties}" if properties else f"::{level}"
    try:
        sys.stderr.write(f"{command}::{_data(message)}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        return  # the reader went away: that is no reason to fail


def annotate_failure(error: WranglerError, title: str | None = None) -> None:
    """Show one of our errors where it says that it happened."""
    place = _PLACE.match(error.where or "")
    file, line = (place["file"], int(place["line"])) if place else (None, None)
    hint = [f"hint: {error.hint}"] if error.hint else []
    elsewhere = [f"at {error.where}"] if error.where and not place else []
    annotate("error", "\n".join([error.message, *elsewhere, *hint]), file, line, title)


def summarize(heading: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Add a table to the summary of this step, as Markdown; nothing where there is none."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    lines = [f"### {heading}", "", _row(columns), _row(["---"] * len(columns))]
    text = "\n".join([*lines, *(_row([_cell(str(cell)) for cell in row]) for row in rows)])
    try:
        with open(path, "a", encoding="utf-8") as summary:
            summary.write(f"{text}\n\n")
    except OSError:
        return  # a summary that cannot be written does not fail the step


def _from_the_root(file: str | Path) -> str:
    path = Path(file).absolute()
    for root in (os.environ.get("GITHUB_WORKSPACE"), Path.cwd()):
        if root and path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return path.as_posix()


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    for sign, shown in {"&": "&amp;", "<": "&lt;", "\\": "\\\\", "|": "\\|"}.items():
        text = text.replace(sign, shown)
    return "<br>".join(text.splitlines())
