"""Where a part of a script's text ends, behind a `<!--` in it.

Implements: https://html.spec.whatwg.org/#script-data-escape-start-state, and the states after it
"""

from __future__ import annotations

import re

from .lexemes import TextType

__all__ = ["Incomplete", "end_of_script_text"]

_SCRIPT = re.compile(rb"(/?)script([ \t\n\r\f/>])?", re.IGNORECASE)
_DASHES = {
    TextType.ESCAPED: TextType.ESCAPED_DASHES,
    TextType.DOUBLE_ESCAPED: TextType.DOUBLE_DASHES,
}
_PLAIN = {dashes: plain for plain, dashes in _DASHES.items()}


_BETWEEN = re.compile(rb"[^-<]*")


class Incomplete(Exception):
    """More bytes are needed to tell."""

    def __init__(self, seen: int = 0, kind: TextType | None = None) -> None:
        """``seen``: up to where a script's text was read, and in which state: see ``resume``."""
        super().__init__()
        self.seen, self.kind = seen, kind


def end_of_script_text(
    buffer: bytes, start: int, kind: TextType, resume: tuple[int, TextType] | None = None
) -> tuple[int, TextType]:
    """Where the part that begins at ``start`` ends, and how to go on there.

    ``resume``: where an earlier call for it got to, so that nothing is read twice.

    Raises: Incomplete.
    """
    if resume is not None:
        return _end(buffer, *resume)
    at = start
    if kind is TextType.SCRIPT:  # at a `<!`
        if not buffer.startswith(b"<!--", start):
            if b"<!--".startswith(buffer[start : start + 4]):
                raise Incomplete
            return start + 2, TextType.SCRIPT
        at, kind = start + 4, TextType.ESCAPED_DASHES
    elif kind is TextType.ESCAPED and buffer.startswith(b"<", start):
        at, kind = _behind_script(buffer, start + 1, TextType.DOUBLE_ESCAPED, TextType.ESCAPED)
    elif kind is TextType.DOUBLE_ESCAPED and buffer.startswith(b"<", start):
        at, kind = _double_less_than(buffer, start)
    return _end(buffer, at, kind)


def _end(buffer: bytes, at: int, kind: TextType) -> tuple[int, TextType]:
    """The same, from within the text."""
    while at < len(buffer):
        sign = buffer[at]
        is_dashes = kind in _PLAIN
        if sign == ord("<"):
            if kind is not TextType.DOUBLE_DASHES:
                return at, _PLAIN.get(kind, kind)
            try:
                at, kind = _double_less_than(buffer, at)
            except Incomplete:
                break
            continue
        if sign == ord(">") and is_dashes:
            return at, TextType.SCRIPT
        if sign == ord("-"):
            if not is_dashes:
                if at + 1 == len(buffer):
                    break
                if buffer[at + 1] == ord("-"):
                    at, kind = at + 2, _DASHES[kind]
                    continue
            at += 1
        else:
            kind = _PLAIN.get(kind, kind)
            at = _BETWEEN.match(buffer, at).end()  # type: ignore[union-attr]
    raise Incomplete(at, kind)


def _double_less_than(buffer: bytes, at: int) -> tuple[int, TextType]:
    """At a `<`, double escaped: `</script` leads out."""
    if at + 1 == len(buffer):
        raise Incomplete
    if buffer[at + 1] != ord("/"):
        return at + 1, TextType.DOUBLE_ESCAPED
    return _behind_script(buffer, at + 1, TextType.ESCAPED, TextType.DOUBLE_ESCAPED)


def _behind_script(
    buffer: bytes, at: int, then: TextType, otherwise: TextType
) -> tuple[int, TextType]:
    """Behind the word `script`, with or without a `/` before it: a space or the like decides."""
    found = _SCRIPT.match(buffer, at)
    if found is None:
        if b"/script".startswith(buffer[at:].lower()):
            raise Incomplete
        return at, otherwise
    if found[2] is not None:
        return found.end(), then
    if found.end() == len(buffer):
        raise Incomplete
    return found.end(), otherwise
