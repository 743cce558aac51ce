"""What recorders share: a program of Node's is asked, and its answers are written down by name.

Recorders alone need Node; tests read what they wrote.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["DATE", "ask_node", "write_answers"]

DATE = "2026-11-01"
"""The compatibility date of what is asked."""


def ask_node(script: Path, folder: str, asked: Any, *, seconds: float = 120) -> Any:
    """What ``script`` answers to ``asked``, JSON both; ``folder`` has its `node_modules`."""
    done = subprocess.run(
        ["node", str(script), folder],
        input=json.dumps(asked),
        stdout=subprocess.PIPE,
        text=True,
        timeout=seconds,
        check=True,
    )
    return json.loads(done.stdout)


def write_answers(path: Path, answers: Mapping[str, Any], *, spread: bool = False) -> None:
    """One answer a line; with ``spread`` each is a list, and each of its items has a line."""
    rows = (f"{json.dumps(name)}: {_row(answer, spread)}" for name, answer in answers.items())
    path.parent.mkdir(exist_ok=True)
    path.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


def _row(answer: Any, spread: bool) -> str:
    if not spread:
        return json.dumps(answer, sort_keys=True)
    return "[\n" + ",\n".join(json.dumps(each, sort_keys=True) for each in answer) + "\n]"
