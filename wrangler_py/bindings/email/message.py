"""`EmailMessage` of `cloudflare:email`: an envelope and the message in it.

Implements: https://developers.cloudflare.com/email-routing/email-workers/send-email-workers/
"""

from __future__ import annotations

from typing import Any

from ...js.proxy import JsProxy
from ...web.response import Response

__all__ = ["EmailMessage", "raw_of"]


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
