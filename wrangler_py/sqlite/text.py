"""Reading SQL text without running it: its statements, what each does, its placeholders.

SQLite itself parses; this finds where one statement ends and whether it writes, which
Python's sqlite3 module does not tell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(
    r"""
      (?P<space>[\s\x0b\x0c]+|--[^\n]*|/\*.*?(?:\*/|\Z))
    | (?P<quoted>'(?:[^']|'')*(?:'|\Z) | "(?:[^"]|"")*(?:"|\Z)
      | `(?:[^`]|``)*(?:`|\Z) | \[[^\]]*(?:\]|\Z))
    | (?P<param>\?\d*|[:@$][\w$]+)
    | (?P<word>[^\W\d][\w$]*)
    | (?P<end>;)
    | (?P<other>\d[\w.]*|.)
    """,
    re.VERBOSE | re.DOTALL,
)

_READS = frozenset(("SELECT", "VALUES", "EXPLAIN"))
_VERBS = frozenset(("SELECT", "VALUES", "INSERT", "REPLACE", "UPDATE", "DELETE"))


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of SQL that means something: neither blank nor comment."""

    kind: str
    """`quoted`, `param`, `word`, `end` (a semicolon) or `other`."""
    text: str
    start: int
    """Its offset in the text, in characters."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a script's SQL."""

    text: str
    verb: str
    """Its main keyword in upper case: SELECT, INSERT, CREATE, PRAGMA, ..."""
    writes: bool
    """Whether it may change the database file."""
    configures: bool
    """Whether it sets a pragma, which lasts as long as the connection."""
    names: tuple[tuple[str, int], ...]
    """Distinct placeholders that have a name or a number (`:a`, `?2`), and their positions."""
    has_bare: bool
    """Whether there are placeholders that are just `?`."""
    count: int
    """How many values it takes."""


def tokens(sql: str) -> list[Token]:
    """Everything but whitespace and comments."""
    return [
        Token(match.lastgroup, match.group(), match.start())
        for match in _TOKEN.finditer(sql)
        if match.lastgroup is not None and match.lastgroup != "space"
    ]


@lru_cache(maxsize=512)
def statements(sql: str) -> tuple[Statement, ...]:
    """The statements of ``sql``; the last has the verb "" where nothing but text follows."""
    found: list[Statement] = []
    current: list[Token] = []
    start = 0
    for token in tokens(sql):
        if token.kind == "end" and not current:
            continue  # SQLite skips semicolons before a statement
        current.append(token)
        if token.kind == "end" and _is_complete(current):
            stop = token.start + 1
            found.append(_statement(sql[start:stop], current, skip=bool(found)))
            start, current = stop, []
    if current or not found or sql[start:].strip():
        found.append(_statement(sql[start:], current, skip=bool(found)))
    return tuple(found)


def without_comments(sql: str) -> str:
    """``sql`` with nothing for each comment, but the end of its line."""

    def kept(match: re.Match[str]) -> str:
        return "" if match.lastgroup == "space" and match.group()[0] in "-/" else match.group()

    return _TOKEN.sub(kept, sql)


def numbered(sql: str, places: Mapping[int, int] | None = None) -> str:
    """``sql`` with each placeholder as `?N`; ``places``: another N for each position."""
    last, parts = 0, []
    for token, number in _numbers(tokens(sql)):
        parts += [sql[last : token.start], f"?{places[number] if places else number}"]
        last = token.start + len(token.text)
    return "".join([*parts, sql[last:]])


def _numbers(tokens: list[Token]) -> list[tuple[Token, int]]:
    """Each placeholder and its position, as SQLite numbers them."""
    named: dict[str, int] = {}
    found: list[tuple[Token, int]] = []
    highest = 0
    for token in tokens:
        if token.kind != "param":
            continue
        if token.text[1:].isdigit() and token.text[0] == "?":
            number = int(token.text[1:])
        elif token.text == "?":
            number = highest + 1
        else:
            number = named.setdefault(token.text, highest + 1)
        highest = max(highest, number)
        found.append((token, number))
    return found


def _is_complete(tokens: list[Token]) -> bool:
    """Whether a semicolon ends the statement: inside a trigger's body it does not."""
    words = [t.text.upper() for t in tokens[:3]]
    if words[:1] == ["CREATE"] and "TRIGGER" in words:
        return [t.text.upper() for t in tokens[-3:-1]] == [";", "END"]
    return True


def _statement(text: str, tokens: list[Token], skip: bool) -> Statement:
    """``skip``: white space in front does not count in an error's offset."""
    verb = _verb(tokens)
    params = _numbers(tokens)
    return Statement(
        text.lstrip() if skip else text,
        verb,
        verb not in _READS and verb != "PRAGMA",
        verb == "PRAGMA" and not _is_question(tokens),
        tuple(dict.fromkeys((t.text, number) for t, number in params if t.text != "?")),
        any(t.text == "?" for t, _ in params),
        max((number for _, number in params), default=0),
    )


def _verb(tokens: list[Token]) -> str:
    words = [t for t in tokens if t.kind != "end"]
    if not words:
        return ""
    first = words[0].text.upper()
    if first != "WITH":
        return first
    depth = 0
    for token in words:
        if token.text in "()":
            depth += 1 if token.text == "(" else -1
        elif depth == 0 and token.kind == "word" and token.text.upper() in _VERBS:
            return token.text.upper()
    return "SELECT"


def _is_question(tokens: list[Token]) -> bool:
    """Whether a PRAGMA only reads: it has no value, or names a table to describe."""
    words = [t.text for t in tokens if t.kind != "end"]
    name = words[1].lower() if len(words) > 1 else ""
    return len(words) <= 2 or name.startswith(("table_", "index_", "foreign_key_"))
