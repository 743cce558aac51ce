"""Sessions with the templates, as somebody who tries them would have them."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from wrangler_py.config import DevOptions, Overrides, load_config
from wrangler_py.reload.dev_server import DevServer
from wrangler_py.session import read, replay

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


@pytest.fixture(autouse=True)
def own_modules() -> object:
    path, meta_path, modules = list(sys.path), list(sys.meta_path), set(sys.modules)
    yield
    sys.path[:], sys.meta_path[:] = path, meta_path
    for name in set(sys.modules) - modules:
        if str(TEMPLATES) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


@asynccontextmanager
async def served(template: str, state: Path, record: Path | None = None) -> AsyncIterator[str]:
    server = DevServer(
        DevOptions(
            load_config(Overrides(), TEMPLATES / template),
            ip="127.0.0.1",
            port=0,
            port_is_explicit=True,
            reload=False,
            persist_to=state,
            record=record,
        )
    )
    try:
        await server.start()
        yield server.url
    finally:
        await server.close()


async def three_people_chat(http: aiohttp.ClientSession) -> None:
    async with http.get("/") as page:
        assert page.status == 200
    people = [
        await http.ws_connect(f"/room/lobby/ws?name={name}") for name in ("Ada", "Bob", "Eve")
    ]
    for turn in range(3):
        for person in people:
            await person.send_json({"type": "message", "text": f"turn {turn}"})
    await people[0].send_str("ping")
    await people[1].send_bytes(b"\x00\x01")
    heard = 0
    while heard < 9:
        heard += (await people[2].receive_json())["type"] == "message"
    await people[2].close(code=4001, message=b"bye")
    connection = people[0]._response.connection
    assert connection is not None
    connection.transport.abort()  # the browser is gone
    while "left" not in (said := (await people[1].receive()).data) or "Ada" not in said:
        pass
    await people[1].close()


async def clicks(http: aiohttp.ClientSession) -> None:
    async with http.get("/ws") as refused:
        assert refused.status == 426
    async with http.ws_connect("/ws") as first, http.ws_connect("/ws") as second:
        for socket in (first, first, second):
            await socket.send_json({"type": "click"})
            await socket.receive_json()
        await first.send_str("nonsense")
        await first.receive_json()


@pytest.mark.parametrize(
    ("template", "client", "sockets"),
    [("chat-room", three_people_chat, 3), ("websocket-template", clicks, 2)],
)
async def test_a_session_with_a_template_is_played_again(tmp_path, template, client, sockets):
    session = tmp_path / "session.jsonl"
    async with (
        served(template, tmp_path / "then", session) as url,
        aiohttp.ClientSession(url) as http,
    ):
        await client(http)
    assert len(read(session).entries) > 10
    async with served(template, tmp_path / "now") as url:
        report = await replay(session, url)
    report.check()
    assert report.sockets == sockets
