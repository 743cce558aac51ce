"""HTMLRewriter: handlers for elements that selectors name, and for the document.

Implements: https://developers.cloudflare.com/workers/runtime-apis/html-rewriter/
"""

from __future__ import annotations

import re
from typing import Any

from ... import compat, context
from ...js.convert import is_primitive
from ...js.errors import type_error
from ...js.null import is_nullish
from ...js.proxy import JsProxy
from ...log import log
from ..body import body_chunks, is_null, move_body
from ..foreign import BODY, check
from ..idl import bad_argument, tell_wrapped, usv_string, without_new
from ..response import Response
from ..streams.callbacks import stored
from .edits import Encoding
from .rewriting import Handlers, Rewriting
from .selector_parser import parse
from .selectors import Selector

__all__ = ["HTMLRewriter"]

_OF_ELEMENTS = ("element", "comments", "text")
_OF_DOCUMENTS = ("doctype", "comments", "text", "end")
_CHARSET = re.compile(r';\s*charset\s*=\s*(?:"([^"]*)"|([^\s;]*))', re.IGNORECASE)
_LOCKED = "The ReadableStream has been locked to a reader."
_NO_OBJECT = (
    "HTMLRewriter.{0}() got a Python dict, in which JavaScript finds no handlers; give it an "
    "object that has them for methods, or `to_js(handlers, dict_converter=Object.fromEntries)`"
)
_ESI = "html_rewriter_treats_esi_include_as_void_tag"


class HTMLRewriter(JsProxy):
    """Handlers, and the responses that they are let loose on."""

    _called_without_new = without_new("HTMLRewriter")

    def __init__(self) -> None:
        self._handlers: list[Handlers] = []

    @classmethod
    def _construct(cls, *_: Any) -> HTMLRewriter:
        return cls()

    def on(self, *args: Any) -> HTMLRewriter:
        if not args:
            raise bad_argument("HTMLRewriter", "on", 1, "string")
        text = usv_string(args[0])
        self._add("on", args[1:], 2, "ElementContentHandlers", _OF_ELEMENTS, text)
        return self

    def onDocument(self, *args: Any) -> HTMLRewriter:
        self._add("onDocument", args, 1, "DocumentContentHandlers", _OF_DOCUMENTS)
        return self

    def transform(self, *args: Any) -> Response:
        if not args or not isinstance(args[0], Response):
            refusal = bad_argument("HTMLRewriter", "transform", 1, "Response")
            raise tell_wrapped(refusal, args[0]) if args else refusal
        response = args[0]
        if response._kind == "error":
            raise type_error("HTMLRewriter cannot transform an error response")
        if is_null(response):
            return response
        check(response._home, BODY)
        owner = context.current()
        encoding = Encoding(_charset(response))
        esi = compat.current().has(_ESI)
        rewriting = Rewriting(list(self._handlers), encoding, owner, esi)
        if response.bodyUsed or (response._stream is not None and response._stream.locked):
            raise type_error(_LOCKED)
        taken = Response()
        move_body(response, taken)
        changed = Response(None, response)
        changed._home = owner
        changed._source = rewriting.run(body_chunks(taken))
        return changed

    def _add(
        self,
        method: str,
        args: tuple[Any, ...],
        position: int,
        kind: str,
        names: tuple[str, ...],
        selector: str | None = None,
    ) -> None:
        handlers = args[0] if args else 0
        if is_primitive(handlers) and not is_nullish(handlers):
            raise bad_argument("HTMLRewriter", method, position, kind)
        found = {name: stored(handlers, name, kind) for name in names}
        callbacks = {name: each for name, each in found.items() if each is not None}
        if isinstance(handlers, dict) and not callbacks:
            log.warn_once(_NO_OBJECT.format(method))
        selectors: list[Selector] | None = None if selector is None else parse(selector)
        self._handlers.append(Handlers(selectors, callbacks))


def _charset(response: Response) -> str:
    found = _CHARSET.search(response.headers._find("content-type") or "")
    if found is None:
        return "utf-8"
    return found[1] if found[1] is not None else found[2]
