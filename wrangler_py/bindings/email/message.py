"""`EmailMessage` of `cloudflare:email`: an envelope and the message in it.

Implements: https://developers.cloudflare.com/email-routing/email-workers/send-email-workers/
"""

from __future__ import annotations

from typing import Any

from ...js.convert import is_primitive, to_string
from ...js.errors import type_error
from ...js.null import is_nullish
from ...js.proxy import JsProxy
from ...web.response import Response

__all__ = ["EmailMessage", "check_object", "raw_of"]


class EmailMessage(JsProxy):
    """What `send` and `reply` take. `from_` is its `from`, which Python keeps for itself."""

    def __init__(self, sender: Any = None, to: Any = None, raw: Any = None) -> None:
        # Nothing is checked before the message is used, as in `wrangler dev`.
        vars(self)["from"] = sender
        self.to = to
        self._raw = raw

    @property
    def _sender(self) -> Any:
        return vars(self)["from"]


async def raw_of(message: EmailMessage) -> bytes:
    """The whole message; a stream is read.

    Raises: JsException: the stream was read before.
    """
    buffer: Any = await Response(message._raw).bytes()
    return bytes(buffer.to_bytes())


def check_object(given: Any) -> None:
    """Raises: JsException: what stands for a message is no object."""
    if is_primitive(given) or is_nullish(given):
        what = "undefined" if given is None else to_string(given)
        raise type_error(f"Cannot use 'in' operator to search for 'EmailMessage::raw' in {what}")
