"""pyodide.http: pyfetch over a fetcher of the test's own."""

from __future__ import annotations

import asyncio

import pytest

from wrangler_py.facades.pyodide_http import (
    AbortError,
    BodyUsedError,
    FetchResponse,
    HttpStatusError,
    pyfetch,
)
from wrangler_py.js.errors import dom_exception, error
from wrangler_py.js.promise import pending, rejected, resolved

import js  # type: ignore[import-not-found]  # isort: skip


def answer(body="hi", **options):
    return js.Response.new(body, **options)


def fetcher(response):
    def fetch(url, options):
        fetch.seen = url, options
        return resolved(response)

    return fetch


async def test_the_options_reach_the_fetcher_as_one_object():
    fetch = fetcher(answer())
    await pyfetch("http://a/", fetcher=fetch, method="POST", headers={"x": "1"})
    url, options = fetch.seen
    assert (url, options.method, options.headers.x) == ("http://a/", "POST", "1")
    assert options.signal.aborted is False


async def test_a_response_has_pythons_names_and_types():
    made = answer("[1]", status=201, statusText="Made", headers=js.Headers.new([["x", "y"]]))
    response = await pyfetch("http://a/", fetcher=fetcher(made))
    assert (response.status, response.status_text, response.ok) == (201, "Made", True)
    assert response.headers["x"] == "y"
    assert response.js_response is made
    copy = response.clone()
    assert await response.json() == [1]
    assert response.body_used
    assert await copy.bytes() == b"[1]"


READERS = [("text", "hi"), ("string", "hi"), ("bytes", b"hi")]


@pytest.mark.parametrize(("method", "value"), READERS)
async def test_a_body_is_read_once(method, value):
    response = FetchResponse("http://a/", answer("hi"))
    assert await getattr(response, method)() == value
    with pytest.raises(BodyUsedError, match="Response body is already used"):
        await response.text()
    with pytest.raises(BodyUsedError):
        response.clone()


async def test_a_body_is_a_buffer_too():
    assert (await FetchResponse("", answer("ab")).buffer()).to_bytes() == b"ab"
    assert (await FetchResponse("", answer("ab")).memoryview()).tobytes() == b"ab"


async def test_a_failed_fetch_is_an_abort_error_with_the_text_of_javascript():
    with pytest.raises(AbortError) as caught:
        await pyfetch("http://a/", fetcher=lambda *_: rejected(error("Network connection lost.")))
    assert isinstance(caught.value, OSError)
    assert (type(caught.value).__name__, str(caught.value)) == (
        "AbortError",
        "Network connection lost.",
    )


STATUSES = [
    (404, "404 Client Error: Gone for url: "),
    (503, "503 Server Error: Gone for url: "),
]


@pytest.mark.parametrize(("status", "text"), STATUSES)
def test_a_status_of_400_and_more_may_be_raised(status, text):
    response = FetchResponse("", answer("", status=status, statusText="Gone"))
    with pytest.raises(HttpStatusError) as caught:
        response.raise_for_status()
    assert str(caught.value) == text
    assert caught.value.status == status


def test_a_good_status_is_not_raised():
    assert FetchResponse("", answer()).raise_for_status() is None


async def test_cancelling_the_task_aborts_the_request():
    seen = []

    def fetch(url, options):
        seen.append(options.signal)
        return pending()

    task = asyncio.create_task(pyfetch("http://a/", fetcher=fetch))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen[0].aborted


async def test_a_signal_of_the_script_aborts_as_well():
    controller = js.AbortController.new()
    fetch = fetcher(answer())
    response = await pyfetch("http://a/", fetcher=fetch, signal=controller.signal)
    controller.abort(dom_exception("enough", "AbortError"))
    assert fetch.seen[1].signal.aborted
    with pytest.raises(AbortError, match="enough"):
        await response.text()


async def test_a_response_aborts_its_request():
    fetch = fetcher(answer())
    response = await pyfetch("http://a/", fetcher=fetch)
    response.abort("no longer needed")
    assert fetch.seen[1].signal.aborted
    with pytest.raises(ValueError, match="abort_controller is not set"):
        FetchResponse("", answer()).abort()
