"""Streams of events: ``stream`` is read by `EventSource.from`; ``answers`` are a server's, one for
each connection. All is over when ``until`` things were noted."""

from __future__ import annotations

from typing import Any

Case = dict[str, Any]
URL = "http://events.example/stream"
STREAM = {"content-type": "text/event-stream"}


def read(*chunks: str, until: int) -> Case:
    return {"stream": list(chunks), "until": until}


def connect(*answers: dict[str, Any], until: int, arguments: list[Any] | None = None) -> Case:
    return {"arguments": arguments or [URL], "answers": list(answers), "until": until}


CASES: dict[str, Case] = {
    "a message": read("data: one\n\n", until=4),
    "two messages": read("data: one\n\ndata: two\n\n", until=6),
    "data in lines": read("data: one\ndata: two\n\n", until=4),
    "no data": read("event: custom\n\ndata\n\ndata: x\n\n", until=4),
    "an event of another kind": read("event: custom\ndata: x\n\n", until=3),
    "ids": read("id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n", until=8),
    "comments": read(": hello\n\n:\ndata: a\n: more\ndata: b\n\n", until=4),
    "spaces": read("data:  two\n\ndata:none\n\ndata : field\n\n", until=6),
    "ends of lines": read("data: a\r\ndata: b\rdata: c\n\r\n", until=4),
    "an end in two chunks": read("data: a\r", "\n\ndata: b\r\n\r", "\n", until=6),
    "chunks": read("da", "ta: on", "e\n", "\nda", "ta: two\n\n", until=6),
    "characters in chunks": read("data: \xc3", "\xa9\n\n", until=4),
    "a byte order mark": read("\xef\xbb\xbfdata: a\n\n", until=4),
    "a message that is cut": read("data: a\n\ndata: b\n", until=4),
    "nothing": read(until=2),
    "a connection": connect(STREAM | {"body": "data: a\n\n"}, until=5),
    "again": connect(
        STREAM | {"body": "retry: 1\nid: 7\ndata: a\n\n"},
        STREAM | {"body": "data: b\n\n"},
        until=9,
    ),
    "a handler that is taken away": read("data: a\n\n", until=5) | {"late": True},
    "a bad status": connect(STREAM | {"status": 404, "body": "x"}, until=2),
    "a type that is none": connect({"content-type": "text/plain", "body": "x"}, until=2),
    "no type": connect({"body": None}, until=2),
    "a type with a charset": connect(
        {"content-type": "text/event-stream; charset=utf-8", "body": "data: a\n\n"}, until=5
    ),
    "a redirect": connect(
        {"status": 302, "location": "/other"}, STREAM | {"body": "data: a\n\n"}, until=5
    ),
    "a url that is none": connect(until=9, arguments=["nope"]),
    "credentials": connect(until=9, arguments=[URL, {"withCredentials": True}]),
    "no credentials": connect(
        STREAM | {"status": 500}, until=2, arguments=[URL, {"withCredentials": False}]
    ),
    "an init that is none": connect(until=9, arguments=[URL, 5]),
}
