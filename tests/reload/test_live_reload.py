"""Pages that load themselves again, over a real server."""

from __future__ import annotations

import asyncio
import gzip

import aiohttp
import pytest

from wrangler_py.server.live_reload import PATH, PROTOCOL, SCRIPT

WORKER = """
    from js import Response as JsResponse, ReadableStream, TextEncoder
    from workers import Response, WorkerEntrypoint
    import gzip
    from pyodide.ffi import to_js

    HTML = {"Content-Type": "text/html; charset=utf-8"}

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            path = request.url.split("/", 3)[3]
            if path == "json":
                return Response.json({"a": 1})
            if path == "stream":
                body = JsResponse.new("<p>VERSION").body
                return Response(body, headers=HTML | {"Content-Length": "10"})
            if path == "gzip":
                return Response("<p>VERSION", headers=HTML | {"Content-Encoding": "gzip"})
            if path == "packed":
                packed = to_js(gzip.compress(b"<p>VERSION"))
                headers = list((HTML | {"Content-Encoding": "gzip"}).items())
                return JsResponse.new(packed, headers=headers, encodeBody="manual")
            if path == "boom":
                raise ValueError("no")
            if path == "cdn-cgi/live-reload":
                return Response("the worker's")
            return Response("<p>VERSION", headers=HTML)
    """


def version(text):
    return WORKER.replace("VERSION", text)


@pytest.fixture
async def live(project):
    project.save(version("1"))
    await project.start(live_reload=True)
    return project


async def body(live, path, **options):
    url = f"{live.server.url}/{path}"
    async with live.client.get(url, auto_decompress=False, **options) as answer:
        return await answer.read(), answer.headers


def page(live, **options):
    options.setdefault("protocols", (PROTOCOL,))
    return live.client.ws_connect(live.server.url + PATH, **options)


@pytest.mark.parametrize("path", ["", "stream"])
async def test_a_page_has_the_script_behind_it(live, path):
    data, headers = await body(live, path)
    assert data == b"<p>1" + SCRIPT
    assert headers["Content-Type"] == "text/html; charset=utf-8"


async def test_what_goes_out_compressed_has_it_too(live):
    data, _ = await body(live, "gzip", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(data) == b"<p>1" + SCRIPT


@pytest.mark.parametrize(("path", "known"), [("json", b'{"a": 1}'), ("packed", b"<p>1")])
async def test_what_is_no_page_or_packed_already_stays_as_it_is(live, path, known):
    data, _ = await body(live, path)
    assert (gzip.decompress(data) if path == "packed" else data) == known


async def test_a_page_is_told_of_new_code_and_of_nothing_else(live, capsys):
    async with page(live) as socket:
        assert socket.protocol == PROTOCOL
        live.save("def broken(:")
        live.server.reload({live.main})
        live.save(version("2"))
        live.server.reload({live.main})
        assert await socket.receive_str() == "reload"
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(socket.receive(), 0.05)
        assert live.server.server.open_sockets == 0
    assert PATH not in capsys.readouterr().out


async def test_a_change_of_files_is_told_too(live, tmp_path):
    async with page(live) as one, page(live) as other:
        live.server.server.reload_pages()
        assert [await each.receive_str() for each in (one, other)] == ["reload", "reload"]


async def test_without_its_protocol_the_path_is_the_workers(live):
    async with live.client.get(live.server.url + PATH) as answer:
        assert await answer.text() == "the worker's"


async def test_a_page_of_another_site_hears_nothing(live):
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await page(live, origin="https://evil.example")
    assert refused.value.status == 403


async def test_the_page_of_a_failure_reloads_as_well(live):
    data, headers = await body(live, "boom", headers={"Accept": "text/html"})
    assert data.endswith(SCRIPT)
    assert "connect-src 'self'" in headers["Content-Security-Policy"]


async def test_without_the_option_pages_stay_as_they_are(project):
    project.save(version("1"))
    await project.start()
    assert (await body(project, ""))[0] == b"<p>1"
