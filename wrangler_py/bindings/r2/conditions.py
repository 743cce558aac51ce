"""`onlyIf`: when an operation is done at all.

Source: https://developers.cloudflare.com/r2/api/workers/workers-api-reference/#conditional-operations
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ...js.errors import error

__all__ = ["Condition", "Etag", "parse_etags"]


class Etag(NamedTuple):
    value: str | None
    """None: any (`*`)."""
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """What has to hold of the object that is there; times in milliseconds since 1970."""

    matches: tuple[Etag, ...] | None = None
    differs: tuple[Etag, ...] | None = None
    before: float | None = None
    after: float | None = None
    seconds: bool = False
    """Whether times are compared by whole seconds, as those of HTTP headers are."""

    def holds(self, etag: str, uploaded: float) -> bool:
        """Whether it holds of an object; a condition on etags goes over the one on times."""
        matched = self.matches is None or _any(self.matches, etag, weakly=False)
        differs = self.differs is None or not _any(self.differs, etag, weakly=True)
        at = self._time(uploaded)
        after = (
            self.after is None
            or self._time(self.after) < at
            or (self.differs is not None and differs)
        )
        before = (
            self.before is None
            or at < self._time(self.before)
            or (self.matches is not None and matched)
        )
        return matched and differs and after and before

    def holds_of_nothing(self) -> bool:
        """Whether it holds where there is no object."""
        return self.matches is None and self.after is None

    def _time(self, ms: float) -> float:
        return ms // 1000 * 1000 if self.seconds else ms


def _any(etags: tuple[Etag, ...], etag: str, *, weakly: bool) -> bool:
    return any(
        each.value is None or (each.value == etag and (weakly or not each.weak)) for each in etags
    )


def parse_etags(text: str) -> tuple[Etag, ...]:
    """The value of an `If-Match` header; what is no etag ends it.

    Raises: JsException: an etag is not whole, or the comma between two is missing.
    """
    found: list[Etag] = []
    rest, needs_comma = text.lstrip(" \t"), False
    while rest:
        kind = rest[0]
        if kind not in ',*W"':
            break
        if kind == ",":
            rest, needs_comma = rest[1:].lstrip(" \t"), False
            continue
        if needs_comma:
            raise error(f"Comma was expected to separate etags. {_UNEXPECTED[kind]}")
        if kind == "*":
            return (Etag(None),)
        etag, rest = _first(rest)
        found.append(etag)
        needs_comma, rest = True, rest.lstrip(" \t")
    return tuple(found)


_UNEXPECTED = {
    "*": "Encountered a wildcard character '*' instead.",
    "W": "Encountered a weak quotation character 'W' instead. "
    "This would otherwise indicate the start of a new weak etag.",
    '"': "Encountered a double quote character '\"' instead. "
    "This would otherwise indicate the start of a new strong etag.",
}


def _first(text: str) -> tuple[Etag, str]:
    weak = text[0] == "W"
    if weak and not text.startswith('W/"'):
        raise error("Weak etags must start with W/ and their value must be quoted")
    value, quote, rest = text[3 if weak else 1 :].partition('"')
    if not quote:
        raise error("Unclosed double quote for Etag")
    return Etag(value, weak), rest
