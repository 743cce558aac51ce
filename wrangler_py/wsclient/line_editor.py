"""A line that is being typed: keys come in, finished lines come out. No terminal in here.

Not readline: a frame that arrives while somebody types must be written above the line and the
line be there again, cursor and all, which readline does not let others do.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["LineEditor"]

_KEYS = re.compile(r"\x1b\[[0-9;]*[A-Za-z~]|\x1bO[A-Za-z]|\x1b[^\[O]|[^\x1b]", re.DOTALL)
_WORD = re.compile(r"\S+\s*")
_HISTORY_LIMIT = 500


class LineEditor:
    """One line, its cursor, and the lines before it."""

    def __init__(self, history: list[str] | None = None) -> None:
        self.history = (history or [])[-_HISTORY_LIMIT:]
        self.text = ""
        self.cursor = 0
        self.is_over = False
        """Whether the end of input was typed (Ctrl-D on an empty line, or Ctrl-C)."""
        self._begun = ""
        self._place = len(self.history)
        self._draft = ""
        self._moves = {
            **dict.fromkeys(("\x1b[D", "\x1bOD", "\x02"), self._left),
            **dict.fromkeys(("\x1b[C", "\x1bOC", "\x06"), self._right),
            **dict.fromkeys(("\x1b[H", "\x1bOH", "\x1b[1~", "\x01"), self._home),
            **dict.fromkeys(("\x1b[F", "\x1bOF", "\x1b[4~", "\x05"), self._end),
            **dict.fromkeys(("\x1b[1;5D", "\x1bb"), self._word_left),
            **dict.fromkeys(("\x1b[1;5C", "\x1bf"), self._word_right),
            **dict.fromkeys(("\x1b[A", "\x1bOA", "\x10"), self._earlier),
            **dict.fromkeys(("\x1b[B", "\x1bOB", "\x0e"), self._later),
            **dict.fromkeys(("\x7f", "\x08"), self._backspace),
            **dict.fromkeys(("\x17", "\x1b\x7f"), self._erase_word),
            "\x1b[3~": self._delete,
            "\x15": self._erase_before,
            "\x0b": self._erase_after,
        }

    def press(self, keys: str) -> list[str]:
        """Take what was typed; the lines that it finished."""
        finished: list[str] = []
        keys, self._begun = self._begun + keys, ""
        place = 0
        while place < len(keys) and not self.is_over:
            found = _KEYS.match(keys, place)
            if found is None:
                self._begun = keys[place:]  # the rest of an escape sequence is on its way
                break
            place = found.end()
            self._press(found[0], finished)
        return finished

    def _press(self, key: str, finished: list[str]) -> None:
        if key in ("\r", "\n"):
            finished.append(self._take())
        elif key == "\x03" or (key == "\x04" and not self.text):
            self.is_over = True
        elif key == "\x04":
            self._delete()
        elif move := self._moves.get(key):
            move()
        elif key == "\t" or key.isprintable():
            self._replace(self.cursor, self.cursor, key)

    def view(self, width: int) -> tuple[str, int]:
        """The part of the line that fits ``width`` columns, and the cursor's column in it."""
        start = self.cursor
        used = 0
        while start > 0 and used + _columns(self.text[start - 1]) < width:
            start -= 1
            used += _columns(self.text[start])
        stop, column = self.cursor, used
        while stop < len(self.text) and used + _columns(self.text[stop]) < width:
            used += _columns(self.text[stop])
            stop += 1
        return self.text[start:stop].replace("\t", " "), column

    def _take(self) -> str:
        line = self.text
        if line and self.history[-1:] != [line]:
            self.history.append(line)
            del self.history[:-_HISTORY_LIMIT]
        self._place, self._draft = len(self.history), ""
        self._set("")
        return line

    def _set(self, text: str) -> None:
        self.text, self.cursor = text, len(text)

    def _replace(self, start: int, stop: int, text: str) -> None:
        self.text = self.text[:start] + text + self.text[stop:]
        self.cursor = start + len(text)

    def _left(self) -> None:
        self.cursor = max(self.cursor - 1, 0)

    def _right(self) -> None:
        self.cursor = min(self.cursor + 1, len(self.text))

    def _home(self) -> None:
        self.cursor = 0

    def _end(self) -> None:
        self.cursor = len(self.text)

    def _word_left(self) -> None:
        words = [found.start() for found in _WORD.finditer(self.text) if found.start()]
        self.cursor = max((place for place in words if place < self.cursor), default=0)

    def _word_right(self) -> None:
        found = _WORD.match(self.text, self.cursor)
        self.cursor = found.end() if found else len(self.text)

    def _backspace(self) -> None:
        if self.cursor:
            self._replace(self.cursor - 1, self.cursor, "")

    def _delete(self) -> None:
        self._replace(self.cursor, self.cursor + 1, "")

    def _erase_word(self) -> None:
        stop = self.cursor
        self._word_left()
        self._replace(self.cursor, stop, "")

    def _erase_before(self) -> None:
        self._replace(0, self.cursor, "")

    def _erase_after(self) -> None:
        self._replace(self.cursor, len(self.text), "")

    def _earlier(self) -> None:
        if self._place == len(self.history):
            self._draft = self.text
        if self._place > 0:
            self._place -= 1
            self._set(self.history[self._place])

    def _later(self) -> None:
        if self._place < len(self.history):
            self._place += 1
            last = self._place == len(self.history)
            self._set(self._draft if last else self.history[self._place])


def _columns(char: str) -> int:
    """How wide a terminal draws ``char``."""
    if unicodedata.combining(char) or unicodedata.category(char) in ("Cf", "Mn"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
