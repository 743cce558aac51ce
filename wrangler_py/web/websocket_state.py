"""What a WebSocket end can be, and what can arrive at one.

Implements: https://developers.cloudflare.com/workers/runtime-apis/websockets/
"""

from __future__ import annotations

import enum
from typing import Any, Final

NO_STATUS: Final = 1005
"""The code of a close event whose Close frame had none (RFC 6455, section 7.4.1)."""
ABNORMAL: Final = 1006
"""The code of a close event without a Close frame."""
DROPPED = "WebSocket disconnected without sending Close frame."


class State(enum.Enum):
    """Who an end belongs to."""

    CONNECTING = "connecting"
    AWAITING = "awaiting"
    ACCEPTED = "accepted"
    HIBERNATABLE = "hibernatable"
    RELEASED = "released"


class Kind(enum.Enum):
    """What may arrive at an end."""

    MESSAGE = "message"
    CLOSE = "close"
    DROP = "drop"
    ERROR = "error"


Arrival = tuple[Kind, Any, Any]
"""``(MESSAGE, str | bytes, None)``, ``(CLOSE, code or None, reason)``, ``(DROP, None, None)``,
``(ERROR, exception, None)``."""

_OVERHEAD = 512
"""What a waiting message costs besides its bytes, so that empty ones count."""


def waiting_size(item: Arrival) -> int:
    """Bytes that an arrival takes while it waits to be looked at; 0 for all but messages."""
    return len(item[1]) + _OVERHEAD if item[0] is Kind.MESSAGE else 0
