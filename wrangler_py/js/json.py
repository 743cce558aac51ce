"""The `JSON` object, over Python's parser and V8's words for what is wrong with a text.

Implements: https://tc39.es/ecma262/#sec-json-object
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable
from json.encoder import encode_basestring
from typing import Any

from . import profile
from .array import JsArray
from .callbacks import HOLE, Expired, PyProxy, is_callable, iterated, recall
from .convert import is_bigint, number, number_text, to_integer, to_number, to_string
from .errors import type_error
from .json_errors import json_error
from .null import jsnull
from .object import JsObject, entries_of
from .proxy import JsFunction, JsProxy

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class _Json(JsProxy, js_name="JSON", raw=True):
    """`JSON`: both functions."""

    constructor = JsProxy.constructor

    def __init__(self) -> None:
        self.parse = JsFunction(parse, "parse")
        self.stringify = JsFunction(stringify, "stringify")


def parse(text: Any = None, reviver: Any = None) -> Any:
    """`JSON.parse`.

    Raises:
        JsException: a SyntaxError, as ``text`` is not JSON.
    """
    source = to_string(text)
    try:
        value = _js(_DECODER.decode(source))
    except (ValueError, RecursionError):
        raise json_error(source) from None
    if is_callable(reviver):
        return _revive(JsObject({"": value}), "", reviver)
    return recall(value)


def _constant(name: str) -> Any:
    """NaN and Infinity, which Python's parser would take."""
    raise ValueError(name)


def _js(value: Any) -> Any:
    """A parsed value as JavaScript has it; the objects in it are made already."""
    if type(value) is list:
        return JsArray([_js(item) for item in value])
    return jsnull if value is None else value


def _object(pairs: list[tuple[str, Any]]) -> JsObject:
    return JsObject({key: _js(value) for key, value in pairs})


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=lambda text: number(float(text)),
    parse_int=lambda text: number(int(text)) if len(text) < 400 else number(float(text)),
    parse_constant=_constant,
)


def _revive(holder: Any, key: str, reviver: Callable[..., Any]) -> Any:
    raw = holder._items[int(key)] if isinstance(holder, JsArray) else holder._props[key]
    if isinstance(raw, JsArray):
        raw._items[:] = [_revive(raw, str(i), reviver) for i in range(len(raw._items))]
    elif isinstance(raw, JsObject):
        for name in list(raw._props):
            revived = _revive(raw, name, reviver)
            if revived is None:
                raw._props.pop(name, None)
            else:
                raw._props[name] = revived
    return reviver(key, recall(raw))


def stringify(value: Any = None, replacer: Any = None, space: Any = None) -> str | None:
    """`JSON.stringify`; None (undefined) for what JSON cannot say."""
    text = _Writer(replacer, _gap(space)).write("", value, JsObject({"": value}), "")
    return text


def _gap(space: Any) -> str:
    if isinstance(space, str):
        return space[:10]
    if isinstance(space, (int, float)) and not isinstance(space, bool):
        return " " * max(0, min(10, to_integer(space)))
    return ""


class _Writer:
    def __init__(self, replacer: Any, gap: str) -> None:
        self.gap = gap
        self.open: list[Any] = []
        self.replace: Callable[..., Any] | None = None
        self.only: list[str] | None = None
        if isinstance(replacer, JsArray) or (_sequences() and isinstance(replacer, _SEQUENCES)):
            self.only = [to_string(name) for name in replacer]
        elif replacer is not None and is_callable(replacer):
            self.replace = replacer

    def write(self, key: str, value: Any, holder: Any, indent: str) -> str | None:
        if type(value) is str:
            if self.replace is None:
                return quote(value)
        elif isinstance(value, JsProxy):
            value = _to_json(value, key)
        if self.replace is not None:
            value = self.replace(key, recall(value))
        return self.plain(value, indent)

    def plain(self, value: Any, indent: str) -> str | None:
        """A value after `toJSON` and the replacer."""
        scalar = _scalar(value)
        if scalar is not None:
            return scalar
        value = _unboxed(value)
        if value is None or is_callable(value):
            return None
        if isinstance(value, str):
            return quote(str(value))
        if isinstance(value, (int, float)):
            return self.plain(value, indent)
        if any(value is seen for seen in self.open):
            raise type_error("Converting circular structure to JSON")
        self.open.append(value)
        try:
            return self.array(value, indent) if _is_array(value) else self.object(value, indent)
        finally:
            self.open.pop()

    def array(self, value: Any, indent: str) -> str:
        items: Iterable[Any] = value._items if isinstance(value, JsArray) else map(iterated, value)
        deeper = indent + self.gap
        parts = [
            self.write(str(i), None if x is HOLE else x, value, deeper) or "null"
            for i, x in enumerate(items)
        ]
        return self.enclose("[", parts, "]", indent)

    def object(self, value: Any, indent: str) -> str:
        pairs = entries_of(value)
        if self.only is not None:
            have = dict(pairs)
            pairs = [(name, have[name]) for name in self.only if name in have]
        deeper = indent + self.gap
        colon = ": " if self.gap else ":"
        parts = []
        for key, item in pairs:
            text = self.write(key, item, value, deeper)
            if text is not None:
                parts.append(f"{quote(key)}{colon}{text}")
        return self.enclose("{", parts, "}", indent)

    def enclose(self, start: str, parts: list[str], end: str, indent: str) -> str:
        if not self.gap or not parts:
            return f"{start}{','.join(parts)}{end}"
        deeper = f"\n{indent}{self.gap}"
        return f"{start}{deeper}{f',{deeper}'.join(parts)}\n{indent}{end}"


def _scalar(value: Any) -> str | None:
    if value is jsnull:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, (int, float)):
        if is_bigint(value):
            raise type_error("Do not know how to serialize a BigInt")
        return number_text(float(value)) if math.isfinite(value) else "null"
    return None


def _to_json(value: JsProxy, key: str) -> Any:
    """The value that an object gives for itself."""
    if isinstance(value, JsObject):
        method = value._member("toJSON")
    else:
        method = getattr(value, "toJSON", None)
    return method(key) if callable(method) else value


def _unboxed(value: Any) -> Any:
    """A primitive for `new Number(1)` and its like; a Python object for its handle."""
    if type(value) is Expired:
        return recall(value)
    if isinstance(value, PyProxy):
        return value._get()
    if isinstance(value, JsProxy) and type(value)._js_name in ("Number", "String", "Boolean"):
        primitive = value.valueOf()
        return to_number(primitive) if type(value)._js_name == "Number" else primitive
    if isinstance(value, JsProxy) and type(value)._js_name == "BigInt":
        raise type_error("Do not know how to serialize a BigInt")
    return value


_SEQUENCES = (list, tuple, bytes, bytearray)


def _sequences() -> bool:
    """Whether a Python list is an array to JavaScript."""
    return profile.current().dict_properties


def _is_array(value: Any) -> bool:
    return isinstance(value, JsArray) or (_sequences() and isinstance(value, _SEQUENCES))


def quote(text: str) -> str:
    """A JSON string; a lone surrogate is written as an escape."""
    quoted = encode_basestring(text)
    if not quoted.isascii() and _LONE_SURROGATE.search(quoted):
        quoted = _LONE_SURROGATE.sub(lambda found: f"\\u{ord(found.group()):04x}", quoted)
    return str(quoted)


JSON = _Json()
