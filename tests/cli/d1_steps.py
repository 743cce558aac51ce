"""Play the steps of `table_d1.py` with some tool, and make its answers comparable."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .table_d1 import CONFIG

RECORDED = Path(__file__).parent / "recorded" / "d1.json"

Run = Callable[[Path, list[str]], dict[str, Any]]

_CHANGES = (
    (re.compile(r'"duration": [\d.]+'), '"duration": 0'),
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z"), "NOW"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"), "NOW"),
    (re.compile(r"Use --remote if you want to access the remote instance\.\n+"), ""),
    (re.compile(r"(Resource location: local) ?\n+"), r"\1\n\n"),
)


def play(folder: Path, steps: list[Any], run: Run) -> list[Any]:
    """The answer to each step; None to one that writes a file."""
    (folder / "wrangler.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    return [_play(folder, step, run) for step in steps]


def _play(folder: Path, step: Any, run: Run) -> Any:
    if isinstance(step, list):
        return run(folder, step)
    path = folder / step[1]
    if step[0] == "read":
        return normal(folder, path.read_text(encoding="utf-8"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(step[2], encoding="utf-8", newline="")
    return None


def normalised(folder: Path, out: str, error: str, code: int) -> dict[str, Any]:
    """What a command printed; which code a failure has is each tool's own."""
    out, error = (normal(folder, text).strip() for text in (out, error))
    return {"out": out, "error": error, "failed": code != 0}


def normal(folder: Path, text: str) -> str:
    """``text`` without what is different each time."""
    text = text.replace(str(folder), "FOLDER")
    for pattern, instead in _CHANGES:
        text = pattern.sub(instead, text)
    return text
