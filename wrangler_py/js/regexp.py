r"""Regular expressions, translated to Python's `re`.

Implements: https://tc39.es/ecma262/#sec-regexp-regular-expression-objects
Differs: no `\p{...}`, no look-behind of varying width; positions count code points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..errors import NotEmulated
from .array import JsArray
from .callbacks import is_callable
from .convert import to_string
from .errors import error, type_error
from .iterators import JsIterator
from .null import null
from .object import JsObject
from .proxy import JsProxy

_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}
_TOKEN = re.compile(
    r"\\u\{(?P<point>[0-9A-Fa-f]+)\}|\\k<(?P<back>\w+)>|(?P<escape>\\.)|"
    r"\(\?<(?P<group>\w+)>|(?P<all>\[\^\])|(?P<none>\[\])|(?P<open>\[)|(?P<close>\])|(?P<end>\$)",
    re.DOTALL,
)
_COMPLAINTS = {
    "missing )": "Unterminated group",
    "nothing to repeat": "Nothing to repeat",
    "unbalanced parenthesis": "Unmatched ')'",
    "unterminated character set": "Unterminated character class",
}
_CLASSES = {"\\d": "0-9", "\\w": "A-Za-z0-9_"}
_NEGATED = {"\\D": "[^0-9]", "\\W": "[^A-Za-z0-9_]", "\\/": "/"}


def translate(source: str, multiline: bool) -> str:
    """The same pattern in Python's notation."""
    inside = False

    def token(found: re.Match[str]) -> str:
        nonlocal inside
        kind, text = found.lastgroup, found.group()
        if kind == "point":
            return re.escape(chr(int(found["point"], 16)))
        if kind == "escape":
            return _escape(text, inside)
        if inside:
            inside = kind not in ("close", "none", "all")
            return f"\\{text}" if kind in ("open", "none", "all") else text
        if kind == "open":
            inside = True
        simple = {"all": r"[\s\S]", "none": "(?!)", "end": "$" if multiline else r"\Z"}
        if kind == "group":
            return f"(?P<{found['group']}>"
        return f"(?P={found['back']})" if kind == "back" else simple.get(kind or "", text)

    return _TOKEN.sub(token, source)


def _escape(text: str, inside: bool) -> str:
    if text in ("\\p", "\\P"):
        raise NotEmulated("RegExp: Unicode property escapes (\\p{...})")
    if text in _CLASSES:
        return _CLASSES[text] if inside else f"[{_CLASSES[text]}]"
    return text if inside else _NEGATED.get(text, text)


class RegExp(JsProxy):
    """A regular expression; without `new` it is built as well."""

    def __init__(self, source: str, flags: str) -> None:
        if set(flags) - set("dgimsuvy") or len(set(flags)) != len(flags):
            raise error(f"Invalid flags supplied to RegExp constructor '{flags}'", "SyntaxError")
        self.source = source.replace("\\/", "/").replace("/", "\\/") or "(?:)"
        self.flags = "".join(sorted(flags))
        self.lastIndex = 0
        options = 0
        for flag in flags:
            options |= _FLAGS.get(flag, 0)
        try:
            self._pattern = re.compile(translate(source, "m" in flags), options)
        except re.error as exc:
            if "look-behind" in str(exc):
                raise NotEmulated("RegExp: look-behind of varying width") from None
            said = _COMPLAINTS.get(exc.msg.partition(",")[0], exc.msg)
            raise error(
                f"Invalid regular expression: /{source}/{flags}: {said}", "SyntaxError"
            ) from None

    @classmethod
    def _construct(cls, *args: Any) -> RegExp:
        given: tuple[Any, ...] = (*args, None, None)
        source, flags = given[:2]
        if isinstance(source, RegExp):
            return cls(source._pattern_source(), source.flags if flags is None else str(flags))
        text = "" if source is None else to_string(source)
        return cls(text, "" if flags is None else to_string(flags))

    _called = _construct

    def _pattern_source(self) -> str:
        return "" if self.source == "(?:)" else self.source

    @property
    def ignoreCase(self) -> bool:
        return "i" in self.flags

    @property
    def multiline(self) -> bool:
        return "m" in self.flags

    @property
    def dotAll(self) -> bool:
        return "s" in self.flags

    @property
    def unicode(self) -> bool:
        return "u" in self.flags

    @property
    def sticky(self) -> bool:
        return "y" in self.flags

    def __getattr__(self, name: str) -> Any:
        if name in ("global", "global_"):
            return "g" in self.flags
        return super().__getattr__(name)

    def exec(self, text: Any = None) -> Any:
        found = self._next(to_string(text))
        return null() if found is None else _match_array(found)

    def test(self, text: Any = None) -> bool:
        return self._next(to_string(text)) is not None

    def _next(self, text: str) -> re.Match[str] | None:
        """The match from `lastIndex` on, which only `g` and `y` keep."""
        keeps = "g" in self.flags or self.sticky
        start = self.lastIndex if keeps else 0
        seek = self._pattern.match if self.sticky else self._pattern.search
        found = seek(text, start) if start <= len(text) else None
        if keeps:
            self.lastIndex = 0 if found is None else found.end()
        return found

    def _match(self, text: str) -> Any:
        if "g" not in self.flags:
            return self.exec(text)
        found = [match.group() for match in self._pattern.finditer(text)]
        return JsArray(found) if found else null()

    def _match_all(self, text: str) -> JsIterator:
        if "g" not in self.flags:
            raise type_error("String.prototype.matchAll called with a non-global RegExp argument")
        return JsIterator(map(_match_array, self._pattern.finditer(text)), "RegExp String Iterator")

    def _search(self, text: str) -> int:
        found = self._pattern.search(text)
        return -1 if found is None else found.start()

    def toString(self) -> str:
        return f"/{self.source}/{self.flags}"


class _MatchArray(JsArray, js_name="Array"):
    """A match: the text and its groups, with `index`, `input` and `groups`."""

    input: str
    groups: JsObject | None


def _match_array(found: re.Match[str]) -> JsArray:
    match = _MatchArray([found.group(), *found.groups()])
    # `index` is a method of Python's there, so it stays hidden, as in Pyodide.
    match.input = found.string
    named = found.groupdict()
    match.groups = JsObject(dict(named)) if named else None
    return match


_REFERENCE = re.compile(r"\$(?:(\$)|(&)|(`)|(')|(\d{1,2})|<(\w+)>)")


def replace(text: str, pattern: Any, replacement: Any, every: bool) -> str:
    """`text.replace(pattern, replacement)`, or `replaceAll`."""
    if isinstance(pattern, RegExp):
        if every and "g" not in pattern.flags:
            raise type_error("replaceAll must be called with a global RegExp")
        count = 0 if "g" in pattern.flags else 1
        return pattern._pattern.sub(lambda m: _replaced(m, replacement), text, count=count)
    literal = re.compile(re.escape(to_string(pattern)))
    return literal.sub(lambda m: _replaced(m, replacement), text, count=0 if every else 1)


def _replaced(found: re.Match[str], replacement: Any) -> str:
    if is_callable(replacement):
        return to_string(replacement(found.group(), *found.groups(), found.start(), found.string))

    def reference(ref: re.Match[str]) -> str:
        dollar, whole, before, after, number, name = ref.groups()
        if dollar or whole:
            return "$" if dollar else found.group()
        if before or after:
            return found.string[: found.start()] if before else found.string[found.end() :]
        if name is not None:
            return found.groupdict().get(name) or ""
        index = int(number)
        return (found.group(index) or "") if 0 < index <= found.re.groups else str(ref.group())

    return _REFERENCE.sub(reference, to_string(replacement))


def split(text: str, separator: Any) -> list[Any]:
    """`text.split(separator)` without a limit."""
    if separator is None:
        return [text]
    if isinstance(separator, RegExp):
        return list(_parts(text, separator._pattern))
    between = to_string(separator)
    return text.split(between) if between else list(text)


def _parts(text: str, pattern: re.Pattern[str]) -> Iterator[Any]:
    start = 0
    for found in pattern.finditer(text):
        if found.end() == found.start() and found.start() in (0, len(text)):
            continue
        yield text[start : found.start()]
        yield from found.groups()
        start = found.end()
    yield text[start:]
