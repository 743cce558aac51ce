"""`env.MAIL` of `send_email`.

Implements: https://developers.cloudflare.com/email-service/api/send-emails/workers-api/
Differs: the checks are those of `wrangler dev`; Cloudflare also wants verified addresses.
"""

from __future__ import annotations

import re
from asyncio import Future
from collections.abc import Iterable, Iterator
from typing import Any

from ...config.bindings import SendEmail as Settings
from ...config.model import Config
from ...js.array import JsArray
from ...js.callbacks import member
from ...js.convert import to_string
from ...js.errors import JsException, dom_exception, error, type_error
from ...js.object import JsObject
from ...js.proxy import JsProxy
from ...log import log
from ...stores.stores import Stores
from ...web.body_init import encode, extract
from ...web.headers import Headers
from ..operation import operation
from . import mime
from .addresses import address_of, formatted, list_of
from .message import EmailMessage, check_object, raw_of
from .outbox import Attachment, Outbox, Sent

__all__ = ["SendEmail", "bindings", "check_headers", "mail_headers", "parsed", "rows"]

_EXTENSION = re.compile(r"\.([A-Za-z0-9][A-Za-z0-9_-]{0,31})$")


class SendEmail(JsProxy):
    """Sends to nobody: keeps the message, and says so."""

    def __init__(self, stores: Stores, settings: Settings) -> None:
        self._stores, self._settings = stores, settings

    def send(self, message: Any = None) -> Future[Any]:
        if isinstance(message, EmailMessage):
            return operation(self._send, message)
        return operation(self._send_object, message)

    async def _send(self, message: EmailMessage) -> JsObject:
        self._check_sender(message._sender)
        for each in list_of(message.to):
            self._check_recipient(each)
        raw = await raw_of(message)
        found = parsed(raw)
        if found.message_id is None:
            raise error("invalid message-id")
        headers = check_headers(found)
        if found.sender is None:
            raise type_error("Cannot read properties of undefined (reading 'address')")
        if message._sender != found.sender:
            raise error("From: header does not match mail from")
        if headers._find("received") is not None:
            raise error("invalid headers set")
        return self._keep(message, raw)

    def _keep(self, message: EmailMessage, raw: bytes) -> JsObject:
        new = mime.message_id(message._sender)
        try:
            raw = mime.with_message_id(raw, new)
        except ValueError as exc:
            raise error(str(exc)) from None
        outbox = self._stores.keep(Outbox)
        path = outbox.write("email", new, ".eml", raw)
        to = tuple(map(to_string, list_of(message.to)))
        outbox.remember(Sent("send", new, message._sender, to, raw))
        text = f"send_email binding called with the following message:\nEmail: {path}"
        log.event("email", text, prefix=True, how="send", to=to, path=path, id=new)
        return JsObject({"messageId": new})

    def _send_object(self, given: Any) -> JsObject:
        check_object(given)
        if not isinstance(given, JsProxy):
            raise _not_sent()
        sender = address_of(member(given, "from"))
        self._check_sender(sender)
        for each in list_of(member(given, "to")):
            self._check_recipient(address_of(each))
        new = mime.message_id(sender)
        outbox = self._stores.keep(Outbox)
        sent = _sent(given, new)
        outbox.remember(sent)
        files = list(_files(outbox, sent))
        text = "\n".join(
            ["send_email binding called with MessageBuilder:", *_lines(sent)]
            + (["", *files] if files else [])
        )
        log.event("email", text, prefix=True, how="send", to=sent.to, files=files, id=new)
        return JsObject({"messageId": new})

    def _check_sender(self, sender: Any) -> None:
        allowed = self._settings.allowed_sender_addresses
        if allowed is not None and sender not in allowed:
            raise error(f"email from {to_string(sender)} not allowed")

    def _check_recipient(self, to: Any) -> None:
        only, allowed = (
            self._settings.destination_address,
            self._settings.allowed_destination_addresses,
        )
        if (only is not None and to != only) or (allowed is not None and to not in allowed):
            raise error(f"email to {to_string(to)} not allowed")


def parsed(raw: bytes) -> mime.Mail:
    """``raw``, read. Raises: JsException."""
    try:
        return mime.parse(raw)
    except ValueError as exc:
        raise error(f"could not parse email: {exc}") from None


def check_headers(mail: mime.Mail) -> Headers:
    """The headers of ``mail``.

    Raises: JsException: one of them is none.
    """
    try:
        return mail_headers(mail)
    except JsException as exc:
        raise error(f"could not parse email: {exc.message}") from None


def mail_headers(mail: mime.Mail) -> Headers:
    """The same. Raises: JsException: a TypeError."""
    return Headers(JsArray([JsArray([name, value]) for name, value in mail.headers]))


def _not_sent() -> JsException:
    """A Python object stays where it is; the SDK converts nothing for this binding."""
    exc = dom_exception(
        'Could not serialize object of type "PyProxy". This type does not support serialization.',
        "DataCloneError",
    )
    exc.add_note("hint: send `to_js({...}, dict_converter=Object.fromEntries)`")
    return exc


def _sent(given: Any, new: str) -> Sent:
    def several(name: str) -> tuple[str, ...]:
        value = member(given, name)
        return tuple(map(formatted, list_of(value))) if value else ()

    def text(name: str) -> str:
        value = member(given, name)
        return to_string(value) if value else ""

    headers = member(given, "headers")
    own = {} if headers is None else {name: to_string(each) for name, each in headers._entries()}
    subject = member(given, "subject")
    return Sent(
        "send",
        new,
        formatted(member(given, "from")),
        several("to"),
        subject="undefined" if subject is None else to_string(subject),
        text=text("text"),
        html=text("html"),
        headers=own,
        attachments=tuple(map(_attachment, list_of(member(given, "attachments") or JsArray([])))),
        cc=several("cc"),
        bcc=several("bcc"),
    )


def _attachment(given: Any) -> Attachment:
    content = member(given, "content")
    data = extract(content).data
    if data is None:
        raise type_error("Cannot read properties of undefined (reading 'byteLength')")
    return Attachment(
        to_string(member(given, "filename")),
        data,
        to_string(member(given, "type")),
        to_string(member(given, "disposition") or "attachment"),
    )


def _files(outbox: Outbox, sent: Sent) -> Iterator[str]:
    """Keep each part in a file of its own, as `wrangler dev` does."""
    new = sent.message_id
    if sent.text:
        yield f"Text: {outbox.write('email-text', new, '.txt', encode(sent.text))}"
    if sent.html:
        yield f"HTML: {outbox.write('email-html', new, '.html', encode(sent.html))}"
    for number, each in enumerate(sent.attachments, 1):
        found = _EXTENSION.search(each.filename)
        ending = f"-{number}.{found[1] if found else 'bin'}"
        path = outbox.write("email-attachment", new, ending, each.content)
        yield f"Attachment ({each.disposition}): {each.filename} -> {path}"


def _lines(sent: Sent) -> Iterator[str]:
    yield f"From: {sent.sender}"
    yield f"To: {', '.join(sent.to)}"
    if sent.cc:
        yield f"Cc: {', '.join(sent.cc)}"
    if sent.bcc:
        yield f"Bcc: {', '.join(sent.bcc)}"
    yield f"Subject: {sent.subject}"


def bindings(config: Config, worker: Any) -> Iterator[tuple[str, Any]]:
    """The senders of ``config``."""
    for each in config.bindings.send_email:
        yield each.binding, SendEmail(worker.stores, each)


def rows(config: Config, _classes: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Each sender, and whom it may send to, as `wrangler dev` says it."""
    for each in config.bindings.send_email:
        allowed = each.allowed_destination_addresses
        to = each.destination_address or (", ".join(allowed) if allowed else "unrestricted")
        senders = each.allowed_sender_addresses
        by = f" - senders: {', '.join(senders)}" if senders else ""
        yield f"env.{each.binding} ({to}{by})", "Send Email", "local"
