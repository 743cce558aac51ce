"""Values as `console.log` prints them: strings as they are, objects inspected.

Implements: https://nodejs.org/api/util.html#utilinspectobject-options
Differs: a long array is not put into columns.
"""

from __future__ import annotations

import asyncio
import re
import traceback
from collections.abc import Iterable, Iterator
from typing import Any

from ..js.array import JsArray
from ..js.buffers import ArrayBuffer, TypedArray
from ..js.convert import is_primitive, to_string
from ..js.errors import JsException
from ..js.map_set import JsMap, JsSet
from ..js.object import JsObject
from ..js.promise import JsPromise
from ..js.proxy import JsClass, JsFunction, JsProxy

_DEPTH = 2
_WIDTH = 80
_MOST_ITEMS = 100
_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*\Z")
_SPECIFIER = re.compile(r"%[sdifjoOc%]")


def format_line(args: tuple[Any, ...]) -> str:
    """One console line: printf-like specifiers in a leading string, then the rest."""
    rest = list(args)
    text: list[str] = []
    if len(rest) > 1 and isinstance(rest[0], str):
        text.append(_SPECIFIER.sub(lambda found: _specified(found[0], rest), rest.pop(0)))
    text.extend(arg if isinstance(arg, str) else inspect(arg) for arg in rest)
    return " ".join(text)


def _specified(specifier: str, rest: list[Any]) -> str:
    if specifier == "%%":
        return "%"
    # While the first string is worked on it is out of the list: what is left are its values.
    if not rest:
        return specifier
    value = rest.pop(0)
    if specifier == "%c":
        return ""
    if specifier == "%s":
        return to_string(value) if is_primitive(value) else inspect(value)
    if specifier in ("%o", "%O"):
        return inspect(value)
    if specifier == "%j":
        from ..js.json import stringify  # rare

        return to_string(stringify(value))
    return _numeric(specifier, value)


def _numeric(specifier: str, value: Any) -> str:
    from ..js.convert import to_number

    if not is_primitive(value):
        return "NaN"
    number = to_number(value)
    if specifier == "%i" and number == number and abs(number) != float("inf"):
        number = int(number)
    return to_string(number)


def inspect(value: Any) -> str:
    """``value`` as an inspector shows it."""
    return _Inspector().show(value, 0)


class _Inspector:
    def __init__(self) -> None:
        self.open: list[int] = []
        """Objects that are being shown, outermost first: meeting one again is a circle."""

    def show(self, value: Any, level: int) -> str:
        if isinstance(value, str):
            return quoted(value)
        if is_primitive(value):
            return to_string(value)
        if isinstance(value, BaseException):
            return _error(value)
        if isinstance(value, asyncio.Future):
            return self._promise(value, level)
        if not isinstance(value, JsProxy):
            return str(value)  # a Python object is best shown as Python does
        if id(value) in self.open:
            return "[Circular *1]"
        self.open.append(id(value))
        try:
            return self._object(value, level)
        finally:
            self.open.pop()

    def _object(self, value: JsProxy, level: int) -> str:
        if isinstance(value, JsFunction):
            kind = "class" if isinstance(value, JsClass) else "Function:"
            return f"[{kind} {value.name}]"
        if isinstance(value, JsPromise):
            return self._promise(value._future, level)
        name = type(value)._js_name
        if name == "Date":
            return str(value.toISOString())
        if name in ("PyProxy", "RegExp", "Symbol"):
            return str(value)
        if level > _DEPTH:
            return f"[{name}]"
        return self._opened(value, name, level)

    def _opened(self, value: JsProxy, name: str, level: int) -> str:
        if isinstance(value, (JsArray, TypedArray)):
            prefix = "" if isinstance(value, JsArray) else f"{name}({len(value)}) "
            return _block(f"{prefix}[", self._items(list(value), level), "]", level)
        if isinstance(value, JsMap):
            pairs = [
                f"{self.show(key, level + 1)} => {self.show(item, level + 1)}"
                for key, item in value._pairs()
            ]
            return _block(f"{name}({len(pairs)}) {{", pairs, "}", level)
        if isinstance(value, JsSet):
            members = [self.show(item, level + 1) for item in value]
            return _block(f"{name}({len(members)}) {{", members, "}", level)
        if isinstance(value, ArrayBuffer):
            data = value.to_bytes()
            content = f"[Uint8Contents]: <{data[:50].hex(' ')}>"
            return _block(f"{name} {{", [content, f"byteLength: {len(data)}"], "}", level)
        if name == "Headers":
            return self._headers(value, level)
        prefix = "" if isinstance(value, JsObject) else f"{name} "
        return _block(f"{prefix}{{", self._members(value, level), "}", level)

    def _items(self, items: list[Any], level: int) -> list[str]:
        shown = [self.show(item, level + 1) for item in items[:_MOST_ITEMS]]
        if (more := len(items) - _MOST_ITEMS) > 0:
            shown.append(f"... {more} more item{'s' if more > 1 else ''}")
        return shown

    def _headers(self, headers: Any, level: int) -> str:
        pairs = [f"{quoted(name)} => {quoted(value)}" for name, value in headers._sorted()]
        frozen = "true" if headers._guard == "immutable" else "false"
        return _block(f"Headers({len(pairs)}) {{", [*pairs, f"[immutable]: {frozen}"], "}", level)

    def _members(self, value: JsProxy, level: int) -> list[str]:
        own: Iterable[tuple[str, Any]] = value._entries()
        if not isinstance(value, JsObject):
            own = (*_attributes(value), *own)
        return [f"{_key(key)}: {self.show(item, level + 1)}" for key, item in own]

    def _promise(self, future: asyncio.Future[Any], level: int) -> str:
        if not future.done() or future.cancelled():
            return "Promise { <pending> }"
        if (error := future.exception()) is not None:
            return f"Promise {{ <rejected> {_error(error)} }}"
        return f"Promise {{ {self.show(future.result(), level + 1)} }}"


def _attributes(value: JsProxy) -> Iterator[tuple[str, Any]]:
    """The attributes of a host object's interface, its own before inherited ones."""
    for cls in type(value).__mro__:
        for name, member in vars(cls).items():
            if not isinstance(member, property) or name.startswith("_") or cls is JsProxy:
                continue
            try:
                yield name, getattr(value, name)
            except Exception:  # an attribute that cannot be read now is no reason to fail
                continue


def _error(error: BaseException) -> str:
    if isinstance(error, JsException):
        return error.stack
    return "".join(traceback.format_exception(error)).rstrip()


def quoted(text: str) -> str:
    """A string inside an object: in single quotes, or others where it holds some."""
    mark = next((mark for mark in "'\"`" if mark not in text), "'")
    body = text.encode("unicode_escape").decode() if not text.isprintable() else text
    if text.isprintable():
        body = body.replace("\\", "\\\\")
    return f"{mark}{body.replace(mark, chr(92) + mark)}{mark}"


def _key(name: str) -> str:
    return name if _IDENTIFIER.match(name) else quoted(name)


def _block(start: str, items: list[str], end: str, level: int) -> str:
    """The members between their brackets, on one line if they fit."""
    if not items:
        return f"{start}{end}"
    indent = 2 * level
    width = sum(map(len, items)) + 2 * len(items) + indent + len(start) + 10
    if width <= _WIDTH and not any("\n" in item for item in items):
        return f"{start} {', '.join(items)} {end}"
    inner = " " * (indent + 2)
    return f"{start}\n{inner}" + f",\n{inner}".join(items) + f"\n{' ' * indent}{end}"
