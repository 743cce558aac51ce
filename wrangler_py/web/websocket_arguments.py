"""What a script passes to `send()` and `close()`: conversions and checks, in production's order.

Implements: https://websockets.spec.whatwg.org/#dom-websocket-send,
    https://websockets.spec.whatwg.org/#dom-websocket-close
"""

from __future__ import annotations

from typing import Any, Final

from .. import compat
from ..js.buffers import JsBuffer
from ..js.convert import to_integer, to_string
from ..js.errors import dom_exception, type_error
from ..log import log
from .caller import calling_frame, place_of
from .websocket_state import ABNORMAL, NO_STATUS

MAX_REASON: Final = 123
UNDEFINED: Any = object()
"""An argument that was not passed."""
_RESERVED_CODES = frozenset({1004, NO_STATUS, ABNORMAL, 1015})


def payload(data: Any) -> str | bytes:
    """What goes over the wire for a value given to send(); bytes are copied."""
    if isinstance(data, JsBuffer):
        return data.to_bytes()
    if data is UNDEFINED:
        raise type_error(
            "Failed to execute 'send' on 'WebSocket': "
            "parameter 1 is not of type 'ArrayBuffer or ArrayBufferView or string'."
        )
    if isinstance(data, (bytes, bytearray, memoryview)):
        _hint_bytes(data)
    return well_formed(to_string(data), 3)


def _hint_bytes(data: object) -> None:
    """What production does with a Python bytes is never what was meant: say so once a place."""
    log.warn_once(
        f"{place_of(calling_frame())}: send({type(data).__name__}) sends its Python text, "
        "like \"b'...'\", as on Cloudflare\nhint: to send binary, `send(to_js(data))`, "
        "with `from pyodide.ffi import to_js`"
    )


def well_formed(text: str, replacements: int) -> str:
    """``text`` with each lone surrogate replaced, as the wire carries Unicode only."""
    try:
        text.encode()
    except UnicodeEncodeError:
        mark = "\ufffd" * replacements
        return "".join(mark if "\ud800" <= char <= "\udfff" else char for char in text)
    return text


def size_of(data: str | bytes) -> int:
    """Bytes that ``data`` takes in a frame."""
    return len(data.encode()) if isinstance(data, str) else len(data)


def close_arguments(code: Any, reason: Any) -> tuple[int | None, str]:
    """Check close()'s arguments, before the state is looked at.

    Raises:
        JsException: InvalidAccessError or SyntaxError, as in production.
    """
    number: int | None = None
    flags = compat.current()
    if code is not None:
        number = to_integer(code)
        valid = 1000 <= number < 5000 and number not in _RESERVED_CODES
        if flags.has("pedantic_wpt"):
            valid = number == 1000 or 3000 <= number < 5000
        if not valid:
            message = f"Invalid WebSocket close code: {number}."
            raise dom_exception(message, "InvalidAccessError")
    text = "" if reason is None else well_formed(to_string(reason), 1)
    too_long = len(text) * 3 > MAX_REASON and len(text.encode()) > MAX_REASON
    if too_long and flags.has("websocket_close_reason_byte_limit"):
        raise dom_exception(
            "WebSocket close reason must not be longer than 123 bytes when UTF-8 encoded.",
            "SyntaxError",
        )
    if reason is not None and code is None:
        raise dom_exception(
            "If you specify a WebSocket close reason, you must also specify a code.",
            "InvalidAccessError",
        )
    return number, text
