"""A message that is handed in: checked, brought to the Worker's `email()`, and answered for.

Source: https://developers.cloudflare.com/email-service/local-development/routing/
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

from ..bindings.email import mime
from ..js.errors import JsException
from ..log import log, printable
from ..runtime.email import NO_HANDLER, Outcome, run_email
from .local_endpoints import LocalRequest, Reply

if TYPE_CHECKING:
    from ..runtime.worker import Worker

__all__ = ["Host", "receive_email"]

LARGEST = 25 * 1024 * 1024
_INVALID = (
    "Invalid email. Your request must include URL parameters specifying the `from` and `to` "
    "addresses, as well as an email in the body"
)
_TOO_LARGE = "Email message size is bigger than the production size limit of 25 MiB."
_NO_ID = "Email could not be parsed: invalid or no message id provided"


class Host(Protocol):
    """Who has the worker."""

    @property
    def worker(self) -> Worker | None:
        """The current code."""


async def receive_email(host: Host, request: LocalRequest) -> Reply:
    """Run the handler for the message in the body, `?from=` and `?to=` its envelope."""
    worker = host.worker
    if worker is None:
        return Reply(HTTPStatus.SERVICE_UNAVAILABLE, b"The worker is not loaded yet.\n")
    sender, to = request.query.get("from"), request.query.get("to")
    try:
        raw = await request.read(LARGEST)
    except ValueError:
        return _bad(_TOO_LARGE)
    if request.method != "POST" or not sender or not to:
        return _bad(_INVALID)
    try:
        mail = mime.parse(mime.without_bcc(raw))
    except ValueError as exc:
        return _bad(f"Email could not be parsed: TypeError: {exc}")
    if mail.message_id is None:
        return _bad(_NO_ID)
    if mail.sender is None:
        text = "TypeError: Cannot read properties of undefined (reading 'address')"
        return Reply(HTTPStatus.INTERNAL_SERVER_ERROR, text.encode())
    _warn(mail, sender, to)
    try:
        came = await run_email(worker, mail, sender, to)
    except JsException as exc:  # its headers are none
        return Reply(HTTPStatus.INTERNAL_SERVER_ERROR, str(exc).encode())
    return _as_json(came) if request.query.get("format") == "json" else _as_text(came)


def _bad(text: str) -> Reply:
    return Reply(HTTPStatus.BAD_REQUEST, text.encode())


def _warn(mail: mime.Mail, sender: str, to: str) -> None:
    """Envelope and headers may differ; that is seldom meant."""
    if sender != mail.sender:
        log.warn(
            "Provided MAIL FROM address doesn't match the email message's \"From\" header:\n"
            f'  MAIL FROM: {printable(sender)}\n  "From" header: {printable(mail.sender or "")}'
        )
    if to not in mail.recipients:
        log.warn(
            'Provided RCPT TO address doesn\'t match any "To" header in the email message:\n'
            f'  RCPT TO: {printable(to)}\n  "To" header: {printable(", ".join(mail.recipients))}'
        )


def _as_text(came: Outcome) -> Reply:
    if came.unhandled:
        return Reply(HTTPStatus.INTERNAL_SERVER_ERROR, NO_HANDLER.encode())
    if came.outcome != "ok":
        text = came.outcome if came.failure is None else _named(came.failure)
        return Reply(HTTPStatus.INTERNAL_SERVER_ERROR, text.encode())
    if came.reject_reason is not None:
        return _bad(f"Worker rejected email with the following reason: {came.reject_reason}")
    return Reply(HTTPStatus.OK, b"Worker successfully processed email")


def _named(exc: BaseException) -> str:
    return str(exc) if isinstance(exc, JsException) else f"{type(exc).__name__}: {exc}"


def _as_json(came: Outcome) -> Reply:
    facts = {
        "outcome": "ok" if came.outcome == "ok" else "exception",
        **({} if came.reject_reason is None else {"rejectReason": came.reject_reason}),
        "forwards": [
            {
                "recipient": each.to[0],
                "headers": [list(pair) for pair in each.headers.items()],
                "messageId": each.message_id,
            }
            for each in came.forwards
        ],
        "replies": [
            {
                "messageId": each.message_id,
                "sender": each.sender,
                "raw": each.raw.decode("utf-8", "replace"),
            }
            for each in came.replies
        ],
        "events": came.events,
    }
    status = HTTPStatus.OK if came.outcome == "ok" else HTTPStatus.INTERNAL_SERVER_ERROR
    return Reply(status, json.dumps(facts, ensure_ascii=False).encode(), "application/json")
