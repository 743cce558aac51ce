"""A parsed file whose every complaint knows its place."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator
from typing import TypeAlias, TypeVar

from wrangler_py.config.values import JsonValue
from wrangler_py.errors import ConfigError

__all__ = ["Path", "Places", "Section", "check_path", "closest", "spell"]

Path: TypeAlias = tuple[str | int, ...]
"""The way from the top of a document to a value: keys and list positions."""
Places: TypeAlias = dict[Path, tuple[int, int]]
"""Line and column, each counted from 1, of a key or a list's item."""

_T = TypeVar("_T", bound=str)


def closest(word: str, known: Collection[str]) -> str | None:
    """A question that names the known word nearest to ``word``; None if nothing is near."""
    import difflib  # 5 ms that a file without mistakes need not wait for

    near = difflib.get_close_matches(word, known, n=1, cutoff=0.7)
    return f'did you mean "{near[0]}"?' if near else None


def check_path(text: str, where: str) -> None:
    """
    Raises: ConfigError: nothing on a disk is called ``text``.
    """
    try:
        unusable = "\0" in text or not os.fsencode(text)
    except UnicodeEncodeError:  # half a character
        unusable = True
    if unusable and text:
        raise ConfigError(f"no file can be called {json.dumps(text)}", where=where)


def spell(path: Path) -> str:
    """`queues.consumers[0]`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


class Section:
    """One table of a configuration file whose types were checked (`validate`).

    Each reader returns None (or nothing) for an absent key.
    """

    def __init__(self, name: str, value: JsonValue, places: Places, path: Path = ()) -> None:
        self._name = name
        self._places = places
        self._path = path
        self.value = value if isinstance(value, dict) else {}

    def __contains__(self, key: str) -> bool:
        return key in self.value

    def __iter__(self) -> Iterator[str]:
        return iter(self.value)

    def raw(self, key: str) -> JsonValue:
        """The value as the file holds it."""
        return self.value.get(key)

    def where(self, key: str | None = None) -> str:
        """`file:line:column path`, for a message."""
        return self.place(() if key is None else (key,))

    def place(self, path: Path) -> str:
        """`file:line:column path` of what lies at ``path`` below this table."""
        known = whole = (*self._path, *path)
        while known and known not in self._places:
            known = known[:-1]
        line, column = self._places.get(known, (1, 1))
        return f"{self._name}:{line}:{column} {spell(whole)}".rstrip()

    def text(self, key: str) -> str | None:
        """A string."""
        value = self.value.get(key)
        return value if isinstance(value, str) else None

    def path_text(self, key: str) -> str | None:
        """A string that a file or folder can be called."""
        text = self.text(key)
        if text is not None:
            check_path(text, self.where(key))
        return text

    def needed(self, key: str, hint: str) -> str:
        """A string that must be there and not be empty."""
        value = self.text(key)
        if not value:
            raise ConfigError(f"an entry has no `{key}`", where=self.where(), hint=hint)
        return value

    def flag(self, key: str) -> bool | None:
        """true or false."""
        value = self.value.get(key)
        return value if isinstance(value, bool) else None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings."""
        return tuple(item for item in self._list(key) if isinstance(item, str))

    def choice(self, key: str, known: Collection[_T]) -> _T | None:
        """A string out of a few."""
        value = self.text(key)
        return next((one for one in known if one == value), None)

    def number(self, key: str, low: float, high: float) -> float | None:
        """A number.

        Raises: ConfigError when it is out of bounds.
        """
        value = self.value.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        if not low <= value <= high:
            raise ConfigError(
                f"`{key}` must be between {low:g} and {high:g}, not {value:g}",
                where=self.where(key),
            )
        return value

    def table(self, key: str) -> Section | None:
        """An object."""
        value = self.value.get(key)
        if not isinstance(value, dict):
            return None
        return Section(self._name, value, self._places, (*self._path, key))

    def tables(self, key: str) -> Iterator[Section]:
        """A list of objects."""
        for index, item in enumerate(self._list(key)):
            yield Section(self._name, item, self._places, (*self._path, key, index))

    def _list(self, key: str) -> list[JsonValue]:
        value = self.value.get(key)
        return value if isinstance(value, list) else []
