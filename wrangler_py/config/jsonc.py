"""JSON with comments and trailing commas, which remembers where each key stands.

Strict in everything else: what wrangler refuses is refused here, with line and column.
Differs: of a key that stands twice the last one counts, as in wrangler.
"""

from __future__ import annotations

import json
import re

from wrangler_py.config.source import Path, Places
from wrangler_py.config.values import JsonValue
from wrangler_py.errors import ConfigError

__all__ = ["parse"]

_GAP = re.compile(r"(?:[ \t\r\n]+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?P<real>\.\d+)?(?P<exponent>[eE][+-]?\d+)?")
_WORDS: dict[str, JsonValue] = {"true": True, "false": False, "null": None}
_DEPTH = 100
_DECODER = json.JSONDecoder()


def parse(text: str, name: str) -> tuple[JsonValue, Places]:
    """The value of ``text``, and the place of each path in it.

    Raises: ConfigError at the first character that is not JSONC; ``name`` is what to call the file.
    """
    return _Parser(text.removeprefix("\ufeff"), name).document()


class _Parser:
    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name
        self.at = 0
        self.places: Places = {}

    def document(self) -> tuple[JsonValue, Places]:
        value = self.value(())
        self.skip()
        if self.at < len(self.text):
            raise self.problem("something follows the end of the document")
        return value, self.places

    def value(self, path: Path) -> JsonValue:
        self.skip()
        self.places[path] = self.place()
        if len(path) > _DEPTH:
            raise self.problem("nested too deeply")
        match self.text[self.at : self.at + 1]:
            case "{":
                return self.object(path)
            case "[":
                return self.array(path)
            case '"':
                return self.string()
            case _:
                return self.scalar()

    def object(self, path: Path) -> dict[str, JsonValue]:
        found: dict[str, JsonValue] = {}
        self.at += 1
        while not self.closes("}"):
            place = self.place()
            if self.peek() != '"':
                raise self.problem("a key must be a string", hint="keys stand in double quotes")
            key = self.string()
            self.expect(":", f'after the key "{key}"')
            found[key] = self.value((*path, key))
            self.places[*path, key] = place
            self.separate("}")
        return found

    def array(self, path: Path) -> list[JsonValue]:
        found: list[JsonValue] = []
        self.at += 1
        while not self.closes("]"):
            found.append(self.value((*path, len(found))))
            self.separate("]")
        return found

    def string(self) -> str:
        try:
            found, self.at = _DECODER.raw_decode(self.text, self.at)
        except json.JSONDecodeError as error:
            self.at = error.pos
            raise self.problem(error.msg[0].lower() + error.msg[1:].removesuffix(" at")) from None
        return str(found)

    def scalar(self) -> JsonValue:
        for word, value in _WORDS.items():
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return value
        number = _NUMBER.match(self.text, self.at)
        if number is None:
            missing = self.text[self.at : self.at + 1] in ("", "}", "]", ",")
            raise self.problem("a value is missing" if missing else "this is no value")
        self.at = number.end()
        return (float if number["real"] or number["exponent"] else int)(number[0])

    def skip(self) -> None:
        gap = _GAP.match(self.text, self.at)
        self.at = gap.end() if gap else self.at
        if self.text.startswith("/*", self.at):
            raise self.problem("a comment is not closed", hint="end it with */")

    def peek(self) -> str:
        self.skip()
        return self.text[self.at : self.at + 1]

    def closes(self, bracket: str) -> bool:
        """Step over ``bracket`` if it is next; what else is next must be there."""
        if self.peek() == bracket:
            self.at += 1
            return True
        if self.at == len(self.text):
            raise self.problem(f'the file ends before "{bracket}"')
        return False

    def separate(self, bracket: str) -> None:
        """Step over a comma; only ``bracket`` may stand in its place."""
        if self.peek() == ",":
            self.at += 1
        elif self.peek() != bracket:
            hint = "is a comma missing on the line before?"
            raise self.problem(f'"," or "{bracket}" expected', hint=hint)

    def expect(self, sign: str, place: str) -> None:
        if self.peek() != sign:
            raise self.problem(f'"{sign}" expected {place}')
        self.at += 1

    def place(self) -> tuple[int, int]:
        """Line and column of what comes next."""
        line = self.text.count("\n", 0, self.at) + 1
        return line, self.at - self.text.rfind("\n", 0, self.at)

    def problem(self, text: str, *, hint: str | None = None) -> ConfigError:
        line, column = self.place()
        return ConfigError(
            f"not valid JSON: {text}", where=f"{self.name}:{line}:{column}", hint=hint
        )
