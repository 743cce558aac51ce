"""A line of the table."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """One figure; ``ratio`` is ours to that of ``bare``: bare aiohttp, or what the name says."""

    name: str
    unit: str
    ours: float
    bare: float | None
    goal: str

    @property
    def ratio(self) -> float | None:
        return None if self.bare is None else self.ours / self.bare
