"""The `email` event: a message that is routed to the Worker.

Implements: https://developers.cloudflare.com/email-service/api/route-emails/email-handler/
Differs: nothing is delivered; every address counts as verified.
"""

from __future__ import annotations

from asyncio import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..bindings.email import EmailMessage, Outbox, Sent, mime
from ..bindings.email.reply import Reply, built_reply, is_replyable, raw_reply
from ..bindings.email.send import mail_headers
from ..bindings.operation import operation
from ..clock import Clock
from ..js.date import Date
from ..js.errors import error, type_error
from ..js.null import is_nullish
from ..js.object import JsObject
from ..js.proxy import JsProxy
from ..log import log, printable
from ..web.headers import Headers
from ..web.streams.source import stream_of
from .handling import begin, call_handler, outcome_of, run

if TYPE_CHECKING:
    from ..web.streams import ReadableStream
    from .worker import Worker

__all__ = ["Outcome", "run_email"]

NO_HANDLER = "Worker does not export an email() handler."


@dataclass
class Outcome:
    """What came of a message."""

    clock: Clock
    outcome: str = "ok"
    """`exception`: the handler raised; `canceled`: new code took over, and it was given up."""
    reject_reason: str | None = None
    forwards: list[Sent] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    events: list[dict[str, str]] = field(default_factory=list)
    failure: BaseException | None = None
    unhandled: bool = False
    """There is no handler."""

    def note(self, kind: str, **facts: str) -> None:
        """Remember that ``kind`` happened now."""
        now = Date(self.clock.now_ms()).toISOString()
        self.events.append({"type": kind, "timestamp": now, **facts})


class ForwardableEmailMessage(JsProxy):
    """The message, as the handler gets it. `from_` is its `from`, which Python keeps for itself."""

    def __init__(
        self, worker: Worker, mail: mime.Mail, envelope: tuple[str, str], came: Outcome
    ) -> None:
        self._outbox = worker.stores.keep(Outbox)
        self._mail, self._came = mail, came
        self._from, self._to = envelope
        vars(self)["from"] = self._from
        self._raw = stream_of(mail.raw)
        self._headers = mail_headers(mail)

    @property
    def to(self) -> str:
        return self._to

    @property
    def headers(self) -> Headers:
        return self._headers

    @property
    def raw(self) -> ReadableStream:
        return self._raw

    @property
    def rawSize(self) -> int:
        return len(self._mail.raw)

    @property
    def canBeForwarded(self) -> bool:
        return True

    def setReject(self, reason: Any = None) -> None:
        if not isinstance(reason, str):
            raise type_error("value.replace is not a function")
        text = reason
        log.error(f'Email handler rejected message with the following reason: "{printable(text)}"')
        self._came.note("reject")
        self._came.reject_reason = text

    def forward(self, rcptTo: Any = None, headers: Any = None) -> Future[Any]:
        return operation(self._forward, rcptTo, headers)

    def _forward(self, to: Any, headers: Any) -> JsObject:
        if not isinstance(to, str):
            raise type_error("Cannot read properties of undefined (reading 'lastIndexOf')")
        if not (is_nullish(headers) or isinstance(headers, Headers)):
            raise type_error("headers.entries is not a function")
        added = [] if is_nullish(headers) else list(headers._sorted())
        new = mime.message_id(to)
        lines = [f"Email handler forwarded message with\n  rcptTo: {printable(to)}"]
        if not is_nullish(headers):
            lines += ["  headers:", *(f"    {printable(n)}: {printable(v)}" for n, v in added)]
        log.event("email", "\n".join(lines), prefix=True, how="forward", to=[to], id=new)
        sent = Sent("forward", new, self._from, (to,), self._mail.raw, headers=dict(added))
        self._outbox.remember(sent)
        self._outbox.write("forward", new, ".eml", _with_headers(self._mail, added))
        self._came.note("forward", messageId=new)
        self._came.forwards.append(sent)
        return JsObject({"messageId": new})

    def reply(self, message: Any = None) -> Future[Any]:
        return operation(self._reply, message)

    async def _reply(self, message: Any) -> JsObject:
        if not is_replyable(self._mail, self._headers):
            raise error("Original email is not replyable")
        if isinstance(message, EmailMessage):
            made = await raw_reply(self._mail, message)
        else:
            made = built_reply(self._mail, message, self._from)
        path = self._outbox.write("reply", made.message_id, ".eml", made.raw)
        text = f"Email handler replied to sender with the following message:\n  {path}"
        log.event("email", text, prefix=True, how="reply", path=path, id=made.message_id)
        self._outbox.remember(Sent("reply", made.message_id, made.sender, (self._from,), made.raw))
        self._came.note("reply", messageId=made.message_id)
        self._came.replies.append(made)
        return JsObject({"messageId": made.message_id})


def _with_headers(mail: mime.Mail, added: list[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in added).encode() + mail.raw


async def run_email(worker: Worker, mail: mime.Mail, sender: str, to: str) -> Outcome:
    """Run the handler for ``mail`` as an event of its own; an exception in it is an outcome.

    Raises: JsException: a header of ``mail`` is none.
    """
    came = Outcome(worker.clock)
    owner = begin(worker, "email", sender, to, len(mail.raw))
    try:
        with owner.entered():
            message = ForwardableEmailMessage(worker, mail, (sender, to), came)
        # At module level the runtime looks for no such handler.
        came.unhandled = not callable(getattr(worker.exported.default, "email", None))
        came.note("unhandled" if came.unhandled else "received")
        handler = call_handler(worker, owner, "email", message, missing=NO_HANDLER)
        failure = await run(owner, "email", handler)
    finally:
        owner.answered()
    came.outcome = outcome_of(failure)
    came.failure = failure if came.outcome == "exception" else None
    return came
