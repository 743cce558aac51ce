"""Replies to a message: who may be answered, and what an answer must say.

Implements: https://developers.cloudflare.com/email-routing/email-workers/reply-email-workers/
"""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any

from ...js.array import JsArray
from ...js.buffers import JsBuffer
from ...js.callbacks import member
from ...js.convert import to_string
from ...js.errors import JsException, error
from ...js.null import is_nullish
from ...log import log
from ...web.headers import Headers
from .addresses import address_of, formatted, list_of
from .message import EmailMessage, check_object, raw_of
from .mime import Mail, message_id, with_message_id
from .send import check_headers, parsed

__all__ = ["Reply", "built_reply", "is_replyable", "raw_reply"]

MOST_REFERENCES = 100
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+/[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_OURS = frozenset(
    "bcc cc content-transfer-encoding content-type date from message-id mime-version reply-to "
    "subject to in-reply-to references".split()
)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it would go out."""

    message_id: str
    sender: str
    raw: bytes


def is_replyable(mail: Mail, headers: Headers) -> bool:
    """Whether ``mail`` may be answered: not if a machine sent it, or the thread is too long."""
    suppressed = headers._find("x-auto-response-suppress")
    if suppressed is not None and suppressed.lower() != "none":
        return False
    submitted = headers._find("auto-submitted")
    if submitted is not None and submitted.lower() != "no":
        return False
    if (mail.in_reply_to is None) != (mail.references is None):
        return False
    if (mail.references or "").count("@") >= MOST_REFERENCES:
        log.error(
            'The incoming email\'s "References" header has more than 100 entries. As such, your '
            "Worker cannot respond to this email. Refer to https://developers.cloudflare.com/"
            "email-routing/email-workers/reply-email-workers/"
        )
        return False
    return True


async def raw_reply(mail: Mail, message: EmailMessage) -> Reply:
    """``message`` as the answer to ``mail``; `References` is added if it is missing.

    Raises: JsException: what it says does not fit.
    """
    raw = await raw_of(message)
    found = parsed(raw)
    if found.sender != message._sender:
        raise error("From: header does not match mail from")
    if found.message_id is None and any(name == "message-id" for name, _ in found.headers):
        raise error("invalid message-id")
    new = message_id(message._sender)
    if check_headers(found)._find("received") is not None:
        raise error("invalid headers set")
    if found.in_reply_to is None:
        raise error("no In-Reply-To header found in reply message")
    if found.in_reply_to != mail.message_id:
        raise error("In-Reply-To does not match original Message-ID")
    if found.references is None:
        raw = f"References: {_references(mail)}\r\n".encode() + raw
    elif not (
        (mail.message_id or "") in found.references and (mail.references or "") in found.references
    ):
        raise error("provided References header is invalid")
    try:
        return Reply(new, message._sender, with_message_id(raw, new))
    except ValueError as exc:
        raise error(str(exc)) from None


def _references(mail: Mail) -> str:
    return " ".join(filter(None, (mail.references, mail.message_id)))


def built_reply(mail: Mail, given: Any, to: str) -> Reply:
    """An answer to ``mail`` made of an object: `{from, subject, text, html, ...}`.

    Raises: JsException: what it says is no header, or no file.
    """
    check_object(given)
    sender, reply_to = formatted(member(given, "from")), member(given, "replyTo")
    files = list(list_of(member(given, "attachments") or JsArray([])))
    subject = to_string(member(given, "subject"))
    shown_reply_to = None if reply_to is None else formatted(reply_to)
    _refuse_control([sender, to, shown_reply_to, subject, *_names(files)])
    for each in files:
        _check_file(each)
    new = message_id(address_of(member(given, "from")))
    head = [
        ("From", sender),
        ("To", to),
        *([] if shown_reply_to is None else [("Reply-To", shown_reply_to)]),
        ("Subject", subject),
        ("Message-ID", new),
        ("Date", formatdate(usegmt=True)),
        ("MIME-Version", "1.0"),
        ("In-Reply-To", mail.message_id or ""),
        ("References", _references(mail)),
        *_own_headers(member(given, "headers")),
    ]
    raw = "".join(f"{name}: {value}\r\n" for name, value in head) + _content(given, files)
    return Reply(new, sender, raw.encode("utf-8", "replace"))


def _refuse_control(texts: list[str | None]) -> None:
    if any(text is not None and _CONTROL.search(text) for text in texts):
        raise error("invalid headers set")


def _names(files: list[Any]) -> Iterator[str]:
    for each in files:
        for name in ("filename", "contentId"):
            if (value := member(each, name)) is not None:
                yield to_string(value)


def _check_file(given: Any) -> None:
    disposition = member(given, "disposition")
    known = disposition in (None, "inline", "attachment")
    named = disposition != "inline" or bool(member(given, "contentId"))
    if not (_TOKEN.fullmatch(to_string(member(given, "type"))) and known and named):
        raise error("invalid attachment")


def _own_headers(given: Any) -> list[tuple[str, str]]:
    if is_nullish(given):
        return []
    try:
        headers = Headers(given)
    except JsException:
        raise error("invalid headers set") from None
    pairs = list(headers._sorted())
    _refuse_control([value for _, value in pairs])
    if headers._find("received") is not None:
        raise error("invalid headers set")
    return [pair for pair in pairs if pair[0] not in _OURS]


def _content(given: Any, files: list[Any]) -> str:
    """The headers of the content, an empty line, and the content."""
    text, html = member(given, "text"), member(given, "html")
    plain = _part("Content-Type: text/plain; charset=utf-8", to_string(text) if text else "")
    if html:
        rich = _part("Content-Type: text/html; charset=utf-8", to_string(html))
        main = _multipart("alternative", [plain, rich]) if text else rich
    else:
        main = plain
    return _multipart("mixed", [main, *map(_file, files)]) if files else main


def _part(head: str, content: str) -> str:
    return f"{head}\r\n\r\n{content}"


def _multipart(kind: str, parts: list[str]) -> str:
    boundary = f"----=_{uuid.uuid4()}"
    body = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    return _part(f'Content-Type: multipart/{kind}; boundary="{boundary}"', f"{body}--{boundary}--")


def _file(given: Any) -> str:
    name = re.sub(r'(["\\])', r"\\\1", to_string(member(given, "filename")))
    kind = to_string(member(given, "disposition") or "attachment")
    head = [
        f'Content-Type: {to_string(member(given, "type"))}; name="{name}"',
        f'Content-Disposition: {kind}; filename="{name}"',
        "Content-Transfer-Encoding: base64",
    ]
    if kind == "inline":
        head.append(f"Content-ID: <{to_string(member(given, 'contentId')).strip('<>')}>")
    return _part("\r\n".join(head), _base64(member(given, "content")))


def _base64(content: Any) -> str:
    if isinstance(content, JsBuffer):
        data = content.to_bytes()
    else:  # text is base64 already
        try:
            data = base64.b64decode(re.sub(r"\s", "", to_string(content)), validate=True)
        except (binascii.Error, ValueError):
            raise error("invalid attachment content") from None
    return base64.encodebytes(data).decode().replace("\n", "\r\n").rstrip()
