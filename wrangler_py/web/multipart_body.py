"""multipart/form-data: how a form with files is written.

The reader is as lenient as workerd's: lines may end in a bare line feed, and text before the
first boundary is skipped. A general-purpose parser would refuse both.

Implements: https://www.rfc-editor.org/rfc/rfc7578
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..js.errors import type_error

_HEADERS_END = re.compile(rb"\r?\n\r?\n")
_DISPOSITION = re.compile(r"\s*([\w-]+)\s*((?:;.*)?)", re.ASCII | re.DOTALL)
_PARAMETER = re.compile(r';\s*([\w-]+)\s*=\s*"((?:[^"\n\\]|\\[^\n])+)"\s*', re.ASCII)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Part(NamedTuple):
    """One field of a form; a file if it has a filename."""

    name: str
    data: bytes
    filename: str | None = None
    type: str = ""


def new_boundary() -> str:
    """Make a separator that the content does not hold: 32 random hexadecimal digits."""
    return secrets.token_hex(16)


def encode(parts: Iterable[Part], boundary: str) -> bytes:
    """Write ``parts`` as workerd does."""
    chunks: list[bytes] = []
    for part in parts:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{_quote(part.name)}"'
        if part.filename is not None:
            kind = part.type or "application/octet-stream"
            head += f'; filename="{_quote(part.filename)}"\r\nContent-Type: {kind}'
        chunks += (head.encode(), b"\r\n\r\n", part.data, b"\r\n")
    chunks.append(f"--{boundary}--".encode())
    return b"".join(chunks)


def _quote(text: str) -> str:
    if text.endswith("\\"):
        raise type_error("Name or filename can't end with backslash")
    return text.replace("\\", "\\\\").replace('"', "%22").replace("\n", "%0A")


def parse(data: bytes, boundary: str) -> Iterator[Part]:
    """Read the parts of a body.

    Raises:
        JsException: a TypeError, for what workerd does not take.
    """
    first = f"--{boundary}".encode()
    at = data.find(first)
    if at < 0 or at + len(first) == len(data):
        raise type_error("No initial boundary string (or you have a truncated message).")
    at += len(first)
    delimiter = b"\n" + first
    while (start := _content_start(data, at)) is not None:
        head_end = _HEADERS_END.search(data, start)
        if head_end is None:
            raise type_error("No multipart message header termination found.")
        end = data.find(delimiter, head_end.end())
        at = end + len(delimiter)
        name, filename, kind = _read_head(data[start : head_end.start()])
        if end < 0 or at == len(data):
            raise type_error("No subsequent boundary string after multipart message.")
        content = data[head_end.end() : end]
        yield Part(name, content.removesuffix(b"\r"), filename, kind)


def _content_start(data: bytes, at: int) -> int | None:
    """Return where the part after a boundary begins; None after the last one."""
    if data.startswith(b"\n", at):
        return at + 1
    if data.startswith(b"\r\n", at):
        return at + 2
    if data.startswith(b"--", at):
        return None
    raise type_error("Boundary string was not succeeded by CRLF, LF, or '--'.")


def _read_head(head: bytes) -> tuple[str, str | None, str]:
    """Return the name, the filename or None, and the content type of a part."""
    headers = _headers_of(head)
    if "content-disposition" not in headers:
        raise type_error("No valid Content-Disposition header found in FormData part.")
    match = _DISPOSITION.fullmatch(headers["content-disposition"])
    if match is None:
        raise type_error("Invalid Content-Disposition header found in FormData part.")
    if match[1] != "form-data":
        raise type_error(
            'Content-Disposition header for FormData part must have the value "form-data", '
            f'possibly followed by parameters. Got: "{match[1]}"'
        )
    found = _parameters(match[2])
    if "name" not in found:
        raise type_error("Content-Disposition header in FormData part is missing a name.")
    return found["name"], found.get("filename"), headers.get("content-type", "")


def _headers_of(head: bytes) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in head.decode("utf-8", "replace").replace("\r\n", "\n").split("\n"):
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise type_error("FormData part had invalid headers.")
        headers.setdefault(name.lower(), value.strip())
    return headers


def _parameters(text: str) -> dict[str, str]:
    """Read quoted parameters; those after one that is not well-formed are lost."""
    found: dict[str, str] = {}
    at = 0
    while (match := _PARAMETER.match(text, at)) is not None:
        found[match[1]] = _ESCAPED.sub(r"\1", match[2])
        at = match.end()
    return found
