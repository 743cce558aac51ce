"""A response's head, and how its body is delimited on the wire.

Implements: https://www.rfc-editor.org/rfc/rfc9112#section-6
Differs: a body that a worker labels `Content-Encoding: br` goes out plain, without the label.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from aiohttp import hdrs
from aiohttp.http import HttpVersion, HttpVersion10, RawRequestMessage

from ..js.errors import error, type_error
from ..web.response import Response
from ..web.status_text import status_text
from .renamed import Renaming

__all__ = ["Head", "head_of"]

_NO_CONTENT = frozenset({101, 204, 304})
# The connection is ours to speak about; lengths and codings are looked at.
_OURS = frozenset(
    {"", "connection", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade"}
)
_LOOKED_AT = _OURS | {"content-length", "content-encoding", "content-type"}
_BAD_STATUS = "Response has a status that cannot be sent: "


def head_of(
    response: Response, message: RawRequestMessage, renaming: Renaming | None = None
) -> Head:
    """The head of a worker's response to the request ``message``.

    ``renaming``: what it may name its own host by.

    Raises:
        JsException: it is none that HTTP can carry.
    """
    status = response._status
    if not 200 <= status <= 599:
        raise type_error(f"{_BAD_STATUS}{status}.")
    reason = response._status_text
    if reason is None:
        reason = status_text(status)
    elif not reason.isprintable():
        raise type_error("Invalid statusText.")
    headers = response._headers
    if headers is not None:
        pairs: Iterable[tuple[str, str]] = headers._pairs
    elif response._body_type is not None:
        pairs = (("Content-Type", response._body_type),)
    else:
        pairs = ()
    if renaming is not None:
        pairs = renaming.outward(pairs)
    head = Head(status, reason, message, pairs)
    if head.coding and response._encode_body == "automatic":
        head.apply_coding()
    return head


class Head:
    """Status line and headers, without those that only the server may set."""

    __slots__ = (
        "_coder",
        "_declared",
        "_lines",
        "_message",
        "_remaining",
        "chunked",
        "coding",
        "delimited",
        "has_body",
        "is_html",
        "never_has_body",
        "reason",
        "status",
    )

    def __init__(
        self,
        status: int,
        reason: str,
        message: RawRequestMessage,
        pairs: Iterable[tuple[str, str]],
    ) -> None:
        self.status = status
        self.reason = reason
        self._message = message
        self.never_has_body = status in _NO_CONTENT
        self.has_body = not self.never_has_body and message.method != "HEAD"
        self.chunked = False
        self.delimited = True
        """The body's end can be told without ending the connection."""
        self.is_html = False
        self.coding = ""
        self._coder: zlib._Compress | None = None
        self._declared: str | None = None
        self._remaining: int | None = None
        lines = self._lines = [f"HTTP/1.1 {status} {reason}"]
        for name, value in pairs:
            lower = name.lower()
            if lower not in _LOOKED_AT or self._look_at(lower, value):
                lines.append(f"{name}: {value}")

    def _look_at(self, name: str, value: str) -> bool:
        """Take note of a header; returns whether it goes out as it is."""
        if name == "content-type":
            self.is_html = value.lower().startswith("text/html")
            return True
        if name == "content-length":
            self._declared = value
        elif name == "content-encoding":
            self.coding = value.strip().lower()
            return True
        return False

    def apply_coding(self) -> None:
        """The runtime compresses what a worker labels as compressed: as far as we can."""
        if self.coding not in ("gzip", "br"):
            return
        accepted = self._message.headers.get(hdrs.ACCEPT_ENCODING, "").lower()
        if self.coding == "gzip" and "gzip" in accepted:
            self._coder = zlib.compressobj(zlib.Z_BEST_SPEED, zlib.DEFLATED, 31)
        else:
            self._lines = [
                line for line in self._lines if not line.lower().startswith("content-encoding:")
            ]
            self._lines.append("Vary: Accept-Encoding")
        self._declared = None

    def encode(self, data: bytes) -> bytes:
        """The whole body as it goes over the wire."""
        coder = self._coder
        return data if coder is None else coder.compress(data) + coder.flush()

    def add_length(self, length: int) -> None:
        self._lines.append(f"Content-Length: {length}")

    def add_declared_length(self) -> None:
        """For HEAD: what the worker says about a body that is not there."""
        if self._declared is not None and self._declared.isdecimal():
            self.add_length(int(self._declared))

    def takes_more(self, response: Response) -> bool:
        """Whether something can go behind its body: a page, in bytes of its text."""
        is_text = not self.coding or response._encode_body == "automatic"
        return self.is_html and self.has_body and is_text

    def forget_length(self) -> None:
        """The body will be another than the worker has measured."""
        self._declared = None

    def begin_stream(self, length: int | None = None) -> None:
        """A body in pieces: its known length, else chunked, else until EOF.

        A `Content-Length` of the script's own counts for nothing, as in workerd.
        """
        if length is not None and not self.coding:
            self._remaining = length
            self.add_length(length)
        elif self._message.version == HttpVersion10:
            self.delimited = False
        else:
            self.chunked = True
            self._lines.append("Transfer-Encoding: chunked")

    def frame(self, piece: bytes) -> bytes:
        """One piece of a streaming body as it goes over the wire.

        Raises:
            JsException: more than was declared.
        """
        if self._coder is not None:
            piece = self._coder.compress(piece) + self._coder.flush(zlib.Z_SYNC_FLUSH)
        if self._remaining is not None:
            self._remaining -= len(piece)
            if self._remaining < 0:
                raise error("The response body is longer than its Content-Length.")
        return b"%x\r\n%b\r\n" % (len(piece), piece) if self.chunked and piece else piece

    def ending(self) -> bytes:
        """What stands behind a streaming body.

        Raises:
            JsException: less than was declared.
        """
        if self._remaining:
            raise error("The response body is shorter than its Content-Length.")
        rest = b"" if self._coder is None else self._coder.flush()
        if not self.chunked:
            return rest
        return (b"%x\r\n%b\r\n" % (len(rest), rest) if rest else b"") + b"0\r\n\r\n"

    def block(self, *, keep_alive: bool, version: HttpVersion) -> bytes:
        """The head as bytes, with its empty line."""
        lines = self._lines
        if not keep_alive or not self.delimited:
            lines.append("Connection: close")
        elif version == HttpVersion10:
            lines.append("Connection: keep-alive")
        lines.append("\r\n")
        return "\r\n".join(lines).encode("utf-8", "surrogateescape")
