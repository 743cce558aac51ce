"""URL, parsed by the parser that workerd uses.

Implements: https://url.spec.whatwg.org/#url-class
Differs, as workerd does: `createObjectURL` and `revokeObjectURL` throw.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ada_url

from ..js.errors import error, type_error
from ..js.null import null
from ..js.proxy import JsProxy
from .idl import MISSING, bad_argument, bad_init, bad_member, usv_string, without_new
from .url_search_params import URLSearchParams

INVALID = "Invalid URL string."


def _parse(url: str, base: str | None) -> ada_url.URL | None:
    try:
        return ada_url.URL(url, base)
    except ValueError:
        return None


def normalize(url: str) -> str:
    """Return the serialized form of the absolute ``url``.

    Raises:
        JsException: a TypeError, if it does not parse.
    """
    parsed = _parse(url, None)
    if parsed is None:
        raise type_error(INVALID)
    return str(parsed.href)


def _component(name: str) -> property:
    """Make the property of a part of the URL; what does not fit there is ignored."""

    def read(self: URL) -> str:
        return str(getattr(self._url, name))

    def write(self: URL, value: Any) -> None:
        try:
            setattr(self._url, name, usv_string(value))
        except ValueError:
            return

    return property(read, write)


class URL(JsProxy):
    """A parsed URL."""

    _called_without_new = without_new("URL")

    def __init__(self, url: Any = MISSING, base: Any = None) -> None:
        if url is MISSING:
            raise bad_init("URL", 1, "USVString")
        parsed = _parse(usv_string(url), None if base is None else usv_string(base))
        if parsed is None:
            raise type_error(INVALID)
        self._url = parsed
        self._params: URLSearchParams | None = None

    @property
    def href(self) -> str:
        return str(self._url.href)

    @href.setter
    def href(self, value: Any) -> None:
        try:
            self._url.href = usv_string(value)
        except ValueError:
            raise bad_member("URL", "href", "valid URL string") from None
        self._reread()

    @property
    def search(self) -> str:
        return str(self._url.search)

    @search.setter
    def search(self, value: Any) -> None:
        self._url.search = usv_string(value)
        self._reread()

    protocol = _component("protocol")
    username = _component("username")
    password = _component("password")
    host = _component("host")
    hostname = _component("hostname")
    port = _component("port")
    pathname = _component("pathname")
    hash = _component("hash")

    @property
    def origin(self) -> str:
        return str(self._url.origin)

    @property
    def searchParams(self) -> URLSearchParams:
        if self._params is None:
            self._params = URLSearchParams._of(self.search, self._replace_query)
        return self._params

    def _replace_query(self, query: str) -> None:
        self._url.search = query

    def _reread(self) -> None:
        if self._params is not None:
            self._params._read(self.search)

    def toString(self) -> str:
        return self.href

    def toJSON(self) -> str:
        return self.href

    @staticmethod
    def canParse(url: Any = MISSING, base: Any = None) -> bool:
        return _static(url, base, "canParse") is not None

    @staticmethod
    def parse(url: Any = MISSING, base: Any = None) -> Any:
        parsed = _static(url, base, "parse")
        return null() if parsed is None else parsed

    @staticmethod
    def createObjectURL(*_: Any) -> str:
        raise error("URL.createObjectURL() is not implemented")

    @staticmethod
    def revokeObjectURL(*_: Any) -> None:
        raise error("URL.revokeObjectURL() is not implemented")

    def _entries(self) -> Iterator[tuple[str, Any]]:
        return iter(())


def _static(url: Any, base: Any, method: str) -> URL | None:
    if url is MISSING:
        raise bad_argument("URL", method, 1, "USVString")
    parsed = _parse(usv_string(url), None if base is None else usv_string(base))
    if parsed is None:
        return None
    made = URL.__new__(URL)
    made._url, made._params = parsed, None
    return made
