"""What a web page can reach of ours: nothing."""

from __future__ import annotations

import pytest

from wrangler_py.server.local_endpoints import LocalRequest, Reply

from .conftest import Serve
from .stand_in import Served, echo, hello, upgrade

FOREIGN = [  # headers of a request that must not come near
    "Host: evil.example",
    "Host: localhost.evil.example",
    "Host: 127.0.0.1.evil.example:8787",
    "Host: 192.168.1.7:8787",
    "Host: 0.0.0.0",
    "Host: [::2]",
    "Host: localhost\r\nOrigin: https://evil.example",
    "Host: localhost\r\nOrigin: http://localhost.evil.example",
    "Host: localhost\r\nOrigin: http://localhost@evil.example",
    "Host: localhost\r\nOrigin: http://evil.example:8787",
    "Host: localhost\r\nOrigin: null",
    "Host: localhost\r\nOrigin: ",
    "Host: localhost\r\nOrigin: file://",
    "Host: localhost\r\nOrigin: chrome-extension://localhost",
    "Host: localhost\r\nOrigin: http://localhost\r\nOrigin: http://evil.example",
    "Host: localhost\r\nSec-Fetch-Site: cross-site",
    "Host: localhost\r\nOrigin: http://localhost\r\nSec-Fetch-Site: Cross-Site",
]
OWN = [
    "Host: localhost",
    "Host: LOCALHOST:8787",
    "Host: 127.0.0.1:8787",
    "Host: [::1]:8787",
    "Host: my.test",
    "Host: localhost\r\nOrigin: http://localhost:3000",
    "Host: 127.0.0.1\r\nOrigin: https://my.test",
    "Host: localhost\r\nSec-Fetch-Site: same-origin",
    "Host: localhost\r\nSec-Fetch-Site: none",
]


async def served_with_endpoints(serve: Serve) -> tuple[Served, list[LocalRequest]]:
    served = await serve(hello, names=["my.test", "0.0.0.0"])
    seen: list[LocalRequest] = []

    async def note(request: LocalRequest) -> Reply:
        seen.append(request)
        return Reply(body=await request.read(10))

    served.server.endpoints.on_get("state", note)
    served.server.endpoints.on_post("act", note)
    return served, seen


def ask(path: str, headers: str, method: str = "GET", body: str = "") -> bytes:
    length = f"Content-Length: {len(body)}\r\n" if method == "POST" else ""
    return f"{method} {path} HTTP/1.1\r\n{headers}\r\n{length}\r\n{body * bool(length)}".encode()


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("path", ["/cdn-cgi/local/state", "/cdn-cgi/anything"])
async def test_a_foreign_request_is_refused(serve: Serve, headers: str, path: str) -> None:
    served, seen = await served_with_endpoints(serve)
    status, answer, _ = await served.exchange(ask(path, headers))
    assert status == 403
    assert not [name for name in answer if name.startswith("access-control")]
    status, _, _ = await served.exchange(ask("/cdn-cgi/local/act", headers, "POST", "x"))
    assert status == 403
    assert not seen


@pytest.mark.parametrize("headers", OWN)
async def test_a_request_of_this_machine_is_answered(serve: Serve, headers: str) -> None:
    served, seen = await served_with_endpoints(serve)
    status, answer, _ = await served.exchange(ask("/cdn-cgi/local/state?a=1&b=", headers))
    assert status == 200
    assert not [name for name in answer if name.startswith("access-control")]
    assert seen[0].query == {"a": "1", "b": ""}


async def test_a_foreign_upgrade_is_refused(serve: Serve) -> None:
    served = await serve(echo)
    sent = upgrade("/cdn-cgi/local/ws", "Origin: https://evil.example\r\n")
    assert (await served.exchange(sent))[0] == 403


METHODS = [
    ("GET", "act", 405),
    ("HEAD", "act", 405),
    ("PUT", "act", 405),
    ("POST", "state", 405),
    ("OPTIONS", "state", 405),
    ("POST", "act", 200),
    ("GET", "nothing", 404),
]


@pytest.mark.parametrize(("method", "name", "status"), METHODS)
async def test_only_post_changes_something(
    serve: Serve, method: str, name: str, status: int
) -> None:
    served, seen = await served_with_endpoints(serve)
    client = await served.connect()
    client.write(ask(f"/cdn-cgi/local/{name}", "Host: localhost", method, "hi"))
    assert (await client.response(method))[0] == status
    assert len(seen) == (status == 200)


async def test_other_paths_are_the_worker_s(serve: Serve) -> None:
    served, _ = await served_with_endpoints(serve)
    for path, host in (("/cdn-cgi/trace", "localhost"), ("/cdn-cgix/", "evil.example")):
        assert (await served.exchange(ask(path, f"Host: {host}")))[2] == b"hello"
