"""I/O objects of another request: using one fails, as they live and die with their own event.

Source: https://developers.cloudflare.com/workers/observability/errors/#cannot-perform-io-on-behalf-of-a-different-request
"""

from __future__ import annotations

from .. import context
from ..js.errors import JsException, error

SOCKET, BODY = "Native", "ReadableStreamSource"
"""What production calls them in its message."""

_REQUEST = (
    "Cannot perform I/O on behalf of a different request. I/O objects (such as streams, "
    "request/response bodies, and others) created in the context of one request handler cannot be "
    "accessed from a different request's handler. This is a limitation of Cloudflare Workers "
    "which allows us to improve overall performance. (I/O type: {0})"
)
_OBJECT = (
    "Cannot perform I/O on behalf of a different Durable Object. I/O objects (such as streams, "
    "request/response bodies, and others) created in the context of one Durable Object cannot be "
    "accessed from a different Durable Object in the same isolate. This is a limitation of "
    "Cloudflare Workers which allows us to improve overall performance. (I/O type: {0})"
)
_HINT = (
    "hint: what several requests share lives in a Durable Object, which all of them can reach; "
    "a chat room is one: https://developers.cloudflare.com/durable-objects/"
)


def foreign(kind: str) -> JsException:
    """What a script gets that uses an I/O object of another event's."""
    here = context.current()
    in_object = here is not None and here.output is not None
    exc = error((_OBJECT if in_object else _REQUEST).format(kind))
    exc.add_note(_HINT)
    return exc


def check(home: context.IoContext | None, kind: str) -> None:
    """Whether the running code may use what belongs to ``home``; ours may always.

    Raises:
        JsException: it belongs to another event.
    """
    if home is not None and (here := context.current()) is not home and here is not None:
        raise foreign(kind)
