"""A stream of events, read line by line.

Implements: https://html.spec.whatwg.org/#event-stream-interpretation
Differs, as workerd does: an `id` counts at once; CR and LF in two chunks are two ends of a line.
"""

from __future__ import annotations

import re

__all__ = ["EventStream", "Message"]

_END = re.compile(rb"\r\n|\n|\r")
_DIGITS = re.compile(r"[0-9]+")
_BOM = b"\xef\xbb\xbf"
_LEAST_MS, _USUAL_MS, _MOST_MS = 1000, 2000, 10_000


class Message:
    """What a server sent, up to an empty line."""

    def __init__(self) -> None:
        self.data: list[str] = []
        self.event: str | None = None
        self.id = ""


class EventStream:
    """The state of a stream, which outlives its connections."""

    def __init__(self) -> None:
        self.last_id = ""
        self.reconnection_ms = _USUAL_MS
        self.begin()

    def begin(self) -> None:
        """A new connection begins."""
        self._kept = b""
        self._pending: Message | None = None
        self._is_first = True

    def feed(self, chunk: bytes) -> list[Message]:
        """The messages that ``chunk`` completes."""
        if self._is_first:
            self._is_first = False
            chunk = chunk.removeprefix(_BOM)
        found: list[Message] = []
        at = 0
        for end in _END.finditer(chunk):
            line = self._kept + chunk[at : end.start()]
            self._kept, at = b"", end.end()
            self._line(line.decode("utf-8", "replace"), found)
        self._kept += chunk[at:]
        return found

    def _line(self, line: str, found: list[Message]) -> None:
        if not line:
            if self._pending is not None:
                self._pending.id = self.last_id
                found.append(self._pending)
                self._pending = None
        elif not line.startswith(":"):
            field, _, value = line.partition(":")
            self._field(field, value.removeprefix(" "))

    def _field(self, field: str, value: str) -> None:
        if self._pending is None:
            self._pending = Message()
        if field == "data":
            self._pending.data.append(value)
        elif field == "event":
            self._pending.event = value
        elif field == "id":
            self.last_id = value
        elif field == "retry" and _DIGITS.fullmatch(value):
            self.reconnection_ms = max(min(int(value), _MOST_MS), _LEAST_MS)
