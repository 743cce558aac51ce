"""What the server handed out then, and what it handed out instead this time."""

from __future__ import annotations

import re

__all__ = ["SHORTEST", "Swaps"]

SHORTEST = 8
"""Characters from which on a value is taken for an id: a shorter one stands for itself."""


class Swaps:
    """Replaces recorded ids, cookies and hosts by the ones of this time."""

    def __init__(self) -> None:
        self._new: dict[str, str] = {}
        self._patterns: dict[bool, re.Pattern[str] | None] = {}

    def learn(self, old: str, new: str) -> None:
        """A value was ``old`` then and is ``new`` now, if it is long enough to be an id."""
        if old != new and len(old) >= SHORTEST and len(new) >= SHORTEST:
            self.add(old, new)

    def add(self, old: str, new: str) -> None:
        if old != new:
            self._new[old] = new
            self._patterns.clear()

    def now(self, text: str) -> str:
        """What was said then, as it would be said now."""
        return self._swap(text, back=False)

    def then(self, text: str) -> str:
        """What is said now, as it would have been said then."""
        return self._swap(text, back=True)

    def now_data(self, data: bytes) -> bytes:
        """As `now`, for bytes; those that are no text stay as they are."""
        return self._swap_data(data, back=False)

    def then_data(self, data: bytes) -> bytes:
        return self._swap_data(data, back=True)

    def _swap_data(self, data: bytes, *, back: bool) -> bytes:
        try:
            return self._swap(data.decode(), back=back).encode()
        except UnicodeDecodeError:
            return data

    def _swap(self, text: str, *, back: bool) -> str:
        if not self._new:
            return text
        table = {new: old for old, new in self._new.items()} if back else self._new
        pattern = self._patterns.get(back)
        if pattern is None:
            # The longest first: `http://a:1` before `a:1`.
            longest = sorted(table, key=len, reverse=True)
            pattern = self._patterns[back] = re.compile("|".join(map(re.escape, longest)))
        return pattern.sub(lambda found: table[found[0]], text)
