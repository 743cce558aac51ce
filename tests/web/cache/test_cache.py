"""What the tables cannot show: whose a body is, streams, a Worker's time."""

from __future__ import annotations

import textwrap

import pytest

from wrangler_py import compat, context
from wrangler_py.js.errors import JsException
from wrangler_py.js.object import JsObject
from wrangler_py.testing import run_worker
from wrangler_py.web.cache import caches
from wrangler_py.web.cache.answer import _CHUNK
from wrangler_py.web.response import Response

from .record import DATE
from .test_as_workerd import StandIn

FRESH = JsObject({"headers": JsObject({"cache-control": "max-age=60"})})
A = "http://a.example/"


def event(worker):
    owner = context.IoContext(worker, "a test", compat.resolve(DATE, ()))
    owner.answering = True
    return owner


@pytest.fixture
def worker(tmp_path):
    stand_in = StandIn(tmp_path)
    yield stand_in
    stand_in.stores.close()


async def test_at_import_a_cache_is_opened_but_not_asked(worker):
    owner = event(worker)
    owner.is_global = True
    with owner.entered():
        assert (await caches.open("x")).constructor.name == "Cache"
        with pytest.raises(JsException, match="Disallowed operation called within global scope"):
            await caches.default.match(A)


class Wrapped:
    """As the SDK's Request and Response are."""

    js_object = None


async def test_a_wrapper_of_the_sdk_s_is_told_from_its_javascript_object(worker):
    with event(worker).entered():
        for call in (
            lambda: caches.default.match(Wrapped()),
            lambda: caches.default.put(A, Wrapped()),
        ):
            with pytest.raises(JsException) as caught:
                await call()
            assert caught.value.__notes__ == [
                "hint: `.js_object` of a `workers.Wrapped` is what JavaScript takes"
            ]


async def test_what_was_matched_belongs_to_its_event(worker):
    with event(worker).entered():
        await caches.default.put(A, Response("x", FRESH))
        found = await caches.default.match(A)
    with event(worker).entered():
        with pytest.raises(JsException, match="on behalf of a different request"):
            await found.text()
        assert await (await caches.default.match(A)).text() == "x"


async def test_a_large_body_is_read_as_it_is_asked_for(worker):
    async def pieces():
        for _ in range(4):
            yield bytes(_CHUNK)

    large = Response(None, FRESH)
    large._source = pieces()
    with event(worker).entered():
        await caches.default.put(A, large)
        found = await caches.default.match(A)
        reader = found.body.getReader()
        assert (await reader.read()).value.byteLength == _CHUNK
        assert await caches.default.delete(A)
        assert (await reader.read()).value.byteLength == _CHUNK  # the file is open
        await reader.cancel()


SCRIPT = """
from js import caches
from workers import Response, WorkerEntrypoint

from js import Response as JsResponse

calls = 0


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        global calls
        cache = caches.default
        found = await cache.match(request.js_object)
        if found is None:
            calls += 1
            headers = {"cache-control": "s-maxage=60", "x-call": str(calls)}
            answer = Response("made", headers=headers)
            await cache.put(request.js_object, answer.js_object.clone())
            return answer
        return found
"""


async def test_what_is_kept_expires_as_the_worker_s_time_goes_on(tmp_path):
    path = tmp_path / "entry.py"
    path.write_text(textwrap.dedent(SCRIPT))
    async with run_worker(path) as worker:
        for status in (None, "HIT"):
            response = await worker.fetch("/page")
            assert response.headers.get("cf-cache-status") == status
            assert (await response.text(), response.headers["x-call"]) == ("made", "1")
        await worker.advance(59)
        assert (await worker.fetch("/page")).headers["x-call"] == "1"
        await worker.advance(2)
        assert (await worker.fetch("/page")).headers["x-call"] == "2"
