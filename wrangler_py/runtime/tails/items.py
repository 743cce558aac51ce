"""The objects that a `tail()` handler gets.

Implements: https://developers.cloudflare.com/workers/runtime-apis/handlers/tail/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ...js.array import JsArray
from ...js.date import Date
from ...js.object import JsObject
from ...js.proxy import JsProxy
from .redaction import redacted_headers, redacted_url

if TYPE_CHECKING:
    from ...web.request import Request

__all__ = ["EVENTS", "Facts", "TraceException", "TraceItem", "TraceLog", "response_info"]


class Facts(JsProxy, js_name="Object", raw=True):
    """A host object whose properties are all its own, so that it can be shown as JSON."""

    def __init__(self, props: dict[str, Any]) -> None:
        self._props = props

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._props:
            raise AttributeError(name)
        return self._props[name]

    def _entries(self) -> Iterator[tuple[str, Any]]:
        return iter(self._props.items())


class TraceItem(Facts, js_name="TraceItem", raw=True):
    """One event of a Worker."""


class TraceLog(Facts, js_name="TraceLog", raw=True):
    """One line of `console`."""


class TraceException(Facts, js_name="TraceException", raw=True):
    """An exception that nobody caught."""


class _Event(Facts, js_name="FetchEventInfo", raw=True):
    """What kind of event it was."""


class _Rpc(Facts, js_name="JsRpcEventInfo", raw=True): ...


class _Scheduled(Facts, js_name="ScheduledEventInfo", raw=True): ...


class _Alarm(Facts, js_name="AlarmEventInfo", raw=True): ...


class _Queue(Facts, js_name="QueueEventInfo", raw=True): ...


class _Email(Facts, js_name="EmailEventInfo", raw=True): ...


class _Tail(Facts, js_name="TailEventInfo", raw=True): ...


class _TailItem(Facts, js_name="TailItem", raw=True): ...


class _WebSocket(Facts, js_name="HibernatableWebSocketEventInfo", raw=True): ...


class _Message(Facts, js_name="Message", raw=True): ...


class _Close(Facts, js_name="Close", raw=True): ...


class _Error(Facts, js_name="Error", raw=True): ...


class _Response(Facts, js_name="Response", raw=True): ...


class _Request(Facts, js_name="Request", raw=True):
    """A request, with what is secret in it left out."""

    _whole: _Request

    def getUnredacted(self) -> _Request:
        return self._whole


def _fetch(request: Request) -> Facts:
    url, cf, pairs = request.url, request.cf, request.headers._sorted()
    whole = _Request({"method": request.method, "url": url, "headers": JsObject(dict(pairs))})
    shown = _Request(
        {
            "method": request.method,
            "url": redacted_url(url),
            "headers": JsObject({**redacted_headers(pairs)}),
        }
    )
    for each in (whole, shown):
        each._whole = whole
        if cf is not None:
            each._props["cf"] = cf
    return _Event({"request": shown, "response": None})


def response_info(status: int) -> Facts:
    return _Response({"status": status})


def _rpc(method: str) -> Facts:
    return _Rpc({"rpcMethod": method})


def _scheduled(cron: str, ms: float) -> Facts:
    return _Scheduled({"cron": cron, "scheduledTime": ms})


def _alarm(ms: float) -> Facts:
    return _Alarm({"scheduledTime": Date(ms)})


def _queue(queue: str, size: int) -> Facts:
    return _Queue({"queue": queue, "batchSize": size})


def _email(sender: str, recipient: str, size: int) -> Facts:
    return _Email({"mailFrom": sender, "rcptTo": recipient, "rawSize": size})


def _tail(scripts: Sequence[str]) -> Facts:
    return _Tail({"consumedEvents": JsArray([_TailItem({"scriptName": s}) for s in scripts])})


def _web_socket(kind: str, code: int = 0, was_clean: bool = False) -> Facts:
    """``kind``: `message`, `close` or `error`."""
    told: Facts
    if kind == "message":
        told = _Message({"webSocketEventType": kind})
    elif kind == "close":
        told = _Close({"webSocketEventType": kind, "code": code, "wasClean": was_clean})
    else:
        told = _Error({"webSocketEventType": kind})
    return _WebSocket({"getWebSocketEvent": told})


EVENTS: dict[str, Callable[..., Facts]] = {
    "alarm": _alarm,
    "email": _email,
    "fetch": _fetch,
    "queue": _queue,
    "rpc": _rpc,
    "scheduled": _scheduled,
    "tail": _tail,
    "webSocket": _web_socket,
}
"""Each kind of event, and what makes its `event` of the facts."""
