"""Durable Object ids: 64 hex digits, stable per name and class, checked against their class.

The first half is random, or a keyed hash of the name; the second half is a keyed hash of the
first, so that an id of one class is refused by another. The key is the class's unique key,
`<worker>-<Class>`: the ids are those that wrangler computes.

Implements: https://developers.cloudflare.com/durable-objects/api/id/
Differs: jurisdictions, which local workerd refuses, are part of the key here.
"""

from __future__ import annotations

import os
from typing import Any, NoReturn

from ..js.convert import to_string
from ..js.errors import type_error
from ..js.proxy import JsProxy
from ..stores.ids import HALF, class_key, completed, named_half
from ..web.idl import bad_argument

JURISDICTIONS = ("eu", "fedramp", "fedramp-high", "us")


class DurableObjectId(JsProxy):
    """The identity of one object."""

    def __init__(self, text: str, name: str | None, jurisdiction: str | None) -> None:
        self._text = text
        self.name = name
        self.jurisdiction = jurisdiction

    @classmethod
    def _construct(cls, *_: Any) -> NoReturn:
        raise type_error("Illegal constructor")

    def toString(self) -> str:
        return self._text

    def equals(self, other: Any) -> bool:
        if not isinstance(other, DurableObjectId):
            raise bad_argument("DurableObjectId", "equals", 1, "DurableObjectId")
        return self._text == other._text


class IdFactory:
    """Makes and checks the ids of one class, within a jurisdiction or without one."""

    def __init__(self, unique_key: str, jurisdiction: str | None = None) -> None:
        self.unique_key = unique_key
        self.jurisdiction = jurisdiction
        self._key = class_key(unique_key, jurisdiction)

    def within(self, jurisdiction: str | None) -> IdFactory:
        """The factory of `namespace.jurisdiction(...)`.

        Raises:
            TypeError: there is no such jurisdiction.
        """
        if jurisdiction is not None and jurisdiction not in JURISDICTIONS:
            raise type_error(f"Invalid jurisdiction: {jurisdiction}")
        return IdFactory(self.unique_key, jurisdiction)

    def from_name(self, name: Any) -> DurableObjectId:
        text = to_string(name)
        whole = completed(self._key, named_half(self._key, text))
        return DurableObjectId(whole, text, self.jurisdiction)

    def new_unique(self, jurisdiction: str | None = None) -> DurableObjectId:
        factory = self if jurisdiction is None else self.within(jurisdiction)
        text = completed(factory._key, os.urandom(HALF))
        return DurableObjectId(text, None, factory.jurisdiction)

    def from_string(self, text: Any) -> DurableObjectId:
        """
        Raises:
            TypeError: not an id, or one of another class.
        """
        digits = to_string(text)
        try:
            raw = bytes.fromhex(digits) if digits.isalnum() else b""
        except ValueError:
            raw = b""
        if len(digits) != 64 or len(raw) != 2 * HALF:
            raise type_error("Invalid Durable Object ID: must be 64 hex digits")
        for jurisdiction in (self.jurisdiction,) if self.jurisdiction else (None, *JURISDICTIONS):
            if completed(class_key(self.unique_key, jurisdiction), raw[:HALF]) == raw.hex():
                return DurableObjectId(raw.hex(), None, jurisdiction)
        raise type_error("Durable Object ID is not valid for this namespace.")


def unique_key(worker: str, class_name: str) -> str:
    """What the ids of a class are derived from; also the name of its folder of files."""
    return f"{worker}-{class_name}"
