"""Email: the `send_email` binding, and what the `email` event needs of a message."""

from __future__ import annotations

from .message import EmailMessage
from .outbox import Outbox, Sent
from .send import bindings, rows

__all__ = ["EmailMessage", "Outbox", "Sent", "bindings", "rows"]
