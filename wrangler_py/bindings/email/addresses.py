"""Addresses as a script gives them: `"Name <a@b.c>"`, `"a@b.c"`, or `{"email", "name"}`."""

from __future__ import annotations

import re
from typing import Any

from ...js.array import JsArray
from ...js.callbacks import member
from ...js.convert import is_primitive, to_string
from ...js.errors import type_error
from ...js.null import is_nullish

__all__ = ["address_of", "formatted", "list_of", "name_in"]

_IN_BRACKETS = re.compile(r"<([^>]+)>\s*$")


def name_in(text: str) -> str:
    """The address alone."""
    found = _IN_BRACKETS.search(text)
    return (found[1] if found else text).strip()


def address_of(given: Any) -> str:
    """The address alone.

    Raises: JsException: nothing was given.
    """
    if isinstance(given, str):
        return name_in(given)
    if is_nullish(given):
        kind = "undefined" if given is None else "null"
        raise type_error(f"Cannot read properties of {kind} (reading 'email')")
    return to_string(None if is_primitive(given) else member(given, "email"))


def formatted(given: Any) -> str:
    """For a header, and for a person."""
    if isinstance(given, str):
        return given
    if member(given, "name") is None:
        raise type_error("Cannot read properties of undefined (reading 'replace')")
    name = re.sub(r'(["\\])', r"\\\1", to_string(member(given, "name")))
    return f'"{name}" <{to_string(member(given, "email"))}>'


def list_of(given: Any) -> list[Any]:
    """One or several."""
    return list(given) if isinstance(given, JsArray) else [given]
