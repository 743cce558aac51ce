"""Paths into JSON values: the part of JSONPath that names what to pass over.

Implements: https://www.rfc-editor.org/rfc/rfc9535, sections 2.3.1 to 2.3.3 and 2.5
Differs: no slices and no filters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["JsonPath", "Step", "shown"]

Step = str | int
_PART = re.compile(
    r"""(?P<deep>\.\.)?(?:
        \.?(?P<name>[^\W\d][\w-]*) | \.?(?P<any>\*)
        | \[(?:(?P<index>\d+)|(?P<all>\*)|'(?P<single>[^']*)'|"(?P<double>[^"]*)")\]
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class JsonPath:
    """`$.user.id`, `$.items[*].at`, `$..createdAt`."""

    text: str
    _parts: tuple[tuple[bool, Step | None], ...]
    """Each part: whether it may be at any depth below, and the step; None is any."""

    @classmethod
    def of(cls, text: str) -> JsonPath:
        """
        Raises:
            ValueError: it is no path.
        """
        parts: list[tuple[bool, Step | None]] = []
        position = 1
        while text.startswith("$") and position < len(text):
            found = _PART.match(text, position)
            if found is None or (not found["deep"] and text[position] not in ".["):
                break
            step: Step | None = found["name"] or found["single"] or found["double"]
            if found["index"]:
                step = int(found["index"])
            parts.append((bool(found["deep"]), step))
            position = found.end()
        if not parts or position < len(text):
            raise ValueError(f'"{text}" is no path like $.user.id, $.items[*].at or $..createdAt')
        return cls(text, tuple(parts))

    def matches(self, steps: tuple[Step, ...]) -> bool:
        """Whether ``steps`` from the top lead to what the path names."""
        return _matches(self._parts, steps)


def _matches(parts: tuple[tuple[bool, Step | None], ...], steps: tuple[Step, ...]) -> bool:
    if not parts or not steps:
        return not parts and not steps
    deep, wanted = parts[0]
    if (wanted is None or wanted == steps[0]) and _matches(parts[1:], steps[1:]):
        return True
    return deep and _matches(parts, steps[1:])


def shown(steps: tuple[Step, ...]) -> str:
    """The path of ``steps``, as a rule would name it."""

    def part(step: Step) -> str:
        if isinstance(step, int):
            return f"[{step}]"
        return f".{step}" if re.fullmatch(r"[^\W\d][\w-]*", step) else f"['{step}']"

    return "$" + "".join(map(part, steps))
