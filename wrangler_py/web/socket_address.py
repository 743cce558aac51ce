"""Where a socket leads, and how: what `connect()` is given, with what it says to everything else.

Implements: https://developers.cloudflare.com/workers/runtime-apis/tcp-sockets/#connect
"""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

import ada_url

from ..js.callbacks import member
from ..js.convert import is_primitive, to_boolean, to_number, to_string
from ..js.errors import JsException, type_error
from ..js.null import is_nullish

__all__ = ["Address", "Options", "read_address", "read_options"]

_HOST = re.compile(r"[A-Za-z0-9._\[\]:-]{1,255}")
_LAST_PORT = 65535


class Address(NamedTuple):
    """A host and a port, and both as the script said them."""

    host: str
    port: int
    text: str


class Options(NamedTuple):
    """How to connect."""

    secure: str = "off"
    """`off`, `on`, or `starttls`: off first, and TLS later."""
    allow_half_open: bool = False
    high_water_mark: int | None = None


def read_address(given: Any) -> Address:
    """Raises: JsException: a TypeError, in workerd's words."""
    if is_nullish(given):
        raise _no_struct("SocketAddress")
    if is_primitive(given):
        text = to_string(given)
        host, port = _parsed(text)
    else:
        port = _integer(member(given, "port"), "number")
        if port > _LAST_PORT:
            raise type_error(f"Value out of range. Must be less than or equal to {_LAST_PORT}.")
        host = to_string(member(given, "hostname"))
        text = f"{host}:{port}"
    if not _HOST.fullmatch(text):
        raise type_error(
            "Specified address is empty string, contains unsupported characters or is too long."
        )
    return Address(host.removeprefix("[").removesuffix("]"), port, text)


def _parsed(text: str) -> tuple[str, int]:
    try:
        url = ada_url.URL(f"fake://{text}")
    except ValueError:
        raise type_error("Specified address could not be parsed.") from None
    if not url.hostname:
        raise type_error("Specified address is missing hostname.")
    if not url.port:
        raise type_error("Specified address is missing port.")
    return url.hostname, int(url.port)


def read_options(given: Any) -> Options:
    """Raises: JsException: a TypeError, in workerd's words."""
    if given is None:
        return Options()
    if is_nullish(given):
        raise _no_struct("SocketOptions")
    if is_primitive(given):
        raise type_error(
            "Failed to execute 'connect' on 'SocketsModule': parameter 2 is not of type "
            "'SocketOptions'."
        )
    mark, secure = member(given, "highWaterMark"), member(given, "secureTransport")
    high_water_mark = None if mark is None else _integer(mark, "bigint")
    kind = "off" if secure is None else to_string(secure)
    if kind not in ("off", "on", "starttls"):
        raise type_error(f"Unsupported value in secureTransport socket option: {kind}")
    return Options(kind, to_boolean(member(given, "allowHalfOpen")), high_water_mark)


def _no_struct(name: str) -> JsException:
    return type_error(
        f"Cannot initialize N7workerd3api{len(name)}{name}E with required members from an "
        "undefined or null value."
    )


def _integer(value: Any, kind: str) -> int:
    number = to_number(value)
    if not math.isfinite(number) or (kind == "bigint" and number != int(number)):
        raise type_error("The value cannot be converted because it is not an integer.")
    if number < 0:
        raise type_error(
            "The value cannot be converted because it is negative and this API expects a "
            f"positive {kind}."
        )
    return int(number)
