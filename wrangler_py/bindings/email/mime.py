"""As much of a message as routing it takes: its headers, and bytes put into them.

Source: RFC 5322; how `wrangler dev` reads headers (the last of a name counts, white space is one
space) and what it makes of a `Message-ID`.
"""

from __future__ import annotations

import re
import secrets
import string
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.utils import getaddresses
from inspect import signature
from typing import Any

import ada_url

__all__ = ["Mail", "message_id", "parse", "with_message_id", "without_bcc"]

_LAX: dict[str, Any] = {"strict": False} if "strict" in signature(getaddresses).parameters else {}
_ALPHABET = string.ascii_letters + string.digits
_LONGEST_WORDS = 64 * 1024
"""Characters; decoding takes as long as their square."""
_LITERAL = re.compile(r"@(\[(?:[\x21-\x5a\x5e-\x7e]|\\[\x20-\x7e])+\])$")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_NO_DOMAIN = re.compile(r"[\s/:?#@\[\]\\<>%]")


@dataclass(frozen=True, slots=True)
class Mail:
    """A message and its headers."""

    raw: bytes
    headers: tuple[tuple[str, str], ...]
    """Names in lower case, unfolded values, in order."""

    def text(self, name: str) -> str | None:
        """A header's words, decoded; None: there is none, or nothing in it."""
        value = self._last(name)
        return _words(value) if value else None

    @property
    def message_id(self) -> str | None:
        return self.text("message-id")

    @property
    def in_reply_to(self) -> str | None:
        return self.text("in-reply-to")

    @property
    def references(self) -> str | None:
        return self.text("references")

    @property
    def sender(self) -> str | None:
        """The address of `From`; None: there is no such header."""
        value = self._last("from")
        found = _addresses([value]) if value else []
        return found[0][1] if found else None

    @property
    def recipients(self) -> list[str]:
        """The addresses of `To`."""
        values = [value for name, value in self.headers if name == "to" and value]
        return [address for _, address in _addresses(values)]

    def _last(self, name: str) -> str | None:
        return next((value for known, value in reversed(self.headers) if known == name), None)


def _addresses(values: list[str]) -> list[tuple[str, str]]:
    """Names and addresses; later releases of Python give up on what they do not like."""
    try:
        return getaddresses(values, **_LAX)
    except RecursionError:  # comments in comments in comments
        return []


def parse(raw: bytes) -> Mail:
    """The headers of ``raw``; anything is taken as it is, but for nothing.

    Raises: ValueError: in the words of `wrangler dev`'s parser.
    """
    if not raw:
        raise ValueError("Cannot read properties of undefined (reading 'value')")
    block = re.split(rb"\r?\n\r?\n", b"\n" + raw, maxsplit=1)[0]
    lines = re.split(r"\r?\n(?![ \t])", block.decode("utf-8", "replace"))
    pairs = []
    for line in filter(None, lines):
        name, _, value = re.sub(r"\s+", " ", line).partition(":")
        pairs.append((name.strip().lower(), value.strip()))
    return Mail(raw, tuple(pairs))


def _words(value: str) -> str:
    """RFC 2047 words as text; what cannot be decoded stays."""
    if "=?" not in value or len(value) > _LONGEST_WORDS:
        return value
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, ValueError):
        return value


def message_id(address: str) -> str:
    """A new id such as the service gives, in the domain of ``address``."""
    return f"<{''.join(secrets.choice(_ALPHABET) for _ in range(36))}@{_domain(address)}>"


def _domain(address: str) -> str:
    literal = _LITERAL.search(address)
    if literal is not None:
        return literal[1]
    _, found, domain = address.rpartition("@")
    if not found or not domain or _NO_DOMAIN.search(domain):
        return "localhost"
    try:
        host = ada_url.URL(f"http://{domain}").hostname
    except ValueError:
        return "localhost"
    labels = host.removesuffix(".").split(".")
    return host if all(map(_LABEL.fullmatch, labels)) and len(host) <= 254 else "localhost"


def with_message_id(raw: bytes, new: str) -> bytes:
    """``raw`` with ``new`` for its first `Message-ID`, and without any other.

    Raises: ValueError: as `wrangler dev` says of a header that is none.
    """
    head, end, body = _split(raw)
    replacement = f"Message-ID: {new}".encode()
    fields = _fields(head)
    own = [number for number, field in enumerate(fields) if _name_of(field) == b"message-id"]
    if not own:
        between = b"" if not head else b"\r\n" if end.startswith(b"\r") else b"\n"
        return replacement + between + raw
    ending = re.search(rb"\r?\n\Z", fields[own[0]])
    fields[own[0]] = replacement + (ending[0] if ending else b"")
    kept = [field for number, field in enumerate(fields) if number not in own[1:]]
    if own[-1] == len(fields) - 1 and len(own) > 1:
        kept[-1] = re.sub(rb"\r?\n\Z", b"", kept[-1])
    return b"".join(kept) + end + body


def without_bcc(raw: bytes) -> bytes:
    """``raw`` without its `Bcc` headers: who gets a message sees none."""
    found = re.search(rb"^\r?\n", raw, re.MULTILINE)
    end = len(raw) if found is None else found.start()
    fields = re.split(rb"(?<=\n)(?![ \t])", raw[:end])
    return b"".join(field for field in fields if _name_of(field) != b"bcc") + raw[end:]


def _split(raw: bytes) -> tuple[bytes, bytes, bytes]:
    """The headers without their last line's end, the empty line with it, and the rest."""
    found = re.search(rb"\r\n\r\n|\n\n", raw)
    if found is None:
        raise ValueError("could not find end of email headers")
    return raw[: found.start()], found[0], raw[found.end() :]


def _fields(head: bytes) -> list[bytes]:
    """Each header with its folded lines."""
    if head[:1] in (b" ", b"\t"):
        raise ValueError("email header block contains an invalid continuation")
    fields = [field for field in re.split(rb"(?<=\n)(?![ \t])", head) if field]
    for field in fields:
        name, colon, _ = field.partition(b"\n")[0].partition(b":")
        if not colon:
            raise ValueError("email header block contains an invalid field")
        if not name.rstrip(b" \t"):
            raise ValueError("email header block contains an invalid field name")
    return fields


def _name_of(field: bytes) -> bytes:
    return field.partition(b":")[0].rstrip(b" \t").lower()
