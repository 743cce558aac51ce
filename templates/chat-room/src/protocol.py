"""What clients may say: plain checks, which need no Worker around them."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

LONGEST_NAME = 32
LONGEST_TEXT = 1000
LONGEST_MESSAGE = 8 * LONGEST_TEXT


class Refused(Exception):
    """What a client asked for is not done; the text says why."""


def name_in(url: str) -> str:
    """Who joins: the `name` in the address of the WebSocket."""
    name = tidy(parse_qs(urlsplit(url).query).get("name", [""])[0])
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused(f"A name has 1 to {LONGEST_NAME} printable characters")
    return name


def text_in(message: Any) -> str:
    """What is said in `{"type": "message", "text": "..."}`."""
    # A binary message is an ArrayBuffer: it is no str, and has no len().
    if not isinstance(message, str) or len(message) > LONGEST_MESSAGE:
        raise Refused("Not a message: expected a short JSON text")
    try:
        kind, text = (said := json.loads(message))["type"], said.get("text")
    except (ValueError, TypeError, KeyError):
        raise Refused('Not a message: expected {"type": ...}') from None
    if kind != "message":
        raise Refused(f"Unknown message: {kind}")
    if not isinstance(text, str) or not (text := tidy(text)):
        raise Refused("The message has no text")
    if len(text) > LONGEST_TEXT:
        raise Refused(f"{len(text)} characters are too many for a message")
    return text


def tidy(text: str) -> str:
    """Without blanks around it, and without halves of characters, which JSON can hold."""
    return text.encode(errors="replace").decode().strip()
