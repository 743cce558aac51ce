"""Which request heads reach the worker: what aiohttp's parser accepts and should not.

Implements: https://www.rfc-editor.org/rfc/rfc9112 (sections 3.2, 6.1),
https://www.rfc-editor.org/rfc/rfc9110 (sections 4.2, 7.2, 10.1.1)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus
from typing import NamedTuple

from aiohttp import hdrs
from aiohttp.http import HttpVersion10, HttpVersion11, RawRequestMessage

from ..web.request import METHODS

__all__ = ["CONTINUE", "Refusal", "Target", "admit", "host_name"]

_HOST = re.compile(
    r"(?:(?P<name>[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.?)|(?P<ipv6>\[[0-9A-Fa-f:.]+\]))(?::(?P<port>\d{1,5}))?"
)
_NUMERIC = re.compile(r"(?:^|\.)(?:\d+|0[xX][0-9A-Fa-f]*)\.?$")
# What WHATWG's URL parser leaves as it is; anything else goes through the real one.
_PLAIN_TARGET = re.compile(
    r"/(?:[A-Za-z0-9_~!$&()*+,;=:@/-]|\.(?=[A-Za-z0-9]))*(?:\?[A-Za-z0-9._~!$&()*+,;=:@/?%-]*)?"
)


CONTINUE = "100-continue"
_PORTS = {"http": 80, "https": 443}
_LENGTH_DIGITS = 18


class Refusal(NamedTuple):
    """An answer that the worker has no part in."""

    status: HTTPStatus
    text: str


class Target(NamedTuple):
    """Where an admitted request goes."""

    path: str
    """Path and query as sent."""
    url: str
    """The absolute URL, as WHATWG's parser would write it."""


def admit(
    message: RawRequestMessage,
    own_address: Callable[[], str],
    *,
    has_body: bool,
    scheme: str = "http",
) -> Target | Refusal:
    """Judge a request head. ``own_address`` stands in where HTTP/1.0 names no Host."""
    version = message.version
    if version != HttpVersion11 and version != HttpVersion10:
        return Refusal(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, "This server speaks HTTP/1.1.")
    if message.method not in METHODS:
        return Refusal(HTTPStatus.NOT_IMPLEMENTED, "Unknown method.")
    headers = message.headers
    coding = headers.get(hdrs.TRANSFER_ENCODING)
    if coding is not None and (refusal := _judge_coding(coding, message)):
        return refusal
    if has_body and (refusal := _judge_body(message)):
        return refusal
    host = headers.get(hdrs.HOST)
    if host is None:
        host = own_address()
    origin = origin_of(host, scheme)
    if origin is None:
        return Refusal(HTTPStatus.BAD_REQUEST, "Invalid Host header.")
    path = message.path
    if _PLAIN_TARGET.fullmatch(path) is not None:
        return Target(path, origin + path)
    return _judge_target(path, origin, scheme)


def _judge_coding(coding: str, message: RawRequestMessage) -> Refusal | None:
    """Chunked is the only transfer coding here, and HTTP/1.0 has none."""
    if message.version == HttpVersion10 or not message.chunked:
        return Refusal(HTTPStatus.BAD_REQUEST, "Invalid Transfer-Encoding.")
    if coding.lower() != "chunked":
        return Refusal(HTTPStatus.NOT_IMPLEMENTED, "Only chunked transfer coding is supported.")
    return None


def _judge_body(message: RawRequestMessage) -> Refusal | None:
    if len(message.headers.get(hdrs.CONTENT_LENGTH, "")) > _LENGTH_DIGITS:
        return Refusal(HTTPStatus.BAD_REQUEST, "Invalid Content-Length.")
    if message.headers.get(hdrs.EXPECT, CONTINUE).lower() != CONTINUE:
        return Refusal(HTTPStatus.EXPECTATION_FAILED, "Unknown expectation.")
    return None


def _judge_target(path: str, origin: str, scheme: str) -> Target | Refusal:
    """A target with something unusual in it."""
    if path[:1] != "/":
        absolute = re.fullmatch(r"([A-Za-z]+)://([^/?#]+)(.*)", path, re.DOTALL)
        if absolute is None or absolute[1].lower() != scheme:
            return Refusal(HTTPStatus.BAD_REQUEST, "Invalid request target.")
        if origin_of(absolute[2], scheme) != origin:
            return Refusal(HTTPStatus.BAD_REQUEST, "Invalid request target.")
        path = absolute[3] if absolute[3][:1] == "/" else "/" + absolute[3]
    if "#" in path or not path.isprintable():
        return Refusal(HTTPStatus.BAD_REQUEST, "Invalid request target.")
    from ada_url import URL  # costly to load, and few targets need it

    try:
        return Target(path, URL(origin + path).href)
    except ValueError:
        return Refusal(HTTPStatus.BAD_REQUEST, "Invalid request target.")


@lru_cache(maxsize=256)
def origin_of(host: str, scheme: str = "http") -> str | None:
    """`http://...` for a Host header, normalized; None if it is hostile or malformed."""
    found = _HOST.fullmatch(host)
    if found is None or (found["port"] is not None and int(found["port"]) > 0xFFFF):
        return None
    name = (found["name"] or found["ipv6"]).lower()
    if found["ipv6"] or _NUMERIC.search(name) or "xn--" in name:
        from ada_url import URL  # costly to load, and few hosts need it

        try:
            name = URL(f"http://{name}/").hostname
        except ValueError:
            return None
    port = int(found["port"]) if found["port"] is not None else _PORTS[scheme]
    return f"{scheme}://{name}" if port == _PORTS[scheme] else f"{scheme}://{name}:{port}"


def host_name(host: str) -> str | None:
    """The name or address in a Host header or an origin's authority, without its port."""
    origin = origin_of(host)
    if origin is None:
        return None
    name = origin.removeprefix("http://")
    return name if name.endswith("]") else name.rpartition(":")[0] or name
