"""What a selector says.

Implements: https://www.w3.org/TR/selectors-4/
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Compound", "Is", "Nth", "Selector", "Test", "Value"]


class Is(NamedTuple):
    """The element's type; None: any, "": none."""

    name: str | None


class Nth(NamedTuple):
    """`an + b` among the parent's children, or among those of its type."""

    step: int
    offset: int
    of_type: bool

    def holds(self, index: int) -> bool:
        rest = index - self.offset
        if self.step == 0:
            return rest == 0
        return rest % self.step == 0 and rest // self.step >= 0


class Value(NamedTuple):
    """An attribute's value."""

    attribute: str
    operator: str
    """Empty: the attribute is there."""
    value: str = ""
    any_case: bool | None = False
    """None: in HTML."""


Test = Is | Nth | Value


class Compound(NamedTuple):
    """Tests, each with whether it must fail, and how the next compound to the left is related."""

    tests: tuple[tuple[Test, bool], ...]
    combinator: str
    """`>`, a space, or empty for the leftmost one."""


Selector = tuple[Compound, ...]
"""From right to left."""
