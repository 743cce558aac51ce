"""What is wrong with a text that is not JSON, in V8's words.

Python's parser says something else, so a text that failed is read again here.

Source: https://github.com/v8/v8/blob/main/src/common/message-template.h
"""

from __future__ import annotations

import re

from .errors import JsException, error

_SPACE = re.compile(r"[ \t\n\r]*")
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
_NEW_LINE = re.compile(r"\r\n|\r|\n")
_HEX = re.compile(r"[0-9A-Fa-f]*")
_DIGITS = re.compile(r"[0-9]*")
_SPECIAL = ("NaN", "Infinity", "undefined", "[object Object]")
_WORDS = {"t": "true", "f": "false", "n": "null"}
_AROUND = 10
_END = "Unexpected end of JSON input"


class _Wrong(Exception):
    """The first thing that is wrong."""


def json_error(text: str) -> JsException:
    """The SyntaxError for ``text``, which is not JSON."""
    try:
        if text in _SPECIAL:
            raise _Wrong(f'"{text}" is not valid JSON')
        _Scanner(text).document()
    except _Wrong as wrong:
        return error(str(wrong), "SyntaxError")
    except RecursionError:
        return error("Maximum call stack size exceeded", "RangeError")
    return error(_END, "SyntaxError")


def _line_and_column(text: str, place: int) -> tuple[int, int]:
    lines = _NEW_LINE.split(text[:place])
    return len(lines), len(lines[-1]) + 1


class _Scanner:
    """Reads JSON strictly; raises at the first thing that is wrong."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0

    def document(self) -> None:
        self.value()
        if self.peek():
            self.fail("Unexpected non-whitespace character after JSON", within="")

    def peek(self) -> str:
        """The next character that is no space, or nothing."""
        self.skip(_SPACE)
        return self.text[self.place : self.place + 1]

    def skip(self, pattern: re.Pattern[str]) -> int:
        """Pass what matches; how much it was."""
        found = pattern.match(self.text, self.place)
        start, self.place = self.place, found.end() if found else self.place
        return self.place - start

    def fail(self, message: str, within: str = " in JSON") -> None:
        line, column = _line_and_column(self.text, self.place)
        place = f"{self.place} (line {line} column {column})"
        raise _Wrong(f"{message}{within} at position {place}")

    def unexpected(self) -> None:
        """Raise `Unexpected token 'x', "..." is not valid JSON`, with some text around it."""
        text, place = self.text, self.place
        if place >= len(text):
            raise _Wrong(_END)
        start, end = max(0, place - _AROUND), min(len(text), place + _AROUND)
        if len(text) <= 2 * _AROUND:
            start, end = 0, len(text)
        before, after = "..." if start else "", "..." if end < len(text) else ""
        shown = f'{before}"{text[start:end]}"{after}'
        raise _Wrong(f"Unexpected token '{text[place]}', {shown} is not valid JSON")

    def value(self) -> None:
        char = self.peek()
        if char == "{":
            self.object()
        elif char == "[":
            self.array()
        elif char == '"':
            self.string()
        elif char and char in "-0123456789":
            self.number()
        else:
            if not char or char not in _WORDS:
                self.unexpected()
            for letter in _WORDS[char]:
                if self.text[self.place : self.place + 1] != letter:
                    self.unexpected()
                self.place += 1

    def object(self) -> None:
        self.place += 1
        if self.peek() == "}":
            self.place += 1
            return
        expected = "Expected property name or '}'"
        while True:
            if self.peek() != '"':
                self.fail(expected)
            self.string()
            if self.peek() != ":":
                self.fail("Expected ':' after property name")
            self.place += 1
            self.value()
            if self.more("}", "Expected ',' or '}' after property value"):
                return
            expected = "Expected double-quoted property name"

    def array(self) -> None:
        self.place += 1
        if self.peek() == "]":
            self.place += 1
            return
        while True:
            self.value()
            if self.more("]", "Expected ',' or ']' after array element"):
                return

    def more(self, end: str, expected: str) -> bool:
        """Pass a comma, or the end: whether it was the end."""
        char = self.peek()
        if char not in (",", end) or not char:
            self.fail(expected)
        self.place += 1
        return char == end

    def string(self) -> None:
        self.place += 1
        while True:
            self.skip(_PLAIN)
            char = self.text[self.place : self.place + 1]
            if char == "":
                self.fail("Unterminated string")
            if char < " ":
                self.fail("Bad control character in string literal")
            self.place += 1
            if char == '"':
                return
            self.escape()

    def escape(self) -> None:
        char = self.text[self.place : self.place + 1]
        if char == "":
            self.fail("Unterminated string")
        if char not in '"\\/bfnrtu':
            self.fail("Bad escaped character")
        self.place += 1
        if char == "u":
            start = self.place
            if self.skip(_HEX) < 4:
                self.fail("Bad Unicode escape")
            self.place = start + 4

    def number(self) -> None:
        if self.text[self.place] == "-":
            self.place += 1
            if not self.text[self.place : self.place + 1].isdecimal():
                self.fail("No number after minus sign")
        zero = self.text[self.place] == "0"
        if self.skip(_DIGITS) > 1 and zero:
            self.place -= 1
            self.fail("Unexpected number")
        if self.text[self.place : self.place + 1] == ".":
            self.place += 1
            if not self.skip(_DIGITS):
                self.fail("Unterminated fractional number")
        if self.text[self.place : self.place + 1] in ("e", "E"):
            self.place += 1
            if self.text[self.place : self.place + 1] in ("+", "-"):
                self.place += 1
            if not self.skip(_DIGITS):
                self.fail("Exponent part is missing a number")
