"""What stands above everything else: who speaks, and what the Worker finds on `env`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Protocol

from ..bindings.registry import Row, rows
from ..config.model import Config
from ..log import log, printable

if TYPE_CHECKING:
    from ..runtime.worker import Worker

__all__ = ["Shown", "bindings_tables"]

_HEADS = ("Binding", "Resource", "Mode")
_GAP = 4
_INTRO = "{} access to the following bindings:"
_ALONE = "Your Worker has"


class Shown(Protocol):
    """A Worker of this process."""

    config: Config

    @property
    def title(self) -> str | None:
        """What tells it from others; None: there are no others."""

    @property
    def worker(self) -> Worker | None:
        """Its code, if that has loaded."""


def bindings_tables(workers: Sequence[Shown]) -> list[str]:
    """For each Worker, a row for each name on its `env`, and where its tail events go."""
    running = {each.config.name for each in workers if each.worker is not None}
    return [_of_one(each, running) for each in workers]


def _of_one(shown: Shown, running: Collection[str]) -> str:
    config, worker = shown.config, shown.worker
    found = rows(config, () if worker is None else worker.durable_classes())
    cells = [tuple(map(printable, _cells(row, running))) for row in found]
    whose = _ALONE if shown.title is None else f"{shown.title} has"
    table = f"{_INTRO.format(whose)}\n{_table(cells)}\n" if cells else ""
    return table + _tails(config, running)


def _cells(row: Row, running: Collection[str]) -> tuple[str, str, str]:
    mode = row.mode if row.worker is None else f"{row.mode} {_connection(row.worker, running)}"
    return row.name, row.resource, mode


def _connection(name: str, running: Collection[str]) -> str:
    return "[connected]" if name in running else "[not connected]"


def _tails(config: Config, running: Collection[str]) -> str:
    consumers = [each.service for each in config.bindings.tail_consumers]
    if not consumers:
        return ""
    lines = [f"- {printable(name)} {_connection(name, running)}\n" for name in consumers]
    return f"{config.name} is sending Tail events to the following Workers:\n{''.join(lines)}\n"


def _table(cells: Sequence[Sequence[str]]) -> str:
    wide = [max(map(len, column)) + _GAP for column in zip(_HEADS, *cells, strict=True)]

    def line(row: Sequence[str]) -> str:
        return "".join(map(str.ljust, row, wide)).rstrip()

    return "".join(f"{text}\n" for text in (log.dimmed(line(_HEADS)), *map(line, cells)))
