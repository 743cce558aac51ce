"""A parsed file whose every complaint knows its line."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import date, time
from typing import TypeAlias, TypeVar

from wrangler_py.config.model import JsonValue
from wrangler_py.errors import ConfigError

__all__ = ["Lines", "Path", "Section", "closest"]

Path: TypeAlias = tuple[str | int, ...]
"""The way from the top of a document to a value: keys and list positions."""
Lines: TypeAlias = dict[Path, int]

_T = TypeVar("_T", bound=str)


def closest(word: str, known: Collection[str]) -> str | None:
    """A question that names the known word nearest to ``word``; None if nothing is near."""
    import difflib  # 5 ms that a file without mistakes need not wait for

    near = difflib.get_close_matches(word, known, n=1, cutoff=0.7)
    return f'did you mean "{near[0]}"?' if near else None


class Section:
    """One table of a configuration file: readers that check what they read.

    Each reader returns None (or nothing) for an absent key and raises ConfigError for a wrong type.
    """

    def __init__(self, name: str, value: JsonValue, lines: Lines, path: Path = ()) -> None:
        self._name = name
        self._lines = lines
        self._path = path
        if not isinstance(value, dict):
            raise self._mistyped(path, "an object", value)
        self._value = value

    def __contains__(self, key: str) -> bool:
        return key in self._value

    def __iter__(self) -> Iterator[str]:
        return iter(self._value)

    def raw(self, key: str) -> JsonValue:
        """The value as the file holds it."""
        return self._value.get(key)

    def where(self, key: str | None = None) -> str:
        """`file:line path`, for a message."""
        return self._place(self._path if key is None else (*self._path, key))

    def text(self, key: str) -> str | None:
        """A string."""
        value = self._value.get(key)
        if value is None or isinstance(value, str):
            return value
        raise self._mistyped((*self._path, key), "a string", value)

    def needed(self, key: str, hint: str) -> str:
        """A string that must be there and not be empty."""
        value = self.text(key)
        if not value:
            raise ConfigError(f"an entry has no `{key}`", where=self.where(), hint=hint)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings."""
        value = self._list(key)
        for index, item in enumerate(value):
            if not isinstance(item, str):
                raise self._mistyped((*self._path, key, index), "a string", item)
        return tuple(str(item) for item in value)

    def choice(self, key: str, known: Collection[_T]) -> _T | None:
        """A string out of a few."""
        value = self.text(key)
        if value is None:
            return None
        for one in known:
            if one == value:
                return one
        names = " or ".join(json.dumps(one) for one in known)
        raise ConfigError(
            f"`{key}` must be {names}, not {json.dumps(value)}",
            where=self.where(key),
            hint=closest(value, known),
        )

    def number(self, key: str, low: float, high: float) -> float | None:
        """A number within bounds."""
        value = self._value.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._mistyped((*self._path, key), "a number", value)
        if not low <= value <= high:
            raise ConfigError(
                f"`{key}` must be between {low:g} and {high:g}, not {value:g}",
                where=self.where(key),
            )
        return value

    def table(self, key: str) -> Section | None:
        """An object."""
        value = self._value.get(key)
        if value is None:
            return None
        return Section(self._name, value, self._lines, (*self._path, key))

    def tables(self, key: str) -> Iterator[Section]:
        """A list of objects."""
        for index, item in enumerate(self._list(key)):
            yield Section(self._name, item, self._lines, (*self._path, key, index))

    def _list(self, key: str) -> list[JsonValue]:
        value = self._value.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._mistyped((*self._path, key), "a list", value)
        return value

    def _mistyped(self, path: Path, kind: str, value: JsonValue) -> ConfigError:
        bare = isinstance(value, date | time)  # TOML has them, JSON does not
        shown = str(value) if bare else json.dumps(value, default=str)
        shown = shown if len(shown) <= 60 else f"{shown[:57]}..."
        return ConfigError(
            f"{f'`{_spell(path)}`' if path else 'the file'} must be {kind}, not {shown}",
            where=self._place(path),
            hint='put it in quotes: "..."' if kind == "a string" else None,
        )

    def _place(self, path: Path) -> str:
        known = path
        while known and known not in self._lines:
            known = known[:-1]
        return f"{self._name}:{self._lines.get(known, 1)} {_spell(path)}".rstrip()


def _spell(path: Path) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")
