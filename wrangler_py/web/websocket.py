"""WebSocket and WebSocketPair: two ends in memory, no sockets.

Whatever an end sends arrives at its peer. The peer is a script's end too (a local pair), or it
was handed to the network (`websocket_wire.couple`), or to a Durable Object that may sleep
(`websocket_wire.attach`). Nothing else of the runtime touches an end's state.

Implements: https://developers.cloudflare.com/workers/runtime-apis/websockets/,
    https://websockets.spec.whatwg.org/
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .. import compat, context
from ..js.callbacks import member
from ..js.calling import fold
from ..js.convert import is_primitive, to_boolean
from ..js.errors import type_error
from ..js.null import is_nullish, null
from ..js.proxy import JsProxy
from .events import EventTarget
from .foreign import SOCKET
from .foreign import check as check_home
from .idl import without_new
from .websocket_arguments import UNDEFINED, close_arguments, payload, size_of, well_formed
from .websocket_flow import arrive_later, open_end, send_close, transmit
from .websocket_state import Arrival, Kind, State

if TYPE_CHECKING:
    from .websocket_wire import Receiver, Sink

NOT_ACCEPTED = (
    "You must call one of accept() or state.acceptWebSocket() on this WebSocket before "
    "sending messages."
)

_running = context.current
_ACCEPTED, _HIBERNATABLE = State.ACCEPTED, State.HIBERNATABLE


class WebSocket(EventTarget):
    """One end of a WebSocket. Equal to, but never the same object as, another read of it."""

    _called_without_new = without_new("WebSocket")

    CONNECTING, OPEN, CLOSING, CLOSED = range(4)
    READY_STATE_CONNECTING, READY_STATE_OPEN, READY_STATE_CLOSING, READY_STATE_CLOSED = range(4)

    # Few ends differ from these, and many ends are idle: only what differs is stored.
    _peer: WebSocket | None = None
    _state = State.AWAITING
    _sink: Sink | None = None
    _receiver: Receiver | None = None
    _owner: context.IoContext | None = None
    _output: Any = None
    _home: context.IoContext | None = None
    _inbox: deque[Arrival] | None = None
    _offered = False
    """Whether a Response holds it, which may be on its way to a client."""
    _draining = False
    _holding = False
    _half_open = False
    _sent_close = False
    _got_close = False
    _dropped = False
    _failed = False
    _binary: str | None = None
    _url: str | None = None
    _protocol: str | None = ""
    _extensions: str | None = ""
    _connection: Any = None
    _attachment: bytes | None = None

    @classmethod
    def _construct(cls, *args: Any) -> Any:
        from .websocket_client import construct  # only workers that connect out need it

        return construct(*args)

    def _described(self) -> str | None:
        if self._url is not None:
            return f"the WebSocket to {self._url}"
        label = "" if self._owner is None else self._owner.label
        return f"the WebSocket {label}" if label.startswith("/") else f"a WebSocket of {label}"

    @property
    def readyState(self) -> int:
        if (self._sent_close and self._got_close) or self._failed:
            return WebSocket.CLOSED
        if self._sent_close or self._got_close:
            return WebSocket.CLOSING
        return WebSocket.CONNECTING if self._state is State.CONNECTING else WebSocket.OPEN

    @property
    def url(self) -> Any:
        return null() if self._url is None else self._url

    @property
    def protocol(self) -> Any:
        return null() if self._protocol is None else self._protocol

    @property
    def extensions(self) -> Any:
        return null() if self._extensions is None else self._extensions

    @property
    def bufferedAmount(self) -> int:
        inbox = self._peer._inbox if self._peer is not None else None
        return sum(size_of(data) for kind, data, _ in inbox or () if kind is Kind.MESSAGE)

    @property
    def binaryType(self) -> str:
        if self._binary is not None:
            return self._binary
        standard = compat.current().has("websocket_standard_binary_type")
        return "blob" if standard else "arraybuffer"

    @binaryType.setter
    def binaryType(self, value: Any) -> None:
        if value in ("blob", "arraybuffer"):
            self._binary = str(value)

    def accept(self, options: Any = None) -> None:
        """Start reading. Later calls are ignored."""
        if not is_nullish(options) and is_primitive(options):
            raise type_error(
                "Failed to execute 'accept' on 'WebSocket': "
                "parameter 1 is not of type 'AcceptOptions'."
            )
        check_home(self._owner or self._home, SOCKET)
        if self._state is State.ACCEPTED:
            return
        if self._state is not State.AWAITING:
            raise type_error(_CANNOT_ACCEPT[self._state])
        self._half_open = to_boolean(member(options, "allowHalfOpen"))
        open_end(self)

    def send(self, *args: Any, **options: Any) -> None:
        """Queue a message: buffers as binary, everything else as its string."""
        data = args[0] if args else fold((), options)[0] if options else UNDEFINED
        if type(data) is not str:
            data = payload(data)
        elif not data.isascii():
            data = well_formed(data, 3)
        get = self.__dict__.get  # attributes of a proxy cost twice as much
        owner = get("_owner")
        if owner is not None and owner is not _running():
            check_home(owner, SOCKET)
        if get("_sent_close"):
            raise type_error("Can't call WebSocket send() after close().")
        if get("_dropped") or get("_failed"):
            self._failed = True
            return
        state = get("_state")
        if state is not _HIBERNATABLE and state is not _ACCEPTED:
            if state is State.RELEASED:
                return
            raise type_error(NOT_ACCEPTED)
        peer = get("_peer")
        if peer is None:
            return
        output = get("_output")
        if output is not None and output.closed:
            output.hold(transmit, peer, data)
            return
        sink = peer._sink
        if sink is not None:
            sink.send(data)
        else:
            arrive_later(peer, (Kind.MESSAGE, data, None))

    def close(self, code: Any = None, reason: Any = None) -> None:
        """Start, or answer, the closing handshake."""
        number, text = close_arguments(code, reason)
        check_home(self._owner, SOCKET)
        if self._state is State.CONNECTING:
            self._state = State.RELEASED  # readyState is 1 until the error event, as in production
            self._connection.cancel()
            return
        if self._sent_close or self._dropped or self._failed or self._state is State.RELEASED:
            return
        if self._state is State.AWAITING:
            raise type_error(NOT_ACCEPTED)
        send_close(self, number, text)

    def serializeAttachment(self, attachment: Any = None) -> None:
        """Keep a copy of ``attachment`` (structured clone, 16,384 bytes at most)."""
        from .websocket_attachment import serialize  # few sockets have one

        self._attachment = serialize(attachment)

    def deserializeAttachment(self) -> Any:
        """A fresh copy of the attachment; null when there is none."""
        from .websocket_attachment import deserialize

        return null() if self._attachment is None else deserialize(self._attachment)

    def _entries(self) -> Iterator[tuple[str, Any]]:
        return iter(())


_CANNOT_ACCEPT = {
    State.CONNECTING: (
        "Websockets obtained from the 'new WebSocket()' constructor cannot call accept"
    ),
    State.RELEASED: "Can't accept() WebSocket that was already used in a response.",
    State.HIBERNATABLE: "Can't accept() WebSocket after enabling hibernation.",
}


class WebSocketPair(JsProxy):
    """Two connected ends: by convention "0" goes to the client, "1" stays."""

    _called_without_new = without_new("WebSocketPair")

    def __init__(self) -> None:
        self._ends = make_pair()
        for end in self._ends:
            end._home = context.current()

    def __getattr__(self, name: str) -> Any:
        if name in ("0", "1"):
            return self._ends[int(name)]
        return super().__getattr__(name)

    def __iter__(self) -> Iterator[WebSocket]:
        return iter(self._ends)

    def _entries(self) -> Iterator[tuple[str, Any]]:
        return iter((("0", self._ends[0]), ("1", self._ends[1])))


def make_pair() -> tuple[WebSocket, WebSocket]:
    """Two fresh ends, connected to each other."""
    one, other = WebSocket(), WebSocket()
    one._peer, other._peer = other, one
    return one, other
