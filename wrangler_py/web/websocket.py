"""WebSocket and WebSocketPair: two ends in memory, no sockets.

Whatever an end sends arrives at its peer. The peer is a script's end too (a local pair), or it
was handed to the network (`websocket_wire.couple`), or to a Durable Object that may sleep
(`websocket_wire.attach`). Nothing else of the runtime touches an end's state.

Implements: https://developers.cloudflare.com/workers/runtime-apis/websockets/,
    https://websockets.spec.whatwg.org/
Differs: no late `error` "Network connection lost." after a clean close.
"""

from __future__ import annotations

import asyncio
import enum
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .. import compat, context
from ..js.buffers import ArrayBuffer
from ..js.callbacks import member
from ..js.calling import fold
from ..js.convert import is_primitive, to_boolean
from ..js.errors import error, type_error
from ..js.null import is_nullish, null
from ..js.proxy import JsProxy
from .events import (
    EventTarget,
    close_event,
    dispatch,
    error_event,
    has_listener,
    message_event,
    plain_event,
    report,
)
from .foreign import SOCKET
from .foreign import check as check_home
from .idl import without_new
from .websocket_arguments import (
    ABNORMAL as ABNORMAL,  # part of what this module offers
)
from .websocket_arguments import (
    NO_STATUS as NO_STATUS,
)
from .websocket_arguments import (
    UNDEFINED,
    close_arguments,
    payload,
    size_of,
    well_formed,
)

if TYPE_CHECKING:
    from .websocket_wire import Receiver, Sink

DROPPED = "WebSocket disconnected without sending Close frame."
NOT_ACCEPTED = (
    "You must call one of accept() or state.acceptWebSocket() on this WebSocket before "
    "sending messages."
)

_running = context.current


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
        owner = self._owner
        if owner is not None and owner is not _running():
            check_home(owner, SOCKET)
        if self._sent_close:
            raise type_error("Can't call WebSocket send() after close().")
        if self._dropped or self._failed or self._state is State.RELEASED:
            self._failed = self._failed or self._dropped
            return
        if self._state is not State.ACCEPTED and self._state is not State.HIBERNATABLE:
            raise type_error(NOT_ACCEPTED)
        peer = self._peer
        if peer is None:
            return
        output = self._output
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


# What happens to an end. Module functions: a script cannot reach them through the object.


def open_end(end: WebSocket) -> None:
    """Make ``end`` accepted: the current context owns it, and what has arrived is delivered."""
    end._state = State.ACCEPTED
    owner = end._owner = context.current()
    if owner is not None:
        owner.own(_key(end), lambda: abandon(end))
        end._output = owner.output
    hold_while_open(end)
    if end._inbox:
        _schedule(end)


def _key(end: WebSocket) -> object:
    """What every proxy of the same socket shares."""
    return end._listeners


def hold_while_open(end: WebSocket) -> None:
    """An accepted end whose peer is on the network keeps its context alive."""
    peer, owner = end._peer, end._owner
    if peer is None or peer._sink is None or owner is None or end._holding:
        return
    if end._state is State.ACCEPTED and not owner.closed:
        end._holding = True
        owner.hold()


def send_close(end: WebSocket, code: int | None, reason: str) -> None:
    """``end`` sends a Close frame."""
    _write_close(end, code, reason)
    if end._got_close:
        finish(end)


def _write_close(end: WebSocket, code: int | None, reason: str) -> None:
    end._sent_close = True
    peer, output = end._peer, end._output
    if peer is None:
        return
    if output is not None and output.closed:
        output.hold(_transmit_close, peer, code, reason)
    else:
        _transmit_close(peer, code, reason)


def transmit(peer: WebSocket, data: str | bytes) -> None:
    """A message goes from an end to its ``peer``."""
    if peer._sink is not None:
        peer._sink.send(data)
    else:
        arrive_later(peer, (Kind.MESSAGE, data, None))


def _transmit_close(peer: WebSocket, code: int | None, reason: str) -> None:
    if peer._sink is not None:
        peer._sink.close(code, reason)
    else:
        arrive_later(peer, (Kind.CLOSE, code, reason))


def arrive(end: WebSocket, item: Arrival) -> None:
    """Something comes from the network: now, if ``end`` listens and nothing is before it."""
    if end._sink is not None:
        forward(end._sink, item)
    elif end._state is State.ACCEPTED and not end._inbox:
        deliver(end, item)
    else:
        arrive_later(end, item)


def arrive_message(end: WebSocket, data: str | bytes) -> None:
    """A message comes from the network: the hot one of `arrive`'s cases, without detours."""
    owner = end._owner
    straight = owner is not None and owner.input is None and not owner.closed
    if straight and end._state is State.ACCEPTED and not end._inbox and end._sink is None:
        owner.run(_message, end, data)  # type: ignore[union-attr]
    else:
        arrive(end, (Kind.MESSAGE, data, None))


def arrive_later(end: WebSocket, item: Arrival) -> None:
    """Something comes from the peer end: never in the sender's turn."""
    if end._sink is not None:
        forward(end._sink, item)
        return
    if end._receiver is not None:
        end._receiver.arrive(end, item)
        return
    if end._inbox is None:
        end._inbox = deque()
    end._inbox.append(item)
    if end._state is State.ACCEPTED:
        _schedule(end)


def _schedule(end: WebSocket) -> None:
    if not end._draining:
        end._draining = True
        asyncio.get_running_loop().call_soon(_drain, end)


def _drain(end: WebSocket) -> None:
    """Deliver one arrival per turn: tasks that a listener started may run in between."""
    end._draining = False
    if end._state is State.ACCEPTED and end._inbox:
        item = end._inbox.popleft()
        if end._inbox:
            _schedule(end)
        deliver(end, item)


def forward(sink: Sink, item: Arrival) -> None:
    """Pass an arrival on to the network (a proxied socket, or one returned to a client)."""
    kind, data, reason = item
    if kind is Kind.MESSAGE:
        sink.send(data)
    elif kind is Kind.CLOSE:
        sink.close(data, reason)
    else:
        sink.abort()


def deliver(end: WebSocket, item: Arrival) -> None:
    """Dispatch one arrival to the script's listeners, as code of the end's context."""
    owner = end._owner
    if owner is None:
        _DELIVER[item[0]](end, item)
    elif owner.input is not None and owner.input.closed:
        owner.input.hold(deliver, end, item)
    elif not owner.closed:
        owner.run(_DELIVER[item[0]], end, item)


def _deliver_message(end: WebSocket, item: Arrival) -> None:
    _message(end, item[1])


def _message(end: WebSocket, data: Any) -> None:
    if end._got_close or end._failed:
        return
    if not isinstance(data, str):
        if not has_listener(end, "message"):
            return
        data = _binary_data(end, data)
    errors = dispatch(end, message_event(data))
    if errors:
        fail(end, errors)


def _binary_data(end: WebSocket, data: bytes) -> Any:
    if end.binaryType == "arraybuffer":
        return ArrayBuffer._of(data)
    from .blob import Blob  # an ArrayBuffer needs no Blob

    return Blob._of(data)


def _deliver_close(end: WebSocket, item: Arrival) -> None:
    _, code, reason = item
    if end._got_close or end._failed:
        return
    end._got_close = True
    auto = compat.current().has("web_socket_auto_reply_to_close") and not end._half_open
    if auto and not end._sent_close:
        _write_close(end, code, reason)
    event = close_event(NO_STATUS if code is None else code, reason, True)
    report_all(dispatch(end, event), "close")
    if end._sent_close:
        finish(end)


def _deliver_drop(end: WebSocket, _item: Arrival) -> None:
    if end._got_close or end._failed or end._dropped:
        # Half open, and now the connection is gone: nothing can be answered any more.
        end._dropped = True
        finish(end)
        return
    end._dropped = True
    report_all(dispatch(end, close_event(ABNORMAL, DROPPED, False)), "close")
    end._got_close = True
    finish(end)


def _deliver_error(end: WebSocket, item: Arrival) -> None:
    if end._got_close or end._failed:
        return
    end._failed = True
    report_all(dispatch(end, error_event(item[1])), "error")
    finish(end)


_DELIVER = {
    Kind.MESSAGE: _deliver_message,
    Kind.CLOSE: _deliver_close,
    Kind.DROP: _deliver_drop,
    Kind.ERROR: _deliver_error,
}


def cut(end: WebSocket) -> None:
    """End ``end``'s connection without a Close frame; nothing more is heard of it."""
    end._failed = True
    _cut(end)


def fail(end: WebSocket, errors: list[BaseException]) -> None:
    """A listener raised: an `error` event, and the connection ends without a Close frame."""
    report_all(errors, "message")
    end._failed = True
    report_all(dispatch(end, error_event(errors[0])), "error")
    _cut(end)
    finish(end)


def _cut(end: WebSocket) -> None:
    """End the connection to the peer without a Close frame."""
    peer = end._peer
    if peer is None:
        return
    if peer._sink is not None:
        peer._sink.abort()
    else:
        arrive_later(peer, (Kind.DROP, None, None))


def report_all(errors: list[BaseException], kind: str) -> None:
    for exc in errors:
        report(exc, f"{kind} listener")


def finish(end: WebSocket) -> None:
    """Nothing more happens on ``end``: its context need not wait for it."""
    end._inbox = None
    owner = end._owner
    if owner is None:
        return
    owner.disown(_key(end))
    if end._holding:
        end._holding = False
        # Not at once: an async listener of the last event has yet to start.
        asyncio.get_running_loop().call_soon(owner.release)


def abandon(end: WebSocket) -> None:
    """The context of ``end`` ended first: no events any more, the peer sees a drop."""
    if end._failed or end._dropped or (end._sent_close and end._got_close):
        return
    end._failed = True
    end._holding = False
    end._inbox = None
    _cut(end)


def lose_connection(end: WebSocket) -> None:
    """End a connection of ours as if the network had: a drop on both sides."""
    if end._failed or end._dropped or end._got_close:
        return
    _cut(end)
    arrive_later(end, (Kind.DROP, None, None))


def opened(end: WebSocket) -> None:
    """Tell the listeners of a `new WebSocket(url)` that it is open."""
    owner = end._owner
    event = plain_event("open")
    errors = owner.run(dispatch, end, event) if owner is not None else dispatch(end, event)
    if errors:
        fail(end, errors)


def connection_lost() -> BaseException:
    return error("Network connection lost.")
