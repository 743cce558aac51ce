"""What came out of a replay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Difference", "Report"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the server did otherwise."""

    line: int
    """Of the session's file."""
    conversation: int
    """The `id` there."""
    where: str
    """`GET /page`, or `WebSocket /ws`."""
    what: str
    details: tuple[str, ...] = ()

    def render(self, file: str) -> str:
        head = f"{file}:{self.line}: {self.where} ({self.conversation}): {self.what}"
        return "\n    ".join([head, *self.details])


@dataclass(slots=True)
class Report:
    """How a replay went."""

    path: Path
    differences: list[Difference] = field(default_factory=list)
    requests: int = 0
    sockets: int = 0
    sent: int = 0
    """WebSocket messages of the clients."""
    compared: int = 0
    """Answers, messages and closes of the server that were looked at."""
    seconds: float = 0
    cut: bool = False
    """The session's last line was not whole."""
    updated: int = 0
    """Lines that were written anew."""

    @property
    def same(self) -> bool:
        """Whether the server did what it did then."""
        return not self.differences

    def check(self) -> None:
        """
        Raises:
            AssertionError: something differs; its text is the report.
        """
        if self.differences:
            raise AssertionError(f"\n{self}")

    @property
    def summary(self) -> str:
        played = [
            _count(self.requests, "request"),
            _count(self.sockets, "WebSocket"),
            _count(self.sent, "message"),
        ]
        found = _count(len(self.differences), "difference") if self.differences else "as recorded"
        if self.updated:
            found += ", written into the session"
        return (
            f"{', '.join(played)} played; {_count(self.compared, 'answer')} compared: {found} "
            f"({self.seconds:.1f} s)"
        )

    def __str__(self) -> str:
        found = [each.render(str(self.path)) for each in self.differences]
        if self.cut:
            found.append(f"{self.path}: the last line is not whole, and is left out")
        return "\n".join([*found, self.summary])

    def as_object(self) -> Mapping[str, Any]:
        """For `--json`."""
        row = asdict(self)
        return {**row, "path": str(self.path), "same": self.same, "seconds": round(self.seconds, 3)}


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
