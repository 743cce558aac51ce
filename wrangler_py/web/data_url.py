"""`data:` URLs, which `fetch()` answers without a network.

Implements: https://fetch.spec.whatwg.org/#data-urls
"""

from __future__ import annotations

import base64
import binascii
from urllib.parse import unquote_to_bytes

from ..js.errors import type_error
from .response import Response, fetched

_DEFAULT_TYPE = "text/plain;charset=US-ASCII"


async def respond(url: str, method: str) -> Response:
    """The Response that a `data:` URL stands for.

    Raises:
        JsException: TypeError, if it is none.
    """
    head, comma, data = url.partition("#")[0].removeprefix("data:").partition(",")
    if not comma:
        raise type_error(f"Fetch API cannot load: {url}")
    kind, semicolon, encoding = head.rpartition(";")
    body = unquote_to_bytes(data)
    if semicolon and encoding.strip().lower() == "base64":
        body = _from_base64(body, url)
    else:
        kind = head
    kind = kind.strip()
    if not kind or kind.startswith(";"):
        kind = f"text/plain{kind}" if kind else _DEFAULT_TYPE
    pairs = [("content-type", kind)]
    return fetched(200, "", pairs, body if method == "GET" else None)


def _from_base64(data: bytes, url: str) -> bytes:
    try:
        text = b"".join(data.split())
        return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        raise type_error(f"Fetch API cannot load: {url}") from None
