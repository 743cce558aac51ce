"""One WebSocket from its 101 to its end, as the terminal tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

from ..log import Level, log, printable
from ..web.websocket_state import ABNORMAL
from .traffic import Side

__all__ = ["Life", "Passed", "duration", "size"]


_RELOADED = 1012


@dataclass(frozen=True, slots=True)
class Passed:
    """The messages that went one way."""

    messages: int
    bytes: int
    """Of their payloads, uncompressed."""

    def __str__(self) -> str:
        return f"{self.messages} msg {size(self.bytes)}"


class Life:
    """What is known of one WebSocket besides its bytes."""

    __slots__ = ("_ending", "number", "path", "since")

    def __init__(self, number: int, path: str) -> None:
        self.number, self.path = number, path
        self.since = monotonic()
        self._ending: tuple[int | None, str, Side | None] | None = None

    @property
    def seconds(self) -> float:
        """Its age."""
        return monotonic() - self.since

    def ending(self, code: int | None, reason: str, by: Side) -> None:
        """Somebody ends it; the first one to do so is the one who did."""
        if self._ending is None:
            self._ending = code, reason, by

    def ended(self, received: Passed, sent: Passed) -> None:
        """It is over: say so."""
        if not log.enabled(Level.INFO):
            return
        code, reason, by = self._ending or (ABNORMAL, "", None)
        seconds = self.seconds
        log.event(
            "websocket_close",
            f"WS {printable(self.path)} #{self.number} {_farewell(code, reason, by)}",
            note=f"({duration(seconds)}, {received} in, {sent} out)",
            prefix=True,
            socket=self.number,
            path=self.path,
            code=code,
            reason=reason,
            by=_who(code, by),
            seconds=round(seconds, 3),
            messages_in=received.messages,
            bytes_in=received.bytes,
            messages_out=sent.messages,
            bytes_out=sent.bytes,
        )


def _farewell(code: int | None, reason: str, by: Side | None) -> str:
    said = "closed without a code" if code is None else f"closed {code}"
    if reason:
        said += f' "{printable(reason)}"'
    return f"{said} by {_who(code, by)}" if by else f"{said}, connection lost"


def _who(code: int | None, by: Side | None) -> str:
    if by is None:
        return "lost"
    if by is Side.TOOL:
        return "reload" if code == _RELOADED else "server"
    return str(by)


def duration(seconds: float) -> str:
    """``seconds`` as a person says them."""
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f}ms"
    if seconds < 59.95:
        return f"{seconds:.1f}s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}m {rest:02}s"
    return f"{minutes // 60}h {minutes % 60:02}m"


def size(count: int) -> str:
    """``count`` bytes as a person says them."""
    if count < 1000:
        return f"{count} B"
    for unit in ("KB", "MB", "GB"):
        count_of = count / 1000
        if count_of < 999.95 or unit == "GB":
            break
        count = round(count_of)
    return f"{count_of:.1f}".removesuffix(".0") + f" {unit}"
