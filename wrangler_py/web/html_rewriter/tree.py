"""What a parser's tree would say of the text to come, guessed from the tags alone.

Source: https://github.com/cloudflare/lol-html/tree/main/src/parser/tree_builder_simulator
"""

from __future__ import annotations

from ...js.errors import type_error
from .lexemes import EndTag, StartTag, TextType

__all__ = ["NAMESPACES", "Tree"]

NAMESPACES = {
    "html": "http://www.w3.org/1999/xhtml",
    "svg": "http://www.w3.org/2000/svg",
    "math": "http://www.w3.org/1998/Math/MathML",
}
_TEXT_TYPES = {
    **dict.fromkeys(
        b"textarea title style iframe xmp noembed noframes noscript".split(), TextType.RCDATA
    ),
    b"plaintext": TextType.PLAIN,
    b"script": TextType.SCRIPT,
}
_LEAVES_FOREIGN = frozenset(
    b"b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img "
    b"li listing menu meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul "
    b"var".split()
)
_INTEGRATION = {
    "svg": frozenset((b"desc", b"title", b"foreignobject")),
    "math": frozenset((b"mi", b"mo", b"mn", b"ms", b"mtext")),
}
_ANNOTATION = b"annotation-xml"
_AS_HTML = (b"text/html", b"application/xhtml+xml")
_AMBIGUOUS = (
    "Parser error: The parser has encountered a text content tag (`<{0}>`) in the context where it "
    "is ambiguous whether this tag should be ignored or not. And, thus, it is unclear whether "
    "consequent content should be parsed as raw text or HTML markup.\n\nThis error occurs due to "
    "the limited capabilities of the streaming parsing. However, almost all of the cases of this "
    "error are caused by a non-conforming markup (e.g. a `<script>` element in `<select>` element)."
)


class Tree:
    """Follows the tags of a document."""

    def __init__(self) -> None:
        self._namespaces = ["html"]
        self._in_select = self._in_frameset = False
        self._templates = 0
        """How many are open in a `select`."""

    @property
    def namespace(self) -> str:
        return self._namespaces[-1]

    def start(self, tag: StartTag) -> TextType:
        """A start tag passes, which learns its namespace: how to read the text behind it.

        Raises: JsException: it may or may not be text.
        """
        self._guard(tag.name)
        found = TextType.DATA
        if tag.name in (b"svg", b"math"):
            tag.namespace = tag.name.decode()
            if not tag.self_closing:
                self._namespaces.append(tag.namespace)
            return found
        if self.namespace == "html":
            found = _TEXT_TYPES.get(tag.name, TextType.DATA)
        elif self._leaves(tag):
            self._leave_foreign()
        elif self._is_html_inside(tag):
            # The element itself is still foreign.
            tag.namespace = self.namespace
            self._namespaces.append("html")
            return found
        tag.namespace = self.namespace
        return found

    def end(self, tag: EndTag) -> None:
        """An end tag passes."""
        name = tag.name
        if self._in_select and name == (b"template" if self._templates else b"select"):
            if self._templates:
                self._templates -= 1
            else:
                self._in_select = False
        if self.namespace != "html":
            if name == self.namespace.encode():
                self._leave()
            elif name in (b"p", b"br"):
                self._leave_foreign()
        elif len(self._namespaces) > 1:
            outer = self._namespaces[-2]
            is_annotation = outer == "math" and name == _ANNOTATION
            if is_annotation or name in _INTEGRATION.get(outer, ()):
                self._leave()

    def _leave(self) -> None:
        self._namespaces.pop()

    def _leave_foreign(self) -> None:
        while self.namespace != "html":
            self._namespaces.pop()

    def _leaves(self, tag: StartTag) -> bool:
        if tag.name == b"font":
            names = {attribute.name.lower() for attribute in tag.attributes}
            return not names.isdisjoint((b"color", b"size", b"face"))
        return tag.name in _LEAVES_FOREIGN

    def _is_html_inside(self, tag: StartTag) -> bool:
        if tag.self_closing:
            return False
        if tag.name in _INTEGRATION[self.namespace]:
            return True
        return (
            self.namespace == "math"
            and tag.name == _ANNOTATION
            and any(
                name.lower() == b"encoding" and value.lower() in _AS_HTML
                for name, value, _ in tag.attributes
            )
        )

    def _guard(self, name: bytes) -> None:
        if self._in_frameset:
            if name != b"noframes":
                _refuse(name)
        elif not self._in_select:
            self._in_select = name == b"select"
            self._in_frameset = name == b"frameset"
        elif self._templates:
            if name == b"template":
                self._templates += 1
            else:
                _refuse(name)
        elif name in (b"select", b"textarea", b"input", b"keygen"):
            self._in_select = False
        elif name == b"template":
            self._templates = 1
        elif name != b"script":
            _refuse(name)


def _refuse(name: bytes) -> None:
    if name in _TEXT_TYPES:
        raise type_error(_AMBIGUOUS.format(name.decode()))
