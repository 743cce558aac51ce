"""A table of text as wrangler draws it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

__all__ = ["table"]

_EMOJI_STYLE = "\ufe0f"


def table(rows: Sequence[Mapping[str, str]]) -> str:
    """``rows`` in boxes, below the names of the first one."""
    heads = list(rows[0])
    lines = [[_lines(name) for name in heads]]
    lines += [[_lines(row[name]) for name in heads] for row in rows]
    wide = [max(_width(text) for row in lines for text in row[i]) for i in range(len(heads))]
    between = _rule("├┼┤", wide)
    drawn = f"\n{between}\n".join(_row(cells, wide) for cells in lines)
    return f"{_rule('┌┬┐', wide)}\n{drawn}\n{_rule('└┴┘', wide)}"


def _lines(text: str) -> list[str]:
    return text.replace("\t", " ").split("\n")


def _rule(corners: str, wide: Sequence[int]) -> str:
    left, middle, right = tuple(corners)
    return left + middle.join("─" * (width + 2) for width in wide) + right


def _row(cells: Sequence[Sequence[str]], wide: Sequence[int]) -> str:
    def cell(lines: Sequence[str], number: int, width: int) -> str:
        text = lines[number] if number < len(lines) else ""
        return f" {text}{' ' * (width - _width(text))} "

    return "\n".join(
        f"│{'│'.join(cell(each, number, w) for each, w in zip(cells, wide, strict=True))}│"
        for number in range(max(map(len, cells)))
    )


def _width(text: str) -> int:
    """How many columns a terminal takes for ``text``."""
    return sum(map(_columns, text))


def _columns(char: str) -> int:
    if char == _EMOJI_STYLE:
        return 1  # it makes a sign as wide as an emoji; wrangler counts it beside wide ones, too
    if unicodedata.combining(char) or unicodedata.category(char) in ("Cf", "Mn"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
