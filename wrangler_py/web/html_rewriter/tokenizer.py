"""Cuts HTML into pieces, chunk by chunk; what nobody changes stays as it was, to the byte.

Implements: https://html.spec.whatwg.org/#tokenization, as lol-html does: a part of a text ends
before each `<`, and behind a `<` that begins nothing; what is cut off by the end is no tag.
Differs: the text of `<script a=>` is a script's whoever looks, as the standard says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...js.errors import type_error
from .lexemes import Attribute, Comment, Doctype, EndTag, Lexeme, Raw, StartTag, Text, TextType
from .matching import TOO_MUCH
from .script_text import Incomplete, end_of_script_text
from .tree import Tree

__all__ = ["Tokenizer"]

_LIMIT = 3 * 1024 * 1024
"""Bytes of a piece that is not complete."""

_NAME = re.compile(rb"[A-Za-z][^ \t\n\r\f/>]*")
_LETTERS = re.compile(rb"[A-Za-z]+")
_BEFORE_ATTRIBUTE = re.compile(rb"[ \t\n\r\f/]*")
_ATTRIBUTE_NAME = re.compile(rb"[^ \t\n\r\f/>][^ \t\n\r\f/>=]*")
_EQUALS = re.compile(rb"[ \t\n\r\f]*(=[ \t\n\r\f]*)?")
_UNQUOTED = re.compile(rb"[^ \t\n\r\f>]*")
_END_OF_COMMENT = re.compile(rb"--!?>")
_OPEN_COMMENT = re.compile(rb"(--!?|-)$")
_IDS = re.compile(
    rb"""[ \t\n\r\f]*([^ \t\n\r\f]+)?[ \t\n\r\f]*
    (?:
        (?i:public)[ \t\n\r\f]*(?:"(?P<p1>[^"]*)(?P<pe1>")?|'(?P<p2>[^']*)(?P<pe2>')?)
        (?:[ \t\n\r\f]*(?:"(?P<s1>[^"]*)"?|'(?P<s2>[^']*)'?))?
        | (?i:system)[ \t\n\r\f]*(?:"(?P<s3>[^"]*)"?|'(?P<s4>[^']*)'?)
    )?""",
    re.VERBOSE,
)
_UP_TO_GREATER = re.compile(rb"<(?:/?[A-Za-z]|!--)")
"""What nothing but a `>` completes."""


class Tokenizer:
    """The pieces of one document."""

    def __init__(self) -> None:
        self.buffer = b""
        """What the pieces stand in, until the next chunk is fed."""
        self.consumed = 0
        """How much of it is cut already."""
        self._type = TextType.DATA
        self._last_start = b""
        self._tree = Tree()
        # Of a piece that is not complete, so that nothing is read twice, however it comes in:
        self._waits_for_greater = False
        self._attributes_read: tuple[int, list[Attribute]] | None = None
        """From where in the piece on there may be more of them."""
        self._script_read: tuple[int, TextType] | None = None

    def feed(self, data: bytes, *, last: bool = False) -> Iterator[Lexeme]:
        """Cut ``data``; what is not complete waits for more of it, but for the ``last``.

        Raises: JsException: the document is ambiguous, or a piece of it too large.
        """
        rest = self.buffer[self.consumed :]
        if rest and len(rest) + len(data) > _LIMIT:
            raise type_error(TOO_MUCH)
        self.buffer, self.consumed = rest + data if rest else data, 0
        if rest and self._waits_for_greater and not last and b">" not in data:
            return
        while self.consumed < len(self.buffer):
            try:
                piece = self._next(last)
            except Incomplete:
                if not last:
                    found = _UP_TO_GREATER.match(self.buffer, self.consumed)
                    self._waits_for_greater = self._type is TextType.DATA and found is not None
                    break
                piece = self._cut_off()
            self.consumed = piece.end
            self._attributes_read = self._script_read = None
            yield piece

    def _next(self, last: bool) -> Lexeme:
        at = self.consumed
        match self._type:
            case TextType.DATA:
                return self._in_data(at, last)
            case TextType.RCDATA:
                return self._text_up_to(b"<", at) or self._end_tag_of_text(at)
            case TextType.PLAIN:
                return Text(at, len(self.buffer))
            case TextType.CDATA:
                return self._text_up_to(b"]", at) or self._end_of_cdata(at)
            case _:
                return self._in_script(at)

    def _cut_off(self) -> Lexeme:
        """What stands at the end of the document and is not complete."""
        at, end = self.consumed, len(self.buffer)
        if self._type is not TextType.DATA:
            return self._cut_off_in_text(at, end)
        opening = self.buffer[at : at + 3]
        if self.buffer[at : at + 4] == b"<!--":
            text = self.buffer[at + 4 :]
            return Comment(at, end, b"" if text == b"-" else _OPEN_COMMENT.sub(b"", text))
        if self.buffer[at : at + 9].lower() == b"<!doctype":
            return Doctype(at, end, _ids(self.buffer[at + 9 :]))
        if opening[:2] == b"<!":
            return Comment(at, end, self.buffer[at + 2 :])
        if opening[:2] == b"<?":
            return Comment(at, end, self.buffer[at + 1 :])
        if opening in (b"<", b"</"):
            return Text(at, end)
        is_tag = _NAME.match(self.buffer, at + (2 if opening[1:2] == b"/" else 1))
        return Raw(at, end) if is_tag else Comment(at, end, self.buffer[at + 2 :])

    def _cut_off_in_text(self, at: int, end: int) -> Lexeme:
        """The text's own end tag, if its whole name is there, is a tag that is cut off."""
        ends = self._type in (TextType.RCDATA, TextType.SCRIPT, TextType.ESCAPED)
        if ends and self.buffer.startswith(b"</", at):
            name = _LETTERS.match(self.buffer, at + 2)
            if name is not None and name.end() < end and name[0].lower() == self._last_start:
                return Raw(at, end)
        return Text(at, end)

    # --- data

    def _in_data(self, at: int, last: bool) -> Lexeme:
        text = self._text_up_to(b"<", at)
        if text is not None:
            return text
        following = self.buffer[at + 1 : at + 2]
        if not following:
            raise Incomplete
        if following.isalpha():
            return self._start_tag(at)
        if following == b"/":
            return self._end_tag(at)
        if following == b"!":
            return self._declaration(at, last)
        if following == b"?":
            return self._bogus_comment(at, at + 1)
        return Text(at, at + 1)

    def _text_up_to(self, sign: bytes, at: int) -> Text | None:
        """The text before ``sign``, or before the end of the chunk."""
        found = self.buffer.find(sign, at)
        if found == at:
            return None
        return Text(at, len(self.buffer) if found < 0 else found)

    def _declaration(self, at: int, last: bool) -> Lexeme:
        rest = self.buffer[at + 2 : at + 9]
        if rest[:2] == b"--":
            return self._comment(at)
        if rest.lower() == b"doctype":
            end = self._find(b">", at + 9)
            return Doctype(at, end + 1, _ids(self.buffer[at + 9 : end]))
        if rest == b"[CDATA[" and self._tree.namespace != "html":
            self._type = TextType.CDATA
            return Raw(at, at + 9)
        if not last and _may_become(rest, b"--", b"doctype", b"[cdata["):
            raise Incomplete
        return self._bogus_comment(at, at + 2)

    def _comment(self, at: int) -> Comment:
        text = at + 4
        for opening in (b">", b"->"):
            if self.buffer.startswith(opening, text):
                return Comment(at, text + len(opening), b"")
        end = _END_OF_COMMENT.search(self.buffer, text)
        if end is None:
            raise Incomplete
        return Comment(at, end.end(), self.buffer[text : end.start()])

    def _bogus_comment(self, at: int, text: int) -> Comment:
        end = self._find(b">", text)
        return Comment(at, end + 1, self.buffer[text:end])

    def _find(self, sign: bytes, at: int) -> int:
        found = self.buffer.find(sign, at)
        if found < 0:
            raise Incomplete
        return found

    # --- tags

    def _start_tag(self, at: int) -> StartTag:
        name = _NAME.match(self.buffer, at + 1)
        assert name is not None
        end, attributes, self_closing = self._attributes(name.end())
        tag = StartTag(at, end, name[0], attributes, self_closing)
        self._type = self._tree.start(tag)
        self._last_start = tag.name
        return tag

    def _end_tag(self, at: int) -> Lexeme:
        name = _NAME.match(self.buffer, at + 2)
        if name is not None:
            return self._ended(at, name)
        following = self.buffer[at + 2 : at + 3]
        if not following:
            raise Incomplete
        if following == b">":
            return Raw(at, at + 3)
        return self._bogus_comment(at, at + 2)

    def _ended(self, at: int, name: re.Match[bytes]) -> EndTag:
        tag = EndTag(at, self._attributes(name.end())[0], name[0])
        self._tree.end(tag)
        self._type = TextType.DATA
        return tag

    def _attributes(self, at: int) -> tuple[int, list[Attribute], bool]:
        """The end of a tag, its attributes, and whether `/>` closes it."""
        buffer = self.buffer
        found: list[Attribute] = []
        if self._attributes_read is not None:
            read, found = self._attributes_read
            at = self.consumed + read
        elif buffer.startswith(b">", at):  # most tags have none
            return at + 1, found, False
        while True:
            between = _BEFORE_ATTRIBUTE.match(buffer, at)[0]  # type: ignore[index]
            at += len(between)
            name = _ATTRIBUTE_NAME.match(buffer, at)
            if name is None:
                if at == len(buffer):
                    raise Incomplete
                return at + 1, found, between.endswith(b"/")
            equals = _EQUALS.match(buffer, name.end())
            if equals is None or equals.end() == len(buffer):
                raise Incomplete
            if equals[1] is None:
                found.append(Attribute(name[0], b"", name[0]))
                at = equals.end()
                self._attributes_read = at - self.consumed, found
                continue
            at = equals.end()
            sign = buffer[at : at + 1]
            if sign == b">":
                return at + 1, [*found, Attribute(name[0], b"", name[0])], False
            if sign in (b'"', b"'"):
                end = self._find(sign, at + 1)
                value, at = buffer[at + 1 : end], end + 1
            else:
                value = _UNQUOTED.match(buffer, at)[0]  # type: ignore[index]
                at += len(value)
                if at == len(buffer):
                    raise Incomplete
            found.append(Attribute(name[0], value, buffer[name.start() : at]))
            self._attributes_read = at - self.consumed, found

    # --- other text

    def _end_tag_of_text(self, at: int, after: TextType = TextType.RCDATA) -> Lexeme:
        """At a `<`: the end tag of the element that the text is in, or a part of the text."""
        buffer = self.buffer
        if at + 1 == len(buffer):
            raise Incomplete
        self._type = after
        if buffer[at + 1 : at + 2] != b"/":
            return Text(at, at + 1)
        letters = _LETTERS.match(buffer, at + 2)
        end = at + 2 if letters is None else letters.end()
        if end == len(buffer):
            raise Incomplete
        if letters is None or letters[0].lower() != self._last_start:
            return Text(at, end)
        if buffer[end] not in b" \t\n\r\f/>":
            return Text(at, end)
        return self._ended(at, letters)

    def _end_of_cdata(self, at: int) -> Lexeme:
        closing = self.buffer[at : at + 3]
        if closing == b"]]>":
            self._type = TextType.DATA
            return Raw(at, at + 3)
        if _may_become(closing, b"]]>"):
            raise Incomplete
        return Text(at, at + 1)

    def _in_script(self, at: int) -> Lexeme:
        kind = self._type
        if kind is TextType.SCRIPT:
            text = self._text_up_to(b"<", at)
            if text is not None:
                return text
            if self.buffer[at + 1 : at + 2] != b"!":
                return self._end_tag_of_text(at, TextType.SCRIPT)
        elif kind is TextType.ESCAPED and self.buffer[at : at + 1] == b"<":
            following = self.buffer[at + 1 : at + 7].lower()
            if following != b"script":
                if following[:1] == b"s" and _may_become(following, b"script"):
                    raise Incomplete
                return self._end_tag_of_text(at, TextType.ESCAPED)
        end, self._type = self._end_of_script_text(at, kind)
        return Text(at, end)

    def _end_of_script_text(self, at: int, kind: TextType) -> tuple[int, TextType]:
        read = self._script_read
        resume = None if read is None else (at + read[0], read[1])
        try:
            return end_of_script_text(self.buffer, at, kind, resume)
        except Incomplete as exc:
            if exc.kind is not None:
                self._script_read = exc.seen - at, exc.kind
            raise


def _may_become(start: bytes, *wholes: bytes) -> bool:
    """Whether more bytes could make one of ``wholes`` of ``start``."""
    lower = start.lower()
    return any(whole.startswith(lower) and lower != whole for whole in wholes)


def _ids(text: bytes) -> tuple[bytes | None, ...]:
    """Name, public and system identifier of a doctype."""
    found = _IDS.match(text)
    assert found is not None
    first, second = found["p1"], found["p2"]
    public = first if first is not None else second
    system = next((found[n] for n in ("s1", "s2", "s3", "s4") if found[n] is not None), None)
    if public is not None and not (found["pe1"] or found["pe2"]):
        system = None
    return found[1], public, system
