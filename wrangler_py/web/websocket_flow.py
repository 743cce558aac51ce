"""What happens to WebSocket ends: how sends become arrivals, and arrivals events.

Module functions, not methods: a script cannot reach them through its sockets.

Implements: https://developers.cloudflare.com/workers/runtime-apis/websockets/
Differs: no late `error` "Network connection lost." after a clean close.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

from .. import compat, context
from ..js.buffers import ArrayBuffer
from ..js.errors import error
from .events import (
    close_event,
    dispatch,
    error_event,
    has_listener,
    listener,
    message_event,
    plain_event,
    report,
)
from .websocket_state import ABNORMAL, DROPPED, NO_STATUS, Arrival, Kind, State

if TYPE_CHECKING:
    from .websocket import WebSocket
    from .websocket_wire import Sink


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
        fail(end, errors, "message")


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
    report_all(end, dispatch(end, event), "close")
    if end._sent_close:
        finish(end)


def _deliver_drop(end: WebSocket, _item: Arrival) -> None:
    if end._got_close or end._failed or end._dropped:
        # Half open, and now the connection is gone: nothing can be answered any more.
        end._dropped = True
        finish(end)
        return
    end._dropped = True
    report_all(end, dispatch(end, close_event(ABNORMAL, DROPPED, False)), "close")
    end._got_close = True
    finish(end)


def _deliver_error(end: WebSocket, item: Arrival) -> None:
    if end._got_close or end._failed:
        return
    end._failed = True
    report_all(end, dispatch(end, error_event(item[1])), "error")
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


def fail(end: WebSocket, errors: list[BaseException], kind: str) -> None:
    """A listener raised: an `error` event, and the connection ends without a Close frame."""
    report_all(end, errors, kind)
    end._failed = True
    report_all(end, dispatch(end, error_event(errors[0])), "error")
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


def report_all(end: WebSocket, errors: list[BaseException], kind: str) -> None:
    for exc in errors:
        report(exc, listener(kind), end._described())


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
        fail(end, errors, "open")


def connection_lost() -> BaseException:
    return error("Network connection lost.")
