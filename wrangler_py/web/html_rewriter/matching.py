"""Which selectors an element matches, told from its tag and the elements that are open.

What a page costs grows with its length alone, whatever its selectors and however deep it is.

Source: https://github.com/cloudflare/lol-html/tree/main/src/selectors_vm
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from ...js.errors import type_error
from .lexemes import StartTag
from .selectors import Is, Nth, Selector, Test, Value

__all__ = ["MOST_ATTRIBUTES", "TOO_MUCH", "Matcher", "Open", "Stack"]

_VOID = frozenset(
    b"area base basefont bgsound br col embed hr img input keygen link meta param source track "
    b"wbr".split()
)
_ESI_VOID = _VOID | {b"esi:include", b"esi:comment"}
MOST_OPEN = 16_384
MOST_ATTRIBUTES = 32_768
"""As many as lol-html has room for in 3 MiB."""
TOO_MUCH = "Parser error: The memory limit has been exceeded."
_SPACE = re.compile(rb"[ \t\n\r\f]")


class Open:
    """An element, and what is known of its children so far."""

    __slots__ = (
        "attributes",
        "children",
        "end_work",
        "index",
        "is_html",
        "matched",
        "name",
        "order",
        "reached",
        "removes",
        "type_index",
        "types",
    )

    def __init__(self, name: bytes) -> None:
        self.name = name
        self.attributes: dict[bytes, bytes] = {}
        self.is_html = True
        self.index = self.type_index = 0
        self.children = 0
        self.types: dict[bytes, int] = {}
        self.reached: dict[_Path, tuple[int, int]] = {}
        """Bits of the compounds that end here, and of those that end here or above."""
        self.matched: list[Any] = []
        """What its content is handled by."""
        self.end_work: Any = None
        self.removes = False
        """Its content is removed."""

    def add(self, child: Open) -> None:
        self.children += 1
        child.index = self.children
        child.type_index = self.types[child.name] = self.types.get(child.name, 0) + 1


class Stack:
    """The elements that are open, outermost first."""

    def __init__(self, esi: bool) -> None:
        """``esi``: `esi:include` has no end tag."""
        self._root = Open(b"")
        self._void = _ESI_VOID if esi else _VOID
        self.items: list[Open] = []
        self._counts: dict[bytes, int] = {}
        """How many of each name are open."""

    def push(self, element: Open) -> None:
        """``element`` has content, which follows.

        Raises: JsException: too many are open.
        """
        if len(self.items) == MOST_OPEN:
            raise type_error(TOO_MUCH)
        self.items.append(element)
        self._counts[element.name] = self._counts.get(element.name, 0) + 1

    def start(self, tag: StartTag) -> tuple[Open, bool]:
        """The element of a start tag, and whether it can have content."""
        element = Open(tag.name)
        element.is_html = tag.namespace == "html"
        for name, value, _ in tag.attributes:
            element.attributes.setdefault(name.lower(), value)
        (self.items[-1] if self.items else self._root).add(element)
        if element.is_html:
            return element, tag.name not in self._void
        return element, not tag.self_closing

    def end(self, name: bytes) -> list[Open]:
        """The elements that an end tag closes, outermost first."""
        if name not in self._counts:
            return []
        at = len(self.items) - 1
        while self.items[at].name != name:
            at -= 1
        closed = self.items[at:]
        del self.items[at:]
        for each in closed:
            self._counts[each.name] -= 1
            if not self._counts[each.name]:
                del self._counts[each.name]
        return closed


class Matcher:
    """A list of selectors for documents of one encoding."""

    def __init__(
        self, selectors: Iterable[Selector], encode: Callable[[str], bytes | None]
    ) -> None:
        """``encode``: None for what the encoding has not."""
        self._paths = [
            _Path([([_compiled(*test, encode) for test in tests], how) for tests, how in selector])
            for selector in selectors
        ]

    def matches(self, element: Open, above: list[Open]) -> bool:
        parent = above[-1] if above else None
        found = [path.matches(element, parent) for path in self._paths]  # each is to see it
        return any(found)


Tests = list[Callable[[Open], bool]]


class _Path:
    """One selector. What an element has reached of it is kept, so its depth costs nothing."""

    def __init__(self, compounds: list[tuple[Tests, str]]) -> None:
        """``compounds``: from right to left."""
        self._compounds = compounds[::-1]

    def matches(self, element: Open, parent: Open | None) -> bool:
        """Note which compounds, from the left, end at ``element``; whether the last one does."""
        parents, anyones = (0, 0) if parent is None else parent.reached.get(self, (0, 0))
        own, last = 0, len(self._compounds) - 1
        for number, (tests, how) in enumerate(self._compounds):
            before = parents if how == ">" else anyones
            if how and not before >> (number - 1) & 1:
                continue
            if all(test(element) for test in tests):
                own |= 1 << number
        if last:
            element.reached[self] = own, own | anyones
        return bool(own >> last & 1)


def _compiled(
    test: Test, negated: bool, encode: Callable[[str], bytes | None]
) -> Callable[[Open], bool]:
    holds = _of_type(test, encode) if isinstance(test, Is) else _of_others(test, encode)
    return (lambda element: not holds(element)) if negated else holds


def _of_type(test: Is, encode: Callable[[str], bytes | None]) -> Callable[[Open], bool]:
    if test.name is None:
        return lambda element: True
    name = encode(test.name)
    wanted = None if name is None else name.lower()
    return lambda element: element.name == wanted


def _of_others(test: Nth | Value, encode: Callable[[str], bytes | None]) -> Callable[[Open], bool]:
    if isinstance(test, Nth):
        if test.of_type:
            return lambda element: test.holds(element.type_index)
        return lambda element: test.holds(element.index)
    name, value = encode(test.attribute), encode(test.value)
    if name is None or value is None:
        return lambda element: False
    if not test.operator:
        return lambda element: name in element.attributes
    compare, any_case = _COMPARE[test.operator], test.any_case
    lower = value.lower()

    def holds(element: Open) -> bool:
        actual = element.attributes.get(name)
        if actual is None:
            return False
        if any_case or (any_case is None and element.is_html):
            return compare(actual.lower(), lower)
        return compare(actual, value)

    return holds


_COMPARE: dict[str, Callable[[bytes, bytes], bool]] = {
    "=": lambda actual, value: actual == value,
    "~=": lambda actual, value: value != b"" and value in _SPACE.split(actual),
    "|=": lambda actual, value: actual == value or actual.startswith(value + b"-"),
    "^=": lambda actual, value: value != b"" and actual.startswith(value),
    "$=": lambda actual, value: value != b"" and actual.endswith(value),
    "*=": lambda actual, value: value != b"" and value in actual,
}
