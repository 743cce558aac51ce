"""Reads the selectors that `on` takes.

Implements: https://www.w3.org/TR/selectors-4/#grammar, as far as lol-html does
Differs, as lol-html does: `:not(a.b)` means `:not(a):not(.b)`; attributes are compared as written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tinycss2  # type: ignore[import-untyped]
from tinycss2.nth import parse_nth  # type: ignore[import-untyped]

from ...js.errors import JsException, type_error
from .selectors import Compound, Is, Nth, Selector, Test, Value

__all__ = ["parse"]

# Of HTML's attributes, those whose values have no case:
# https://html.spec.whatwg.org/#case-sensitivity-of-selectors
_ANY_CASE = frozenset(
    """
    accept accept-charset align alink axis bgcolor charset checked clear codetype color compact
    declare defer dir direction disabled enctype face frame hreflang http-equiv lang language link
    media method multiple nohref noresize noshade nowrap readonly rel rev rules scope scrolling
    selected shape target text type valign valuetype vlink
    """.split()
)
_OPERATORS = frozenset(("=", "~=", "|=", "^=", "$=", "*="))
_NTH = {"nth-child": False, "nth-of-type": True}
_FIRST = {"first-child": False, "first-of-type": True}
_PARSED_AS_NTH = frozenset((*_NTH, "nth-last-child", "nth-last-of-type"))
_KNOWN = frozenset("root empty scope host last-child only-child last-of-type only-of-type".split())
_OLD_ELEMENTS = frozenset("before after first-line first-letter".split())

_EMPTY = "The selector is empty."
_TOKEN = "Unexpected token in selector."
_END = "Unexpected end of selector."
_DANGLING = "Dangling combinator in selector."
_PSEUDO = "Unsupported pseudo-class or pseudo-element in selector."
_NAMESPACE = "Selectors with explicit namespaces are not supported."
_ATTRIBUTE = "Unexpected token in the attribute selector."
_SYNTAX = "Unsupported syntax in selector."


def parse(text: str) -> list[Selector]:
    """The selectors of a list.

    Raises: JsException: TypeError.
    """
    found, refused = _list(tinycss2.parse_component_value_list(text, skip_comments=True))
    if refused:  # what can be read and is not supported comes after what cannot be read
        raise _refusal(refused[0])
    return found


def _refusal(reason: str) -> JsException:
    return type_error(f"Parser error: {reason}")


class _Tokens:
    """Tokens, one after the other."""

    def __init__(self, nodes: list[Any]) -> None:
        self._nodes = [n for n in nodes if getattr(n, "kind", "") not in _HARMLESS]
        self._at = 0

    def peek(self, ahead: int = 0) -> Any:
        at = self._at + ahead
        return self._nodes[at] if at < len(self._nodes) else None

    def next(self) -> Any:
        node = self.peek()
        self._at += node is not None
        return node

    def skip_white(self) -> bool:
        start = self._at
        while _kind(self.peek()) == "whitespace":
            self._at += 1
        return self._at > start


_HARMLESS = frozenset(("eof-in-string", "eof-in-url"))
"""Errors of CSS that are none: the end closes what is open."""


def _kind(node: Any) -> str:
    return "" if node is None else str(node.type)


def _is_sign(node: Any, *signs: str) -> bool:
    return _kind(node) == "literal" and node.value in signs


def _list(nodes: list[Any], inside_not: bool = False) -> tuple[list[Selector], list[str]]:
    """The selectors between commas, and why some of them are not supported."""
    parts: list[list[Any]] = [[]]
    for node in nodes:
        if _is_sign(node, ","):
            parts.append([])
        else:
            parts[-1].append(node)
    found: list[Selector] = []
    refused: list[str] = []
    for part in parts:
        tokens = _Tokens(part)
        selector, reasons = _SelectorParser(tokens, inside_not).parse()
        if tokens.peek() is not None:
            raise _refusal(_TOKEN)
        found.append(selector)
        refused += reasons
    return found, refused


class _SelectorParser:
    """Parses one selector."""

    def __init__(self, tokens: _Tokens, inside_not: bool) -> None:
        self.tokens = tokens
        self.inside_not = inside_not

    def parse(self) -> tuple[Selector, list[str]]:
        tokens = self.tokens
        tokens.skip_white()
        compounds: list[Compound] = []
        refused: list[list[str]] = []
        combinator = ""
        while True:
            parser = _CompoundParser(tokens, self.inside_not)
            if not parser.parse():
                raise _refusal(_DANGLING if combinator else _EMPTY)
            refused.insert(0, parser.refused)
            compounds.insert(0, Compound(tuple(parser.tests), combinator))
            combinator = self._combinator()
            if not combinator:
                break
            refused.insert(0, self._refused(combinator))
        return tuple(compounds), [reason for reasons in refused for reason in reasons]

    def _refused(self, combinator: str) -> list[str]:
        if self.inside_not:
            return [_PSEUDO]
        return [f"Unsupported combinator `{combinator}` in selector."] * (combinator in "+~")

    def _combinator(self) -> str:
        tokens = self.tokens
        spaced = tokens.skip_white()
        if _is_sign(tokens.peek(), ">", "+", "~"):
            sign = str(tokens.next().value)
            tokens.skip_white()
            return sign
        return " " if spaced and tokens.peek() is not None else ""


class _CompoundParser:
    """Parses one compound selector."""

    def __init__(self, tokens: _Tokens, inside_not: bool) -> None:
        self.tokens = tokens
        self.inside_not = inside_not
        self.tests: list[tuple[Test, bool]] = []
        self.refused: list[str] = []

    def parse(self) -> bool:
        """Whether there is one."""
        found = self._type()
        while self._simple():
            found = True
        return found

    def _type(self) -> bool:
        tokens = self.tokens
        first = tokens.peek()
        if _is_sign(first, "||"):
            raise _refusal(_TOKEN)
        bar = 0 if _is_sign(first, "|") else 1
        if not (bar == 0 or _kind(first) == "ident" or _is_sign(first, "*")):
            return False
        if bar and _is_sign(tokens.peek(bar), "||"):
            raise _refusal(_NAMESPACE if _kind(first) == "ident" else _TOKEN)
        if not _is_sign(tokens.peek(bar), "|"):
            name = tokens.next()
            self.tests.append((Is(None if name.type == "literal" else name.value), False))
            return True
        if _kind(first) == "ident":
            raise _refusal(_NAMESPACE)
        for _ in range(bar + 1):
            tokens.next()
        name = tokens.next()
        if name is None:
            return False
        if not (_kind(name) == "ident" or _is_sign(name, "*")):
            raise _refusal(_TOKEN)
        self.tests.append((Is(None if bar else ""), False))
        self.tests.append((Is(None if name.type == "literal" else name.value), False))
        return True

    def _simple(self) -> bool:
        tokens = self.tokens
        node = tokens.peek()
        if _kind(node) == "hash" and node.is_identifier:
            tokens.next()
            self.tests.append((Value("id", "=", node.value), False))
        elif _is_sign(node, "."):
            tokens.next()
            self._class(tokens.next())
        elif _kind(node) == "[] block":
            tokens.next()
            self.tests.append((_attribute(_Tokens(node.content)), False))
        elif _is_sign(node, ":"):
            tokens.next()
            self._pseudo()
        else:
            return False
        return True

    def _class(self, name: Any) -> None:
        if name is None:
            raise _refusal(_END)
        if name.type != "ident":
            raise _refusal("Invalid or unescaped class name in selector.")
        self.tests.append((Value("class", "~=", name.value), False))

    def _pseudo(self) -> None:
        tokens = self.tokens
        is_element = _is_sign(tokens.peek(), ":")
        if is_element:
            tokens.next()
        node = tokens.next()
        if node is None:
            raise _refusal(_END)
        if node.type not in ("ident", "function"):
            raise _refusal(_PSEUDO)
        name = (node.value if node.type == "ident" else node.name).lower()
        if is_element or name in _OLD_ELEMENTS:
            raise _refusal(_SYNTAX if self.inside_not else _PSEUDO)
        arguments = None if node.type == "ident" else node.arguments
        _PSEUDOS.get(name, _CompoundParser._unsupported)(self, name, arguments)

    def _unsupported(self, _name: str, _arguments: Any) -> None:
        raise _refusal(_PSEUDO)

    def _known(self, _name: str, arguments: Any) -> None:
        if arguments is not None:
            raise _refusal(_PSEUDO)
        self.refused.append(_PSEUDO)

    def _first(self, name: str, arguments: Any) -> None:
        if arguments is not None:
            raise _refusal(_PSEUDO)
        self.tests.append((Nth(0, 1, _FIRST[name]), False))

    def _nth(self, name: str, arguments: Any) -> None:
        if arguments is None:
            raise _refusal(_PSEUDO)
        told = [node for node in arguments if node.type not in ("whitespace", "comment")]
        found = _an_plus_b(arguments)
        if found is None:
            is_open = not told or (
                _is_sign(told[-1], "+", "-") and _an_plus_b(told[:-1]) is not None
            )
            raise _refusal(_END if is_open else _TOKEN)
        if name in _NTH:
            self.tests.append((Nth(*found, _NTH[name]), False))
        else:
            self.refused.append(_PSEUDO)

    def _not(self, _name: str, arguments: Any) -> None:
        if arguments is None:
            raise _refusal(_PSEUDO)
        selectors, refused = _list(arguments, inside_not=True)
        self.refused += refused
        for compound, *_ in selectors:
            self.tests += [(test, not negated) for test, negated in compound.tests]


_PSEUDOS: dict[str, Callable[[_CompoundParser, str, Any], None]] = {
    **dict.fromkeys(_KNOWN, _CompoundParser._known),
    **dict.fromkeys(_FIRST, _CompoundParser._first),
    **dict.fromkeys(_PARSED_AS_NTH, _CompoundParser._nth),
    "not": _CompoundParser._not,
}


def _attribute(tokens: _Tokens) -> Value:
    """What stands in brackets."""
    name, namespaced = _attribute_name(tokens)
    tokens.skip_white()
    operator = tokens.next()
    if operator is None:
        if namespaced:
            raise _refusal(_NAMESPACE)
        return Value(name, "")
    if not (_kind(operator) == "literal" and operator.value in _OPERATORS):
        raise _refusal(_ATTRIBUTE)
    tokens.skip_white()
    value = tokens.next()
    if value is None:
        raise _refusal(_END)
    if value.type not in ("ident", "string"):
        raise _refusal(_ATTRIBUTE)
    any_case = _any_case(tokens, name)
    if namespaced:
        raise _refusal(_NAMESPACE)
    return Value(name, operator.value, value.value, any_case)


def _attribute_name(tokens: _Tokens) -> tuple[str, bool]:
    """The name in lower case, and whether any namespace is meant."""
    tokens.skip_white()
    first = tokens.next()
    if first is None:
        raise _refusal(_END)
    prefix = _is_sign(first, "*") or (_kind(first) == "ident" and _is_sign(tokens.peek(), "|"))
    if _is_sign(first, "||"):
        raise _refusal(_ATTRIBUTE)
    if prefix:
        bar = tokens.next()
        if not _is_sign(bar, "|"):
            raise _refusal(_END if bar is None else _ATTRIBUTE)
        if first.type == "ident":
            raise _refusal(_NAMESPACE)
    name = tokens.next() if prefix or _is_sign(first, "|") else first
    if _kind(name) != "ident":
        bare = name is first
        raise _refusal("Missing attribute name in attribute selector." if bare else _ATTRIBUTE)
    return _lower(name.value), prefix


def _any_case(tokens: _Tokens, name: str) -> bool | None:
    tokens.skip_white()
    flag = tokens.next()
    tokens.skip_white()
    if flag is None:
        return None if name in _ANY_CASE else False
    if _kind(flag) != "ident" or flag.value.lower() not in ("i", "s") or tokens.peek() is not None:
        raise _refusal(_TOKEN)
    return bool(flag.value.lower() == "i")


def _an_plus_b(nodes: list[Any]) -> tuple[int, int] | None:
    try:
        found: tuple[int, int] | None = parse_nth(nodes)
    except AttributeError:  # tinycss2 1.5: nothing behind the sign
        return None
    return found


def _lower(text: str) -> str:
    return text.lower() if text.isascii() else text.encode().lower().decode()
