"""An EventSource in a Worker, against a real server."""

from __future__ import annotations

import textwrap

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from wrangler_py import compat, context
from wrangler_py.js.errors import JsException
from wrangler_py.testing import run_worker
from wrangler_py.web.event_source import EventSource

SCRIPT = """
import asyncio

from js import EventSource
from pyodide.ffi import create_proxy
from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        heard, over = [], asyncio.Event()

        def on_message(event):
            heard.append(f"{event.lastEventId}={event.data}")
            if len(heard) == 2:
                source.close()
                over.set()

        source = EventSource.new(request.headers["x-url"])
        source.addEventListener("message", create_proxy(on_message))
        await over.wait()
        return Response(" ".join(heard))
"""


async def test_events_of_a_server_are_heard_as_they_come(tmp_path):
    async def events(request):
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b"id: 1\ndata: one\n\nid: 2\nda")
        await response.write(b"ta: two\n\n")
        return response

    app = web.Application()
    app.router.add_get("/events", events)
    (tmp_path / "entry.py").write_text(textwrap.dedent(SCRIPT))
    async with TestServer(app) as server, run_worker(tmp_path / "entry.py") as worker:
        url = str(server.make_url("/events"))
        response = await worker.fetch("/", headers={"x-url": url})
        assert await response.text() == "1=one 2=two"


async def test_no_connection_is_made_at_import():
    owner = context.IoContext(None, "a test", compat.LATEST)
    owner.is_global = True
    with owner.entered(), pytest.raises(JsException, match="within the context of a worker req"):
        EventSource.constructor.new("http://a.example/")
