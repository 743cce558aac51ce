"""Requests and responses over a real socket."""

from __future__ import annotations

from .conftest import Serve
from .stand_in import hello


async def test_a_worker_s_text_is_answered_with_its_length(serve: Serve) -> None:
    served = await serve(hello)
    status, headers, body = await served.exchange(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert (status, body) == (200, b"hello")
    assert headers == {
        "": "HTTP/1.1 200 OK",
        "content-type": "text/plain;charset=UTF-8",
        "content-length": "5",
    }
