"""`ctx` of a Durable Object.

Implements: https://developers.cloudflare.com/durable-objects/api/state/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import NotEmulated
from ..js.array import JsArray
from ..js.callbacks import recall
from ..js.convert import to_number, to_string
from ..js.errors import error, range_error, type_error
from ..js.null import null
from ..js.object import JsObject
from ..js.promise import PyodideFuture
from ..js.proxy import JsProxy
from ..web.idl import MISSING, bad_argument, require_callable
from ..web.wait_until import wait_until
from ..web.websocket import WebSocket
from ..web.websocket_state import State

if TYPE_CHECKING:
    from .hibernation import Hibernation
    from .instance import Instance

MAX_TAGS = 10
MAX_TAG = 256
MAX_AUTO_RESPONSE = 2048
MAX_EVENT_TIMEOUT_MS = 604_800_000

ACCEPTED = "Cannot call `acceptWebSocket()` if the WebSocket was already accepted via `accept()`"
PAIR_USED = (
    "Cannot call `acceptWebSocket()` on this WebSocket because its pair has already been "
    "accepted or used in a Response."
)
NO_TAGS_YET = (
    "you must call 'acceptWebSocket()' before attempting to access the tags of a WebSocket."
)
NO_TAGS = "only hibernatable websockets can have tags."
ABORTED = "Application called abort() to reset Durable Object."
_NAME = "DurableObjectState"


class DurableObjectState(JsProxy):
    """What the runtime gives to an object's constructor."""

    _takes_coroutines = False

    def __init__(self, instance: Instance) -> None:
        self._instance = instance

    @property
    def _hibernation(self) -> Hibernation:
        return self._instance.actor.hibernation

    @property
    def id(self) -> Any:
        return self._instance.actor.id

    @property
    def storage(self) -> Any:
        return self._instance.storage

    @property
    def props(self) -> Any:
        return JsObject()

    @property
    def exports(self) -> Any:
        return self._instance.context.worker.exports

    @property
    def container(self) -> Any:
        return None

    @property
    def facets(self) -> Any:
        raise NotEmulated("ctx.facets of a Durable Object")

    def waitUntil(self, promise: Any = MISSING) -> None:
        wait_until(self._instance.context, promise, takes_coroutines=self._takes_coroutines)

    def blockConcurrencyWhile(self, callback: Any = MISSING) -> PyodideFuture:
        require_callable(callback, _NAME, "blockConcurrencyWhile")
        return self._instance.input.block(callback)

    def abort(self, reason: Any = None, _options: Any = None) -> None:
        from .actor import abort  # the actor makes the instance, which makes this

        abort(self._instance, ABORTED if reason is None else to_string(reason))

    def acceptWebSocket(self, ws: Any = MISSING, tags: Any = None) -> None:
        end = _socket(ws, "acceptWebSocket")
        if tags is not None and not isinstance(tags, JsArray):
            raise bad_argument(_NAME, "acceptWebSocket", 2, "Array")
        _check_acceptable(end)
        distinct = () if tags is None else _distinct(tags)
        self._hibernation.accept(end, distinct, self._instance)

    def getWebSockets(self, tag: Any = None) -> JsArray:
        wanted = None if tag is None else to_string(tag)
        return JsArray(self._hibernation.matching(wanted))

    def getTags(self, ws: Any = MISSING) -> JsArray:
        from .hibernation import socket_of  # hibernation needs instances, which need this

        end = _socket(ws, "getTags")
        socket = socket_of(end)
        if socket is None:
            raise error(NO_TAGS if end._state is State.ACCEPTED else NO_TAGS_YET)
        return JsArray(list(socket.tags))

    def setWebSocketAutoResponse(self, pair: Any = None) -> None:
        if pair is None:
            self._hibernation.auto_response = None
            return
        if not isinstance(pair, JsProxy) or type(pair)._js_name != "WebSocketRequestResponsePair":
            kind = "WebSocketRequestResponsePair"
            raise bad_argument(_NAME, "setWebSocketAutoResponse", 1, kind)
        request, response = pair._request, pair._response
        _check_size("Request", request)
        _check_size("Response", response)
        self._hibernation.auto_response = (request, response)

    def getWebSocketAutoResponse(self) -> Any:
        pair = self._hibernation.auto_response
        if pair is None:
            return null()
        from ..web.websocket_auto_response import WebSocketRequestResponsePair  # rare

        return WebSocketRequestResponsePair(*pair)

    def getWebSocketAutoResponseTimestamp(self, ws: Any = MISSING) -> Any:
        from .hibernation import socket_of  # as above

        socket = socket_of(_socket(ws, "getWebSocketAutoResponseTimestamp"))
        if socket is None or socket.timestamp is None:
            return null()
        from ..js.date import Date  # rare

        return Date._construct(socket.timestamp)

    def setHibernatableWebSocketEventTimeout(self, timeout: Any = None) -> None:
        number = 0 if timeout is None else to_number(timeout)
        ms = int(number) % 2**32 if number == number and abs(number) < 2**53 else 0
        if ms > MAX_EVENT_TIMEOUT_MS:
            raise error(f"Event timeout should not exceed {MAX_EVENT_TIMEOUT_MS} ms.")
        self._hibernation.event_timeout_ms = ms or None

    def getHibernatableWebSocketEventTimeout(self) -> Any:
        ms = self._hibernation.event_timeout_ms
        return null() if ms is None else ms


def _socket(value: Any, method: str) -> WebSocket:
    if not isinstance(value, WebSocket):
        raise bad_argument(_NAME, method, 1, "WebSocket")
    return value


def _check_acceptable(end: WebSocket) -> None:
    if end._state in (State.ACCEPTED, State.HIBERNATABLE):
        raise error(ACCEPTED)
    if end._state is State.RELEASED:
        raise type_error("Can't accept() WebSocket that was already used in a response.")
    if end._peer is None or end._peer._state is not State.AWAITING:
        raise error(PAIR_USED)


def _distinct(tags: JsArray) -> tuple[str, ...]:
    """The tags without duplicates.

    Raises:
        JsException: too many, or one is too long.
    """
    distinct: dict[str, None] = {}
    for each in tags:
        tag = to_string(recall(each))
        if len(distinct) >= MAX_TAGS:
            raise error(f"a Hibernatable WebSocket cannot have more than {MAX_TAGS} tags")
        if len(tag.encode("utf-8", "surrogatepass")) > MAX_TAG:
            raise error(f'"{tag}" is longer than the max tag length ({MAX_TAG} characters).')
        distinct[tag] = None
    return tuple(distinct)


def _check_size(what: str, text: str) -> None:
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_AUTO_RESPONSE:
        raise range_error(
            f"{what} cannot be larger than {MAX_AUTO_RESPONSE} bytes. "
            f"A {what.lower()} of size {size} was provided."
        )
