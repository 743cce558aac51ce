"""`python_modules`, which Cloudflare's own tool fills for Pyodide: what this Python cannot load.

Source: https://developers.cloudflare.com/workers/languages/python/packages/
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

__all__ = ["foreign_names"]

_MARKS = ("emscripten", "wasm32", "pyodide")


def foreign_names(folder: Path) -> frozenset[str]:
    """The top-level modules in ``folder`` that have a part that is compiled for Pyodide."""
    try:
        changed = folder.stat().st_mtime_ns
    except OSError:
        return frozenset()
    return _foreign_names(folder, changed)


@lru_cache(maxsize=16)
def _foreign_names(folder: Path, _changed: int) -> frozenset[str]:
    found = set()
    for parent, _, files in os.walk(folder):
        for file in files:
            if file.endswith(".so") and any(mark in file for mark in _MARKS):
                inside = Path(parent, file).relative_to(folder)
                found.add(inside.parts[0].partition(".")[0])
    return frozenset(found)
