"""How frames are shown: for a person, as they are, or as one JSON object a line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Protocol

from .frames import Closed, Frame, Kind, meaning
from .pretty_json import pretty_json

__all__ = ["JsonLines", "Pretty", "Printer", "Raw"]

Write = Callable[[str], None]
"""Takes whole lines, without the last newline."""

_SHOWN_TEXT = 10_000
_SHOWN_BYTES = 256
_INDENT = " " * 11
# Control characters but for newline and tab, and those that turn the direction of writing.
_OBEYED = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069]")
_GREY, _SENT, _RECEIVED, _WRONG = "90", "32", "36", "31"


class Printer(Protocol):
    def opened(self, url: str, protocol: str | None) -> None: ...

    def frame(self, frame: Frame) -> None: ...

    def closed(self, closed: Closed) -> None: ...

    def note(self, text: str) -> None:
        """A word of ours, to a person."""


class Pretty:
    """Time, direction, and the data laid out."""

    def __init__(self, write: Write, *, color: bool, width: int, talkative: bool) -> None:
        """``talkative``: somebody sits there who wants to know that it is open, and ended."""
        self._write, self._color, self._talkative = write, color, talkative
        self._width = max(width - len(_INDENT), 20)

    def opened(self, url: str, protocol: str | None) -> None:
        if self._talkative:
            chosen = f", protocol {protocol}" if protocol else ""
            self.note(f"Connected to {url}{chosen}. /help lists the commands, Ctrl-D ends.")

    def frame(self, frame: Frame) -> None:
        mark, tint = (">", _SENT) if frame.sent else ("<", _RECEIVED)
        lines = self._body(frame).split("\n")
        time = self._tinted(_GREY, f"{frame.at:8.3f}")
        first = f"{time} {self._tinted(tint, mark)} {lines[0]}".rstrip()
        self._write("\n".join([first, *(f"{_INDENT}{line}" for line in lines[1:])]))

    def closed(self, closed: Closed) -> None:
        if closed.by_us and closed.code == 1000 and not self._talkative:
            return
        who = "us" if closed.by_us else "the server"
        said = f' "{_visible(closed.reason)}"' if closed.reason else ""
        text = f"closed by {who}: {closed.code}{said} ({meaning(closed.code)})"
        if closed.answer not in (None, closed.code):
            text += f", answered with {closed.answer}"
        if closed.code == 1006:
            text = f"{meaning(closed.code)} (1006){said}"
        mark = ">" if closed.by_us else "<"
        time = self._tinted(_GREY, f"{closed.at:8.3f}")
        self._write(f"{time} {mark} {text if closed.is_normal else self._tinted(_WRONG, text)}")

    def note(self, text: str) -> None:
        self._write(self._tinted(_GREY, text))

    def _body(self, frame: Frame) -> str:
        if frame.kind in (Kind.PING, Kind.PONG):
            data = frame.data.decode(errors="replace") if isinstance(frame.data, bytes) else ""
            took = f" after {frame.after * 1000:.1f} ms" if frame.after is not None else ""
            return f"{frame.kind.value}{f' {_visible(data)}' if data else ''}{took}"
        if isinstance(frame.data, bytes):
            return self._binary(frame.data)
        return self._text(frame.data)

    def _text(self, text: str) -> str:
        if len(text) > _SHOWN_TEXT:
            more = self._tinted(_GREY, f"... {len(text):,} characters; --raw shows all")
            return f"{_visible(text[:_SHOWN_TEXT])}\n{more}"
        safe = _visible(text)
        return pretty_json(safe, self._width, color=self._color) or safe

    def _binary(self, data: bytes) -> str:
        lines = [f"{len(data):,} byte{'' if len(data) == 1 else 's'}"]
        for start in range(0, min(len(data), _SHOWN_BYTES), 16):
            row = data[start : start + 16]
            seen = "".join(chr(b) if 32 <= b < 127 else "." for b in row)
            lines.append(f"{self._tinted(_GREY, f'{start:04x}')}  {row.hex(' '):<47}  {seen}")
        if len(data) > _SHOWN_BYTES:
            lines.append(self._tinted(_GREY, f"... {len(data) - _SHOWN_BYTES:,} more"))
        return "\n".join(lines)

    def _tinted(self, tint: str, text: str) -> str:
        return f"\033[{tint}m{text}\033[0m" if self._color else text


class Raw:
    """What was received and nothing else: text as it is, bytes in hexadecimal."""

    def __init__(self, write: Write, note: Write) -> None:
        """``note`` takes what is not data."""
        self._write, self._note = write, note

    def opened(self, url: str, protocol: str | None) -> None:
        return

    def frame(self, frame: Frame) -> None:
        if not frame.sent and frame.kind in (Kind.TEXT, Kind.BINARY):
            self._write(frame.data if isinstance(frame.data, str) else frame.data.hex())

    def closed(self, closed: Closed) -> None:
        if not closed.is_normal:
            said = f' "{closed.reason}"' if closed.reason else ""
            self._note(f"closed: {closed.code}{said} ({meaning(closed.code)})")

    def note(self, text: str) -> None:
        self._note(text)


class JsonLines:
    """One JSON object a line for whatever happens."""

    def __init__(self, write: Write) -> None:
        self._write = write

    def opened(self, url: str, protocol: str | None) -> None:
        self._event("open", 0, url=url, protocol=protocol)

    def frame(self, frame: Frame) -> None:
        data: dict[str, object] = {"data": frame.data}
        if isinstance(frame.data, bytes):
            data = {"hex": frame.data.hex()}
        if frame.after is not None:
            data["ms"] = round(frame.after * 1000, 3)
        direction = "sent" if frame.sent else "received"
        self._event(direction, frame.at, type=frame.kind.value, size=frame.size, **data)

    def closed(self, closed: Closed) -> None:
        by = "client" if closed.by_us else "server"
        self._event("close", closed.at, code=closed.code, reason=closed.reason, by=by)

    def note(self, text: str) -> None:
        self._write(json.dumps({"event": "message", "message": text}, separators=(",", ":")))

    def _event(self, name: str, at: float, **facts: object) -> None:
        entry = {"event": name, "at": round(at, 4), **facts}
        self._write(json.dumps(entry, separators=(",", ":")))


def _visible(text: str) -> str:
    """``text`` without what a terminal would obey, as JSON writes it; its lines stay lines."""
    if text.isprintable():
        return text
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text.replace("\r\n", "\n"))
