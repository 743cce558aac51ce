"""Which part of an object is asked for.

Source: https://developers.cloudflare.com/r2/api/workers/workers-api-reference/#ranged-reads
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from .refusals import Refused

__all__ = ["Range", "Span"]


class Span(NamedTuple):
    offset: int
    length: int


_HEADER = re.compile(r"\s*bytes\s*=", re.IGNORECASE)
_ONE = re.compile(r"\s*(\d+)?\s*-\s*(\d+)?\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Range:
    """Offset and length, or suffix, or a `Range` header."""

    offset: int | None = None
    length: int | None = None
    suffix: int | None = None
    header: str | None = None

    def of(self, size: int) -> Span:
        """The part of an object of ``size`` bytes.

        Raises: Refused: it has no such part. A header that asks for it gets the whole.
        """
        if self.header is not None:
            return _of_header(self.header, size) or Span(0, size)
        offset, length = self.offset or 0, self.length
        if self.suffix is not None:
            length = min(self.suffix, size)
            offset = size - length
        elif self.offset is None and self.length is None:
            if size == 0:
                raise Refused(10039)
            return Span(0, size)
        if length is None:
            length = size - offset
        if offset > size or length <= 0:
            raise Refused(10039)
        return Span(offset, min(length, size - offset))


def _of_header(header: str, size: int) -> Span | None:
    """The only range of a header; None: there is none, or not just one that can be given."""
    start = _HEADER.match(header)
    if start is None:
        return None
    found: list[Span] = []
    for each in header[start.end() :].split(","):
        one = _ONE.fullmatch(each)
        if one is None:
            return None
        first, last = one.groups()
        if first is None and last is None:
            return None
        if first is None:
            suffix = int(last)
            if suffix >= size:
                return None
            if suffix:
                found.append(Span(size - suffix, suffix))
            continue
        offset = int(first)
        end = size - 1 if last is None else min(int(last), size - 1)
        if offset >= size or (last is not None and offset > int(last)):
            return None
        found.append(Span(offset, end - offset + 1))
    return found[0] if len(found) == 1 else None
