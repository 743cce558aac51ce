"""One document on its way through the handlers.

Source: https://github.com/cloudflare/lol-html/tree/main/src/rewriter
Differs: handlers run when somebody reads; workerd lets them run ahead up to the first output.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import Any, NamedTuple

from ...context import IoContext
from ...js.callbacks import invoke
from ...js.errors import type_error
from ...js.promise import future_of
from ..streams.callbacks import reason_of
from . import tokens
from .edits import Encoding, write
from .lexemes import Comment, Doctype, EndTag, Lexeme, StartTag, Text
from .matching import MOST_ATTRIBUTES, TOO_MUCH, Matcher, Open, Stack
from .selectors import Selector
from .tokenizer import Tokenizer
from .units import (
    CommentUnit,
    DoctypeUnit,
    ElementUnit,
    EndTagUnit,
    EndWork,
    TextUnit,
    Unit,
)

__all__ = ["Handlers", "Rewriting"]

_ENOUGH = 1 << 16
"""Bytes of a chunk whose output is passed on before all of it is done."""
_PATIENCE = 1024
"""How many pieces may come without a turn of the loop."""

Callback = Callable[..., Any]


class Handlers(NamedTuple):
    """What `on` or `onDocument` was given."""

    selectors: list[Selector] | None
    """None: of the document."""
    callbacks: dict[str, Callback]
    """By kind: element comments text doctype end."""


class _Handler:
    """A callback, and how many open elements it is for; of the document: always one."""

    __slots__ = ("callback", "users")

    def __init__(self, callback: Callback, users: int) -> None:
        self.callback = callback
        self.users = users


class _Entry(NamedTuple):
    """A selector's handlers."""

    matcher: Matcher
    element: _Handler | None
    inside: list[_Handler]


class Rewriting:
    """The handlers at work on one document."""

    def __init__(
        self, handlers: list[Handlers], encoding: Encoding, owner: IoContext | None, esi: bool
    ) -> None:
        self._encoding = encoding
        self._owner = owner
        self._tokenizer = Tokenizer()
        self._decoder: Any = None
        self._out: list[bytes] = []
        self._raw_from = 0
        """Up to where the tokenizer's buffer is written."""
        self._emits = True
        self._removing = 0
        """How many open elements have their content removed."""
        self._started = 0
        self._stack = Stack(esi)
        self._by_kind: dict[str, list[_Handler]] = {
            kind: [] for kind in ("element", "comments", "text", "doctype", "end")
        }
        self._entries = [self._entry(each) for each in handlers if each.selectors is not None]
        for each in handlers:
            if each.selectors is None:
                self._add(each, 1)
        self._ignores_text = not self._by_kind["text"]

    def _entry(self, handlers: Handlers) -> _Entry:
        assert handlers.selectors is not None
        added = self._add(handlers, 0)
        inside = [added[kind] for kind in ("comments", "text") if kind in added]
        matcher = Matcher(handlers.selectors, self._encoding.exactly)
        return _Entry(matcher, added.get("element"), inside)

    def _add(self, handlers: Handlers, users: int) -> dict[str, _Handler]:
        added = {kind: _Handler(each, users) for kind, each in handlers.callbacks.items()}
        for kind, handler in added.items():
            self._by_kind[kind].append(handler)
        return added

    async def run(self, source: AsyncGenerator[bytes, None]) -> AsyncIterator[bytes]:
        """The document ``source``, changed.

        Raises: JsException: what ``source``, the parser or a handler failed with.
        """
        try:
            try:
                async for chunk in source:
                    async with aclosing(self._feed(chunk)) as outputs:
                        async for output in outputs:
                            yield output
                async with aclosing(self._feed(b"", last=True)) as outputs:
                    async for output in outputs:
                        yield output
                await self._document_end()
            except Exception:
                if output := self._taken():
                    yield output
                raise
            if output := self._taken():
                yield output
        finally:
            await source.aclose()

    async def _feed(self, chunk: bytes, *, last: bool = False) -> AsyncGenerator[bytes, None]:
        self._raw_from = written = 0
        for number, lexeme in enumerate(self._tokenizer.feed(chunk, last=last), 1):
            if not (isinstance(lexeme, Text) and self._ignores_text):
                await self._take(lexeme)
            if self._raw_from - written >= _ENOUGH:
                written = self._raw_from
                yield self._taken()
            if number % _PATIENCE == 0:
                await asyncio.sleep(0)
        if last:
            await self._flush_text()
        self._write_raw(self._tokenizer.consumed)
        if output := self._taken():
            yield output

    def _taken(self) -> bytes:
        out, self._out = self._out, []
        return b"".join(out)

    # --- pieces

    async def _take(self, lexeme: Lexeme) -> None:
        if isinstance(lexeme, Text):
            if any(each.users for each in self._by_kind["text"]):
                await self._text(lexeme)
            return
        await self._flush_text()
        if isinstance(lexeme, StartTag):
            await self._start_tag(lexeme)
        elif isinstance(lexeme, EndTag):
            await self._end_tag(lexeme)
        elif isinstance(lexeme, Comment):
            if handlers := self._active("comments"):
                unit = CommentUnit(lexeme, self._raw(lexeme), self._encoding)
                await self._handled(lexeme, unit, tokens.Comment, handlers)
        elif isinstance(lexeme, Doctype) and (handlers := self._active("doctype")):
            doctype = DoctypeUnit(lexeme, self._raw(lexeme), self._encoding)
            await self._handled(lexeme, doctype, tokens.Doctype, handlers)

    def _active(self, kind: str) -> list[Callback]:
        return [each.callback for each in self._by_kind[kind] if each.users]

    def _raw(self, lexeme: Lexeme) -> bytes:
        return self._tokenizer.buffer[lexeme.start : lexeme.end]

    async def _handled(
        self, lexeme: Lexeme, unit: Unit, kind: type[tokens.Token], handlers: list[Callback]
    ) -> None:
        """Show a piece to its handlers, and write what they make of it."""
        self._write_raw(lexeme.start)
        for each in handlers:
            await self._call(each, kind(unit))
        await self._write(unit)
        self._raw_from = lexeme.end

    async def _start_tag(self, tag: StartTag) -> None:
        if not self._entries:
            return  # nobody asks
        element, has_content = self._stack.start(tag)
        active = self._matched(element, has_content)
        if has_content:
            self._stack.push(element)
        if active:
            if len(tag.attributes) > MOST_ATTRIBUTES:
                raise type_error(TOO_MUCH)
            unit = ElementUnit(tag, self._raw(tag), self._encoding, has_content)
            if self._removing:
                unit.change().removed = True
            await self._handled(tag, unit, tokens.Element, active)
            if has_content:
                self._leave_for_the_end(element, unit)
        self._emits = not self._removing

    def _matched(self, element: Open, has_content: bool) -> list[Callback]:
        """Let the handlers of an element's content begin; those of the element itself."""
        matched = set()
        for entry in self._entries:
            if entry.matcher.matches(element, self._stack.items):
                if entry.element is not None:
                    matched.add(id(entry.element))
                if has_content:
                    element.matched += entry.inside
        for handler in element.matched:
            handler.users += 1
        return [each.callback for each in self._by_kind["element"] if id(each) in matched]

    def _leave_for_the_end(self, element: Open, unit: ElementUnit) -> None:
        if unit.removes_content:
            element.removes = True
            self._removing += 1
        work = unit.end
        if work.name is not None or work.edits is not None or work.handlers:
            element.end_work = work

    async def _end_tag(self, tag: EndTag) -> None:
        works = self._closed(tag.name)
        if not self._emits and not self._removing:
            self._emits = True
            self._raw_from = tag.start
        if works:
            self._write_raw(tag.start)
            unit = EndTagUnit(tag, self._raw(tag), self._encoding)
            for work in works:
                await self._finish(unit, work)
            await self._write(unit)
            self._raw_from = tag.end
        self._emits = not self._removing

    def _closed(self, name: bytes) -> list[EndWork]:
        """Let the handlers of what an end tag closes rest; what is to be done, innermost first."""
        closed = self._stack.end(name)
        for element in closed:
            for handler in element.matched:
                handler.users -= 1
            self._removing -= element.removes
        return [each.end_work for each in reversed(closed) if each.end_work is not None]

    async def _finish(self, unit: EndTagUnit, work: EndWork) -> None:
        if work.name is not None:
            unit.rename(work.name)
        if work.edits is not None:
            unit.edits = work.edits
        for handler in work.handlers:
            await self._call(handler, tokens.EndTag(unit))

    # --- text

    async def _text(self, lexeme: Text) -> None:
        if self._decoder is None:
            self._decoder = self._encoding.decoder()
        self._write_raw(lexeme.start)
        text = self._decoder.decode(self._raw(lexeme))
        if text:
            await self._text_part(text, is_last=False)
        self._raw_from = lexeme.end

    async def _flush_text(self) -> None:
        """A text has ended: its handlers hear so."""
        if self._decoder is not None:
            decoder, self._decoder = self._decoder, None
            await self._text_part(decoder.decode(b"", True), is_last=True)

    async def _text_part(self, text: str, *, is_last: bool) -> None:
        unit = TextUnit(text, is_last, self._encoding)
        for each in self._active("text"):
            await self._call(each, tokens.Text(unit))
        await self._write(unit)

    # --- the end

    async def _document_end(self) -> None:
        for each in reversed(self._by_kind["end"]):
            content: list[Any] = []
            try:
                await self._call(each.callback, tokens.DocumentEnd(content))
            finally:
                await write(content, self._encoding, self._out.append)

    # --- output and handlers

    def _write_raw(self, end: int) -> None:
        """Write what nobody looked at, up to ``end``."""
        if self._emits and end > self._raw_from:
            self._out.append(self._tokenizer.buffer[self._raw_from : end])
        self._raw_from = end

    async def _write(self, unit: Unit) -> None:
        put: Callable[[bytes], object] = self._out.append if self._emits else (lambda _: None)
        edits = unit.edits
        if edits is None:
            put(unit.written())
            return
        await write(edits.before, self._encoding, put)
        if edits.removed:
            await write(edits.replacement, self._encoding, put)
        else:
            put(unit.written())
        await write(edits.after, self._encoding, put)

    async def _call(self, callback: Callback, token: tokens.Token) -> None:
        """Call a handler as code of the event, and wait for its promise.

        Raises: JsException: what it failed with.
        """
        try:
            result = self._invoked(callback, token)
            if result is not None:
                await result
        except Exception as exc:
            reason = reason_of(exc)
            if reason is exc:
                raise
            raise reason from exc
        finally:
            token._end()

    def _invoked(self, callback: Callback, token: tokens.Token) -> asyncio.Future[Any] | None:
        if self._owner is None:
            return future_of(invoke(callback, token))
        return self._owner.run(lambda: future_of(invoke(callback, token)))  # type: ignore[no-any-return]
