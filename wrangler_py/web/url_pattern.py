"""URLPattern, matched by the library that Deno has.

Implements: https://urlpattern.spec.whatwg.org/#urlpattern-class
Differs: no look-around and no back references in expressions, and no `ignoreCase` with groups.
Differs: before 2025-05-01 Cloudflare has an implementation of its own, which this is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NoReturn

from ..errors import NotEmulated
from ..js.callbacks import member
from ..js.convert import is_primitive, to_boolean
from ..js.errors import type_error
from ..js.null import is_nullish, null
from ..js.object import JsObject
from ..js.proxy import JsProxy
from .idl import bad_init, usv_string, without_new

try:
    import urlpattern
except ImportError:  # it has no wheel for this Python
    urlpattern = None  # type: ignore[assignment]

PARTS = ("protocol", "username", "password", "hostname", "port", "pathname", "search", "hash")
_MEMBERS = (*PARTS, "baseURL")
_LOOKS_AROUND = re.compile(r"\(\?<?[=!]|\\\\[1-9]")
_GROUP = re.compile(r"(?<!\\)[:*({]")


class URLPattern(JsProxy):
    """A pattern that URLs match, and what it finds in them."""

    _called_without_new = without_new("URLPattern")

    def __init__(self, input: Any = None, base: Any = None, options: Any = None) -> None:
        if urlpattern is None:
            raise NotEmulated("URLPattern", hint="`pip install urlpattern` puts it in its place")
        if not is_nullish(options) and is_primitive(options):
            raise bad_init("URLPattern", 3, "URLPatternOptions")
        if not is_nullish(base) and not is_primitive(base):
            base, options = None, base
        any_case = not is_nullish(options) and to_boolean(member(options, "ignoreCase"))
        given: list[Any] = [*_input(input, base), {"ignoreCase": any_case}]
        make: Any = urlpattern.URLPattern
        try:
            self._pattern: urlpattern.URLPattern = make(*given)
        except (ValueError, TypeError):
            if _LOOKS_AROUND.search(str(given)):
                raise NotEmulated("URLPattern: look-around and back references") from None
            raise type_error("Failed to construct URLPattern") from None
        if any_case and any(_has_groups(getattr(self._pattern, part)) for part in PARTS):
            raise NotEmulated("URLPattern: ignoreCase where something is matched by name or by *")

    @classmethod
    def _construct(cls, *args: Any) -> URLPattern:
        return cls(*args[:3])

    @property
    def protocol(self) -> str:
        return self._pattern.protocol

    @property
    def username(self) -> str:
        return self._pattern.username

    @property
    def password(self) -> str:
        return self._pattern.password

    @property
    def hostname(self) -> str:
        return self._pattern.hostname

    @property
    def port(self) -> str:
        return self._pattern.port

    @property
    def pathname(self) -> str:
        return self._pattern.pathname

    @property
    def search(self) -> str:
        return self._pattern.search

    @property
    def hash(self) -> str:
        return self._pattern.hash

    @property
    def hasRegExpGroups(self) -> bool:
        return self._pattern.hasRegExpGroups

    def test(self, input: Any = None, base: Any = None) -> bool:
        try:
            return self._pattern.test(*_input(input, base))
        except (ValueError, TypeError):
            _refuse("test")

    def exec(self, input: Any = None, base: Any = None) -> Any:
        given = _input(input, base)
        try:
            found = self._pattern.exec(*given)
        except (ValueError, TypeError):
            _refuse("exec")
        return null() if found is None else _result(given, found)

    def _entries(self) -> Iterator[tuple[str, Any]]:
        return iter(())


def _has_groups(part: str) -> bool:
    return part != "*" and _GROUP.search(part) is not None


def _refuse(method: str) -> NoReturn:
    raise type_error(f"Failed to {method} URLPattern")


def _plain(input: Any) -> Any:
    """A string, or the members that an object has."""
    if is_nullish(input):
        return {}
    if is_primitive(input):
        return usv_string(input)
    found = {name: member(input, name) for name in _MEMBERS}
    return {name: usv_string(value) for name, value in found.items() if value is not None}


def _input(input: Any, base: Any) -> list[Any]:
    given = [_plain(input)]
    return given if is_nullish(base) else [*given, usv_string(base)]


def _result(given: list[Any], found: Any) -> JsObject:
    from ..js.array import JsArray  # loaded with most scripts

    inputs = [
        each if isinstance(each, str) else JsObject({name: each.get(name) for name in _MEMBERS})
        for each in given
    ]
    parts = {
        name: JsObject(
            {"input": found[name]["input"], "groups": JsObject(dict(found[name]["groups"]))}
        )
        for name in PARTS
    }
    return JsObject({"inputs": JsArray(inputs), **parts})
