"""Content types by a file's extension, as `wrangler` sends them with each file that it uploads.

Source: npm `mime`, by way of miniflare; `content_types.txt` is recorded.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

__all__ = ["TABLE", "content_type"]

TABLE = Path(__file__).with_name("content_types.txt")
"""A type and its extensions on each line."""


@cache
def _types() -> dict[str, str]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return {name: kind for kind, *names in map(str.split, lines) for name in names}


def content_type(path: str) -> str | None:
    """The Content-Type of the file at ``path``; None: it has none."""
    stem, dot, extension = path.rpartition("/")[2].rpartition(".")
    if not dot or not stem:
        return None
    kind = _types().get(extension.lower())
    return f"{kind}; charset=utf-8" if kind and kind.startswith("text/") else kind
