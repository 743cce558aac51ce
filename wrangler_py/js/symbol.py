"""Symbols, as far as Python can hold them: values with a description.

Implements: https://tc39.es/ecma262/#sec-symbol-objects
"""

from __future__ import annotations

from typing import Any, ClassVar

from .convert import to_string
from .errors import type_error
from .proxy import JsProxy


class Symbol(JsProxy):
    """`Symbol(description)`; never built with `new`."""

    _registry: ClassVar[dict[str, Symbol]] = {}

    def __init__(self, description: str | None = None) -> None:
        self.description = description

    @classmethod
    def _construct(cls, *_: Any) -> Any:
        raise type_error("Symbol is not a constructor")

    @classmethod
    def _called(cls, *args: Any) -> Symbol:
        return cls(None if not args or args[0] is None else to_string(args[0]))

    @staticmethod
    def for_(key: Any = None) -> Symbol:
        return Symbol._registry.setdefault(to_string(key), Symbol(to_string(key)))

    @staticmethod
    def keyFor(symbol: Any = None) -> str | None:
        return next((key for key, known in Symbol._registry.items() if known is symbol), None)

    @property
    def typeof(self) -> str:
        return "symbol"

    def toString(self) -> str:
        return f"Symbol({self.description or ''})"


_KNOWN = ("asyncDispose", "asyncIterator", "dispose", "hasInstance", "iterator", "toPrimitive")
for _name in (*_KNOWN, "toStringTag", "match", "replace", "search", "species", "split"):
    type.__setattr__(Symbol, _name, Symbol(f"Symbol.{_name}"))
