"""Another program, run to its end; nobody is there to answer its questions."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

__all__ = ["run_to_its_end"]


def run_to_its_end(
    line: str | Sequence[str],
    folder: Path,
    say: Callable[[str], None],
    env: Mapping[str, str] | None = None,
) -> int:
    """Run ``line``, by the shell if it is a text, in ``folder``; its exit code.

    ``say`` gets each line that it printed.
    """
    done = subprocess.run(
        line,
        shell=isinstance(line, str),
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    for text in done.stdout.splitlines():
        say(text)
    return done.returncode
