"""The opening handshake: may this request become a WebSocket, and what the 101 says.

The checks apply only when the worker answers with a WebSocket; it may answer anything else to
an upgrade request.

Implements: RFC 6455, section 4.2
Differs: strict where Cloudflare's runtime is not (HTTP/1.0, a malformed key, no `Connection`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable
from http import HTTPStatus

from aiohttp import hdrs
from aiohttp.http import HttpVersion11, RawRequestMessage

from ..js.errors import type_error
from .admission import Refusal
from .deflate import Agreement, negotiate

__all__ = ["WRONG_VERSION", "accept_header", "agree", "check_asked", "judge", "switching_head"]

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_NOT_ASKED = (
    "Worker tried to return a WebSocket in a response to a request which did not contain the "
    'header "Upgrade: websocket".'
)
WRONG_VERSION = Refusal(
    HTTPStatus.UPGRADE_REQUIRED, "ERROR: The requested WebSocket version is not supported."
)
"""Goes out with `Sec-WebSocket-Version: 13`."""
# Set by the handshake itself, or without meaning in a 101.
_RESERVED = frozenset(
    {
        "connection",
        "content-length",
        "keep-alive",
        "sec-websocket-accept",
        "sec-websocket-extensions",
        "transfer-encoding",
        "upgrade",
    }
)


def check_asked(message: RawRequestMessage) -> None:
    """A worker may answer with a WebSocket only if it was asked for one.

    Raises:
        JsException: TypeError with production's text.
    """
    if message.headers.get(hdrs.UPGRADE, "").lower() != "websocket":
        raise type_error(_NOT_ASKED)


def judge(message: RawRequestMessage, *, has_body: bool) -> Refusal | None:
    """What is wrong with an upgrade request that the worker agreed to."""
    headers = message.headers
    if message.method != hdrs.METH_GET:
        return _bad("ERROR: WebSocket must be initiated with a GET request.")
    if headers.getall(hdrs.SEC_WEBSOCKET_VERSION, []) != ["13"]:
        return WRONG_VERSION
    keys = headers.getall(hdrs.SEC_WEBSOCKET_KEY, [])
    if not keys or not keys[0]:
        return _bad("ERROR: Missing Sec-WebSocket-Key")
    if len(keys) > 1 or not _is_key(keys[0]):
        return _bad("ERROR: Invalid Sec-WebSocket-Key")
    if message.version != HttpVersion11:
        return _bad("ERROR: WebSocket must be initiated with an HTTP/1.1 request.")
    if has_body:
        return _bad("ERROR: WebSocket must be initiated with a request without a body.")
    options = ",".join(headers.getall(hdrs.CONNECTION, [])).lower().split(",")
    if "upgrade" not in (option.strip(" \t") for option in options):
        return _bad("ERROR: Missing Connection: Upgrade")
    return None


def _bad(text: str) -> Refusal:
    return Refusal(HTTPStatus.BAD_REQUEST, text)


def _is_key(key: str) -> bool:
    try:
        return len(key) == 24 and len(base64.b64decode(key, validate=True)) == 16
    except (binascii.Error, ValueError):
        return False


def accept_header(key: str) -> str:
    """`Sec-WebSocket-Accept` for a client's ``key`` (RFC 6455, section 4.2.2)."""
    return base64.b64encode(hashlib.sha1(key.encode() + _GUID).digest()).decode()


def agree(message: RawRequestMessage, pairs: Iterable[tuple[str, str]]) -> Agreement | None:
    """The compression for a worker that allows it; ``pairs`` are its response's headers."""
    offered = ", ".join(message.headers.getall(hdrs.SEC_WEBSOCKET_EXTENSIONS, []))
    if not offered:
        return None
    name = "sec-websocket-extensions"
    return negotiate(offered, ", ".join(value for key, value in pairs if key.lower() == name))


def switching_head(key: str, pairs: Iterable[tuple[str, str]], agreement: Agreement | None) -> str:
    """The 101: what the protocol needs first, then the worker's headers."""
    lines = [
        "HTTP/1.1 101 Switching Protocols",
        "Connection: Upgrade",
        "Upgrade: websocket",
        f"Sec-WebSocket-Accept: {accept_header(key)}",
    ]
    if agreement is not None:
        lines.append(f"Sec-WebSocket-Extensions: {agreement.header()}")
    for name, value in pairs:
        lower = name.lower()
        if not name or lower in _RESERVED or (lower == "sec-websocket-protocol" and not value):
            continue
        lines.append(f"{name}: {value}")
    return "\r\n".join((*lines, "", ""))
