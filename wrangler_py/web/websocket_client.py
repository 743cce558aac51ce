"""`new WebSocket(url)`: a connection that opens by itself.

Implements: https://websockets.spec.whatwg.org/#dom-websocket-websocket
Differs, as workerd does: no http(s) URLs, no `wss` upgrade, redirects are not followed.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any
from urllib.parse import urlsplit

from .. import compat, context
from ..js.array import JsArray
from ..js.callbacks import recall
from ..js.convert import to_string
from ..js.errors import JsException, dom_exception, error, type_error
from ..js.promise import spawn
from .events import close_event, dispatch, error_event
from .fetch import close_body
from .idl import bad_init
from .request import Request
from .response import Response
from .transport import Transport
from .websocket import WebSocket
from .websocket_flow import connection_lost, finish, open_end, opened, report_all
from .websocket_state import ABNORMAL, State
from .websocket_wire import adopt_connection

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FAILED = "Failed to establish websocket connection"
_NOT_SWITCHED = (
    "Failed to establish the WebSocket connection: expected server to reply with HTTP status "
    "code 101 (switching protocols), but received {0} instead."
)


def construct(*args: Any) -> WebSocket:
    """`new WebSocket(url, protocols?)`.

    Raises:
        JsException: SyntaxError for a bad URL or protocol.
    """
    if not args:
        raise bad_init("WebSocket", 1, "string")
    owner = context.current()
    if owner is None or context.in_global_scope():
        raise error(context.GLOBAL_SCOPE)
    url = to_string(args[0])
    request = _handshake(_http_url(url), _protocols(args[1] if len(args) > 1 else None))
    end = WebSocket()
    end._url, end._owner, end._state = url, owner, State.CONNECTING
    end._connection = spawn(_connect(request, owner.worker.transport))
    end._connection.add_done_callback(lambda task: _settled(end, task))
    return end


def _handshake(url: str, protocols: str | None) -> Request:
    pairs = [("Upgrade", "websocket")]
    if protocols is not None:
        pairs.append(("Sec-WebSocket-Protocol", protocols))
    if compat.current().has("web_socket_compression"):
        pairs.append(("Sec-WebSocket-Extensions", "permessage-deflate"))
    return Request._incoming("GET", url, pairs, None)


def _syntax_error(text: str) -> JsException:
    return dom_exception(f"WebSocket Constructor: {text}", "SyntaxError")


def _http_url(text: str) -> str:
    """The URL that the handshake goes to: without user and password."""
    from ada_url import URL  # 50 ms; only workers that connect out need it

    try:
        url = URL(text)
    except ValueError:
        raise _syntax_error("The url is invalid.") from None
    if url.protocol not in ("ws:", "wss:"):
        raise _syntax_error("The url scheme must be ws or wss.")
    if "#" in url.href:
        raise _syntax_error("The url fragment must be empty.")
    scheme = "http" if url.protocol == "ws:" else "https"
    parts = urlsplit(url.href)
    return parts._replace(scheme=scheme, netloc=parts.netloc.rpartition("@")[2]).geturl()


def _protocols(value: Any) -> str | None:
    """The value of Sec-WebSocket-Protocol; None: the header is not sent."""
    if value is None:
        return None
    if not isinstance(value, JsArray):
        token = to_string(value)
        if _TOKEN.fullmatch(token) is None:
            raise _syntax_error("The protocol header token is invalid.")
        return token
    tokens = [to_string(recall(item)) for item in value]
    if any(_TOKEN.fullmatch(token) is None for token in tokens):
        raise _syntax_error("One of the protocol header tokens is invalid.")
    if len(set(tokens)) < len(tokens):
        raise _syntax_error("The protocols header cannot have repeating values.")
    return ", ".join(tokens) if tokens else None


async def _connect(request: Request, transport: Transport) -> Response:
    """The 101.

    Raises:
        JsException: the server is not there, or answered otherwise.
    """
    with context.io_pending():
        response = await transport.fetch(request)
    if response._web_socket is None:
        await close_body(response)
        raise type_error(_NOT_SWITCHED.format(response._status))
    return response


def _settled(end: WebSocket, task: asyncio.Task[Response]) -> None:
    """The connection is there, or it failed, or close() cancelled it."""
    owner = end._owner
    assert owner is not None
    exc = connection_lost() if task.cancelled() else task.exception()
    if owner.closed:
        return
    if exc is not None:
        owner.run(_fail, end, exc)
    else:
        owner.run(_open, end, task.result())


def _open(end: WebSocket, response: Response) -> None:
    adopt_connection(end, response._web_socket)
    end._protocol = response.headers._find("sec-websocket-protocol")
    end._extensions = response.headers._find("sec-websocket-extensions")
    open_end(end)
    opened(end)


def _fail(end: WebSocket, exc: BaseException) -> None:
    """`error`, then `close`; readyState is 3 in both."""
    end._failed = end._got_close = True
    report_all(end, dispatch(end, error_event(exc)), "error")
    report_all(end, dispatch(end, close_event(ABNORMAL, _FAILED, False)), "close")
    finish(end)
