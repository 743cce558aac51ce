"""An answer over HTTP in the form in which it is recorded and compared."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from .remarks import REMARKS
from .site import Asked, parts_of
from .sites import SITES

TABLES = {"sites": SITES, "remarks": REMARKS}
RECORDED = Path(__file__).parent / "recorded"
_ETAG = re.compile(r'"[0-9a-f]{32}"')
_HOST = re.compile(r"http://127\.0\.0\.1:\d+")
_OF_THE_CONNECTION = ("date", "connection", "keep-alive", "transfer-encoding")


def spelled(asked: Asked) -> str:
    """A request as the key of its answer."""
    method, path, headers = parts_of(asked)
    return f"{method} {path}" + (f" {json.dumps(headers)}" if headers else "")


def normalised(
    status: int, reason: str, pairs: Iterable[tuple[str, str]], body: bytes
) -> list[object]:
    """Status, reason, headers by name, body; long bodies by their length."""
    headers: dict[str, str] = {}
    for name, value in sorted((name.lower(), value) for name, value in pairs):
        if name in _OF_THE_CONNECTION:
            continue
        shown = _ETAG.sub('"<etag>"', value) if name == "etag" else value
        headers[name] = f"{headers[name]} | {shown}" if name in headers else shown
    text = _HOST.sub("http://<host>", body.decode("utf-8", "backslashreplace"))
    return [status, reason, headers, text if len(body) < 2000 else f"{len(body)} bytes"]
