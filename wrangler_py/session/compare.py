"""Compares what the server said then with what it says now, under the rules."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from ..server.traffic import Pairs
from .json_path import Step, shown
from .lines import Digest
from .rules import Rules
from .swaps import SHORTEST, Swaps

__all__ = ["Comparison", "brief"]

_LONGEST = 200
"""Characters of a value that a report shows."""
_DIFF_LINES = 30
_ABSENT = object()


class Comparison:
    """Compares; what the rules pass over is noted as a swap when ``learn`` is said."""

    def __init__(self, rules: Rules, swaps: Swaps) -> None:
        self._rules = rules
        self._swaps = swaps
        self._learning = True

    def data(
        self, expected: str | bytes, got: str | bytes, digest: Digest | None, *, learn: bool = True
    ) -> list[str]:
        """How bodies or messages differ, a line for each place; empty: they do not."""
        self._learning = learn
        if digest is not None:
            return _digests(digest, Digest.of(got))
        if isinstance(expected, str) is not isinstance(got, str):
            kinds = ["text" if isinstance(each, str) else "binary" for each in (expected, got)]
            return [f"expected {kinds[0]}, got {kinds[1]}: {brief(got)}"]
        if isinstance(expected, str) and isinstance(got, str):
            return self._texts(expected, got)
        assert isinstance(expected, bytes)
        assert isinstance(got, bytes)
        try:
            return self._texts(expected.decode(), got.decode())
        except UnicodeDecodeError:
            return _binary(expected, got)

    def begins(self, expected: bytes, got: bytes) -> bool:
        """Whether ``got`` begins with ``expected``: all that a client saw before it went."""
        try:
            said, now = self._masked(self._swaps.now(expected.decode()), got.decode())
        except UnicodeDecodeError:
            return got.startswith(expected)
        return now.startswith(said)

    def headers(self, expected: Pairs, got: Pairs) -> list[str]:
        """How headers differ."""
        self._learning = True
        return list(self._header_lines(_by_name(expected), _by_name(got)))

    def _header_lines(
        self, expected: dict[str, list[str]], got: dict[str, list[str]]
    ) -> Iterator[str]:
        for name in sorted({*expected, *got} - self._rules.ignored_headers):
            before, now = expected.get(name, []), got.get(name, [])
            if name == "set-cookie":
                yield from self._cookies(before, now)
            elif len(before) != len(now):
                yield f"header {name}: expected {_values(before)}, got {_values(now)}"
            else:
                for one, other in zip(before, now, strict=True):
                    if not self._same(one, other):
                        yield f"header {name}: expected {brief(one)}, got {brief(other)}"

    def _cookies(self, expected: list[str], got: list[str]) -> Iterator[str]:
        """A long value is a session's: the client will send back the one of this time."""
        before, now = dict(map(_cookie, expected)), dict(map(_cookie, got))
        for name in sorted({*before, *now}):
            if name not in before or name not in now:
                here, there = name in before, name in now
                yield f"cookie {name}: {_presence(here)} expected, {_presence(there)} now"
                continue
            (value, attributes), (new_value, new_attributes) = before[name], now[name]
            if len(value) >= SHORTEST and len(new_value) >= SHORTEST:
                self._swaps.learn(value, new_value)
            elif not self._same(value, new_value):
                yield f"cookie {name}: expected {brief(value)}, got {brief(new_value)}"
            if not self._same(attributes, new_attributes):
                yield f"cookie {name}: expected{attributes}, got{new_attributes}"

    def _texts(self, expected: str, got: str) -> list[str]:
        expected = self._swaps.now(expected)
        if expected == got:
            return []
        parsed = _parsed(expected), _parsed(got)
        if _ABSENT not in parsed:
            return list(self._values(*parsed, ()))
        said, now = self._masked(expected, got)
        return [] if said == now else _lines(said, now)

    def _values(self, expected: Any, got: Any, steps: tuple[Step, ...]) -> Iterator[str]:
        if steps and any(path.matches(steps) for path in self._rules.ignored_json):
            self._note(expected, got)
        elif expected is _ABSENT or got is _ABSENT:
            yield f"{shown(steps)}: expected {_of_json(expected)}, got {_of_json(got)}"
        elif isinstance(expected, dict) and isinstance(got, dict):
            for key in {**expected, **got}:
                deeper = expected.get(key, _ABSENT), got.get(key, _ABSENT)
                yield from self._values(*deeper, (*steps, key))
        elif isinstance(expected, list) and isinstance(got, list):
            for index in range(max(len(expected), len(got))):
                deeper = _at(expected, index), _at(got, index)
                yield from self._values(*deeper, (*steps, index))
        elif not self._same_leaf(expected, got):
            yield f"{shown(steps)}: expected {_of_json(expected)}, got {_of_json(got)}"

    def _same_leaf(self, expected: Any, got: Any) -> bool:
        if type(expected) is type(got) and expected == got:
            return True
        if isinstance(expected, bool | None) or isinstance(got, bool | None):
            return False
        numbers = isinstance(expected, int | float) and isinstance(got, int | float)
        if numbers or (isinstance(expected, str) and isinstance(got, str)):
            return expected == got or self._same(str(expected), str(got))
        return False

    def _same(self, expected: str, got: str) -> bool:
        said, now = self._masked(self._swaps.now(expected), got)
        return said == now

    def _masked(self, expected: str, got: str) -> tuple[str, str]:
        """Both with what the rules replace replaced."""
        for pattern, name in self._rules.replacements:
            before = [found[0] for found in pattern.finditer(expected)]
            now = [found[0] for found in pattern.finditer(got)]
            if len(before) == len(now):
                for old, new in zip(before, now, strict=True):
                    self._note(old, new)
            expected, got = pattern.sub(name, expected), pattern.sub(name, got)
        return expected, got

    def _note(self, old: Any, new: Any) -> None:
        if self._learning and all(isinstance(each, str | int | float) for each in (old, new)):
            self._swaps.learn(str(old), str(new))


def _by_name(pairs: Pairs) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name.lower(), []).append(value)
    return found


def _cookie(line: str) -> tuple[str, tuple[str, str]]:
    pair, found, attributes = line.partition(";")
    name, _, value = pair.partition("=")
    return name.strip(), (value.strip(), found + attributes)


def _presence(there: bool) -> str:
    return "set" if there else "not set"


def _values(found: Sequence[str]) -> str:
    return ", ".join(map(brief, found)) if found else "none"


def _parsed(text: str) -> Any:
    """The value of a JSON object or array; anything else is text."""
    if text.lstrip()[:1] not in ("{", "["):
        return _ABSENT
    try:
        return json.loads(text)
    except ValueError:
        return _ABSENT


def _at(values: list[Any], index: int) -> Any:
    return values[index] if index < len(values) else _ABSENT


def _of_json(value: Any) -> str:
    return "nothing" if value is _ABSENT else brief(json.dumps(value, ensure_ascii=False))


def brief(data: object) -> str:
    """A value in a report, cut when it is long."""
    if isinstance(data, bytes):
        text = f"{len(data)} bytes {data[:24].hex(' ')}{' ...' if len(data) > 24 else ''}"
    else:
        text = str(data)
    text = text if text.isprintable() else repr(text)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text)} characters)"


def _lines(expected: str, got: str) -> list[str]:
    """How texts differ, line by line when there are several."""
    if "\n" not in expected.strip() and "\n" not in got.strip():
        return [f"expected {brief(expected)}", f"got      {brief(got)}"]
    before, now = expected.splitlines(), got.splitlines()
    found = list(difflib.unified_diff(before, now, "expected", "got", n=1, lineterm=""))[2:]
    if not found:
        return ["the line ends differ"]
    more = len(found) - _DIFF_LINES
    shortened = [f"... {more} more lines"] if more > 0 else []
    return [line[:_LONGEST] for line in found[:_DIFF_LINES]] + shortened


def _binary(expected: bytes, got: bytes) -> list[str]:
    if expected == got:
        return []
    pairs = enumerate(zip(expected, got, strict=False))
    place = next((at for at, (one, other) in pairs if one != other), min(map(len, (expected, got))))
    return [f"expected {brief(expected)}", f"got      {brief(got)}", f"from byte {place} on"]


def _digests(expected: Digest, got: Digest) -> list[str]:
    if expected == got:
        return []
    sizes = f"expected {expected.length} bytes, got {got.length}"
    return [sizes if expected.length != got.length else f"{sizes}, of other content (SHA-256)"]
