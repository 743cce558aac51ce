"""What stands above everything else: who speaks, and what the Worker finds on `env`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..bindings.registry import rows
from ..config.model import Config
from ..log import log, printable

__all__ = ["bindings_table"]

_HEADS = ("Binding", "Resource", "Mode")
_GAP = 4
_INTRO = "Your Worker has access to the following bindings:"


def bindings_table(config: Config, classes: Iterable[str]) -> str:
    """A row for each name on `env`; ``classes`` are the Durable Objects that a script exports."""
    cells = [tuple(map(printable, row)) for row in rows(config, classes)]
    return f"{_INTRO}\n{_table(cells)}\n" if cells else ""


def _table(cells: Sequence[Sequence[str]]) -> str:
    wide = [max(map(len, column)) + _GAP for column in zip(_HEADS, *cells, strict=True)]

    def line(row: Sequence[str]) -> str:
        return "".join(map(str.ljust, row, wide)).rstrip()

    return "".join(f"{text}\n" for text in (log.dimmed(line(_HEADS)), *map(line, cells)))
