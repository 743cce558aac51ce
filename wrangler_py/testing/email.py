"""A message that a test brings to the Worker's `email()`.

Source: https://developers.cloudflare.com/email-service/api/route-emails/email-handler/
"""

from __future__ import annotations

from email.message import Message
from typing import NamedTuple

from ..bindings.email import mime
from ..bindings.email.outbox import Sent
from ..runtime.email import run_email
from ..runtime.worker import Worker

__all__ = ["EmailResult", "receive"]


class EmailResult(NamedTuple):
    """What came of it."""

    outcome: str
    """`ok` or `exception`."""
    reject_reason: str | None
    """What `message.setReject()` was given; None: it was not called."""
    forwards: list[Sent]
    replies: list[bytes]
    """The whole messages."""


async def receive(
    worker: Worker, message: str | bytes | Message, sender: str | None, to: str | None
) -> EmailResult:
    """Run the handler for ``message``; the envelope is that of its headers unless it is given.

    Raises: ValueError: something is missing.
    """
    raw = message.as_bytes() if isinstance(message, Message) else message
    raw = raw.encode() if isinstance(raw, str) else raw
    mail = mime.parse(mime.without_bcc(raw))
    if mail.message_id is None:
        raise ValueError("the message has no Message-ID, without which none is delivered")
    sender = sender or mail.sender
    to = to or next(iter(mail.recipients), None)
    if sender is None or to is None:
        raise ValueError("the message has no From or no To: give `sender` and `to`")
    came = await run_email(worker, mail, sender, to)
    replies = [each.raw for each in came.replies]
    return EmailResult(came.outcome, came.reject_reason, came.forwards, replies)
