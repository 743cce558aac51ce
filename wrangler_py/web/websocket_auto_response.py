"""WebSocketRequestResponsePair: what a sleeping Durable Object answers to which message.

Implements: https://developers.cloudflare.com/durable-objects/api/state/#setwebsocketautoresponse
"""

from __future__ import annotations

from typing import Any

from ..js.convert import to_string
from ..js.proxy import JsProxy
from .idl import bad_init, without_new


class WebSocketRequestResponsePair(JsProxy):
    """A text message and the answer to it."""

    _called_without_new = without_new("WebSocketRequestResponsePair")

    def __init__(self, request: str, response: str) -> None:
        self._request, self._response = request, response

    @classmethod
    def _construct(cls, *args: Any) -> WebSocketRequestResponsePair:
        if len(args) < 2:
            raise bad_init("WebSocketRequestResponsePair", len(args) + 1, "string")
        return cls(to_string(args[0]), to_string(args[1]))

    @property
    def request(self) -> str:
        return self._request

    @property
    def response(self) -> str:
        return self._response
