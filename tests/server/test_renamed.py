"""A Worker with routes sees their host, and its answers name the one that the client knows."""

from __future__ import annotations

import json
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from wrangler_py.config.model import DevSettings
from wrangler_py.js.object import JsObject
from wrangler_py.web.response import Response
from wrangler_py.web.websocket import make_pair

from .conftest import Serve
from .record_renamed import ANSWERED, FLAGS, RECORDED, SENT, hidden, placed


async def shown(request) -> Response:
    headers = request.headers
    seen = [request.url, *(str(headers.get(name)) for name in ("host", "origin", "referer"))]
    answer = JsObject(
        {
            "Location": f"{request.url}/next",
            "Set-Cookie": "a=b; Domain=example.com; Path=/",
            "X-Other": "elsewhere.test",
        }
    )
    return Response(" ".join(seen), JsObject({"headers": answer}))


async def asked(serve: Serve, dev: DevSettings, *, renames: bool = True):
    served = await serve(shown, renames=renames)
    served.worker.config = SimpleNamespace(dev=dev)
    lines = ["GET /a?b HTTP/1.1", "Host: localhost:9", "Origin: http://localhost:9",
             "Referer: http://localhost:9/page", "", ""]  # fmt: skip
    _, headers, body = await served.exchange("\r\n".join(lines).encode())
    return headers, body.decode()


@pytest.mark.parametrize(("protocol", "scheme"), [(None, "http"), ("https", "https")])
async def test_the_worker_sees_the_host_of_its_routes(serve: Serve, protocol, scheme) -> None:
    headers, body = await asked(serve, DevSettings(host="example.com", upstream_protocol=protocol))
    seen = f"{scheme}://example.com"
    assert body == f"{seen}/a?b example.com {seen} {seen}/page"
    assert headers["location"] == "http://localhost:9/a?b/next"
    assert headers["set-cookie"] == "a=b; Domain=localhost; Path=/"
    assert headers["x-other"] == "elsewhere.test"


@pytest.mark.parametrize(("host", "renames"), [(None, True), ("example.com", False)])
async def test_otherwise_it_sees_where_the_request_was_sent(serve: Serve, host, renames) -> None:
    headers, body = await asked(serve, DevSettings(host=host), renames=renames)
    assert body == ("http://localhost:9/a?b localhost:9 http://localhost:9 http://localhost:9/page")
    assert headers["set-cookie"] == "a=b; Domain=example.com; Path=/"


KNOWN = json.loads(RECORDED.read_text())
SETTINGS = {
    "a host": DevSettings(host="example.com"),
    "a host by https": DevSettings(host="example.com", upstream_protocol="https"),
    "a protocol alone": DevSettings(upstream_protocol="https"),
    "a host with a port": DevSettings(host="example.com:8080"),
}


async def as_recorded(request) -> Response:
    url = urlsplit(request.url)
    if url.path == "/seen":
        names = ("host", *SENT)
        return Response(
            json.dumps([request.url, *(request.headers._find(n.lower()) for n in names)])
        )
    made = {
        name: value.replace("$ORIGIN", f"{url.scheme}://{url.netloc}")
        .replace("$HOST", url.netloc)
        .replace("$NAME", url.hostname or "")
        for name, value in ANSWERED.items()
    }
    return Response(None, JsObject({"status": 302, "headers": JsObject(made)}))


@pytest.mark.parametrize("flags", SETTINGS)
async def test_it_is_as_wrangler_has_it(serve: Serve, flags) -> None:
    assert flags in FLAGS
    served = await serve(as_recorded, renames=True)
    served.worker.config = SimpleNamespace(dev=SETTINGS[flags])

    async def ask(path: str, headers: dict[str, str]):
        sent = {"Host": "localhost:$PORT"} | headers
        lines = [f"{name}: {placed(value, 65123)}" for name, value in sent.items()]
        return await served.exchange("\r\n".join([f"GET {path} HTTP/1.1", *lines, "", ""]).encode())

    _, _, body = await ask("/seen", SENT)
    _, headers, _ = await ask("/away", {})
    found = {
        "seen": json.loads(body),
        "told": {name: headers[name.lower()] for name in ANSWERED},
    }
    assert hidden(found, 65123) == KNOWN[flags]


async def test_the_answer_to_a_websocket_is_renamed_too(serve: Serve) -> None:
    async def upgraded(request) -> Response:
        one, other = make_pair()
        other.accept()
        headers = JsObject({"Set-Cookie": "a=1; Domain=example.com", "X-At": request.url})
        return Response(None, JsObject({"status": 101, "webSocket": one, "headers": headers}))

    served = await serve(upgraded, renames=True)
    served.worker.config = SimpleNamespace(dev=DevSettings(host="example.com"))
    head = """GET /ws HTTP/1.1
        Host: localhost:9
        Connection: Upgrade
        Upgrade: websocket
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="""
    lines = [line.strip() for line in head.splitlines()] + ["", ""]
    _, headers, _ = await served.exchange("\r\n".join(lines).encode())
    assert headers["set-cookie"] == "a=1; Domain=localhost"
    assert headers["x-at"] == "http://localhost:9/ws"
