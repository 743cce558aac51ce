"""What the tables cannot show: Python's handlers, streaming, the wire."""

from __future__ import annotations

import asyncio
import textwrap

import pytest

from wrangler_py import compat, context
from wrangler_py.js import profile
from wrangler_py.js.callbacks import create_proxy
from wrangler_py.js.errors import JsException
from wrangler_py.js.object import JsObject
from wrangler_py.testing import run_worker
from wrangler_py.web.html_rewriter import HTMLRewriter as Class
from wrangler_py.web.response import Response

from .record import CASES, DATE

HTMLRewriter = Class.constructor
PAGE = "<h1>a</h1><p>b</p>"


@pytest.fixture(autouse=True)
def event():
    owner = context.IoContext(None, "a test", compat.resolve(DATE, ()))
    owner.answering = True
    with owner.entered():
        yield owner


class Titles:
    """Handlers as people write them."""

    def __init__(self, word):
        self.word = word

    def element(self, element):
        element.setAttribute("class", self.word)

    async def text(self, chunk):
        if not chunk.lastInTextNode:
            chunk.after("!", html=True)


async def test_an_object_s_methods_are_handlers():
    for handlers in (create_proxy(Titles("big")), Titles("big")):
        changed = HTMLRewriter.new().on("h1", handlers).transform(Response(PAGE))
        assert await changed.text() == '<h1 class="big">a!</h1><p>b</p>'


async def test_a_kept_function_is_a_handler_and_a_borrowed_one_is_gone():
    def grow(element):
        element.tagName = "h0"

    handlers = JsObject({"element": create_proxy(grow)})
    changed = HTMLRewriter.new().on("h1", handlers).transform(Response(PAGE))
    assert await changed.text() == "<h0>a</h0><p>b</p>"
    borrowed = HTMLRewriter.new().on("h1", element=grow).transform(Response(PAGE))
    with pytest.raises(JsException, match="This borrowed proxy was automatically destroyed"):
        await borrowed.text()


async def test_the_handler_of_an_end_tag_must_be_kept_too():
    def early(element):
        element.onEndTag(lambda end: end.before("?"))

    handlers = JsObject({"element": create_proxy(early)})
    changed = HTMLRewriter.new().on("h1", handlers).transform(Response(PAGE))
    with pytest.raises(JsException, match="This borrowed proxy was automatically destroyed"):
        await changed.text()


async def test_a_dict_of_handlers_is_no_object_before_pyodide_314():
    def grow(element):
        element.tagName = "h0"

    for date, expected in ((DATE, "<h0>a</h0><p>b</p>"), ("2025-01-01", PAGE)):
        chosen = compat.resolve(date, ())
        owner = context.IoContext(None, "a test", chosen)
        owner.answering = True
        with owner.entered(), profile.use(chosen.profile):
            rewriter = HTMLRewriter.new().on("h1", {"element": grow})
            assert await rewriter.transform(Response(PAGE)).text() == expected
    with pytest.raises(JsException, match="parameter 1 is not of type 'Response'"):
        HTMLRewriter.new().transform({})


async def test_what_a_handler_raises_fails_the_body():
    class Broken:
        def element(self, element):
            raise ValueError("in a handler")

    changed = HTMLRewriter.new().on("p", Broken()).transform(Response(PAGE))
    reader = changed.body.getReader()
    assert (await reader.read()).value.to_bytes() == b"<h1>a</h1>"
    with pytest.raises(Exception, match="in a handler"):
        await reader.read()


async def test_a_rewriter_serves_many_responses_and_learns_more():
    rewriter = HTMLRewriter.new().on("h1", Titles("one"))
    first = rewriter.transform(Response(PAGE))
    rewriter.on("p", Titles("two"))
    assert await first.text() == '<h1 class="one">a!</h1><p>b</p>'
    second = rewriter.transform(Response(PAGE))
    assert await second.text() == '<h1 class="one">a!</h1><p class="two">b!</p>'


class Source:
    """A body that tells how much of it was asked for."""

    def __init__(self, *chunks):
        self.chunks, self.asked, self.closed = list(chunks), 0, asyncio.Event()

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.asked == len(self.chunks):
            raise StopAsyncIteration
        self.asked += 1
        return self.chunks[self.asked - 1]

    async def aclose(self):
        self.closed.set()


def streamed(*chunks):
    response = Response()
    response._source = source = Source(*chunks)
    return response, source


async def test_output_does_not_wait_for_the_end_of_the_input():
    response, source = streamed(b"<h1>a</h1>", b"<p>b</", b"p>")
    reader = HTMLRewriter.new().on("h1", Titles("x")).transform(response).body.getReader()
    assert source.asked == 0
    assert (await reader.read()).value.to_bytes() == b'<h1 class="x">a!</h1>'
    assert source.asked == 1
    assert (await reader.read()).value.to_bytes() == b"<p>b"
    assert (await reader.read()).value.to_bytes() == b"</p>"
    assert (await reader.read()).done


async def test_who_stops_reading_stops_the_source():
    response, source = streamed(b"<h1>a</h1>", b"<p>b</p>")
    reader = HTMLRewriter.new().on("h1", Titles("x")).transform(response).body.getReader()
    await reader.read()
    await reader.cancel()
    await source.closed.wait()
    assert source.asked == 1


async def test_text_of_any_length_passes_and_a_tag_without_end_does_not():
    megabyte = b"x" * (1 << 20)
    response, _ = streamed(b"<p>", *[megabyte] * 4, b"</p>")
    changed = HTMLRewriter.new().on("p", Titles("x")).transform(response)
    assert len(await changed.text()) == len('<p class="x">!!!!</p>') + 4 * len(megabyte)
    response, _ = streamed(b"<p a='", *[megabyte] * 4, b"'>")
    with pytest.raises(JsException, match=r"^TypeError: Parser error: The memory limit has been"):
        await HTMLRewriter.new().on("p", Titles("x")).transform(response).text()


@pytest.mark.parametrize("size", [1, 2, 3, 7])
async def test_how_the_input_is_cut_changes_nothing(size):
    cases = {n: c for n, c in CASES.items() if n.startswith("marked: ") and c["html"]}
    for name, case in cases.items():
        data = case["html"].encode()
        outputs = []
        for cut in (size, len(data)):
            response, _ = streamed(*(data[at : at + cut] for at in range(0, len(data), cut)))
            changed = HTMLRewriter.new().on("*", Titles("x")).onDocument(Titles("y"))
            outputs.append((await changed.transform(response).text()).replace("!", ""))
        assert outputs[0] == outputs[1], name


async def test_esi_tags_are_void_for_who_asks_for_it():
    page = "<esi:include src=x>a<p>b</p>"
    flag = "html_rewriter_treats_esi_include_as_void_tag"

    async def rewritten(*flags):
        owner = context.IoContext(None, "a test", compat.resolve(DATE, flags))
        owner.answering = True
        with owner.entered():
            handlers = JsObject({"element": create_proxy(lambda e: e.setInnerContent("!"))})
            return await HTMLRewriter.new().on("*", handlers).transform(Response(page)).text()

    assert await rewritten() == "<esi:include src=x>!"
    assert await rewritten(flag) == "<esi:include src=x>a<p>!</p>"


SCRIPT = """
from js import HTMLRewriter, Response
from pyodide.ffi import to_js
from workers import WorkerEntrypoint


class Links:
    def __init__(self, env):
        self.env = env

    async def element(self, element):
        known = await self.env.LINKS.get(element.getAttribute("href"))
        element.setAttribute("href", known or "/none")


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        page = "<a href=a>1</a><a href=b>2</a>"
        await self.env.LINKS.put("a", "/first")
        headers = to_js([["content-type", "text/html"], ["content-length", str(len(page))]])
        page = Response.new(page, headers=headers)
        return HTMLRewriter.new().on("a", Links(self.env)).transform(page)
"""
CONFIG = '{"name": "w", "main": "entry.py", "compatibility_date": "2026-11-01", '


async def test_a_worker_rewrites_with_its_bindings_and_the_length_is_not_the_old_one(tmp_path):
    (tmp_path / "entry.py").write_text(textwrap.dedent(SCRIPT))
    (tmp_path / "wrangler.json").write_text(
        CONFIG + '"kv_namespaces": [{"binding": "LINKS", "id": "links"}]}'
    )
    async with run_worker(tmp_path) as worker:
        response = await worker.fetch("/")
        assert await response.text() == '<a href="/first">1</a><a href="/none">2</a>'
        assert response.headers["content-type"] == "text/html"
        assert "content-length" not in response.headers


SIZE = 300_000
GROWING = {  # one piece each that gets no end for long
    "attributes": b"<p" + b" x='>'" * (SIZE // 6) + b">",
    "names of attributes": b"<p" + b" x" * 50_000 + b">",
    "a value": b"<p x=" + b"y" * SIZE + b">",
    "a comment": b"<!--" + b"-" * SIZE + b"-->",
    "a commented script": b"<script><!--" + b"x" * SIZE + b"--></script>",
    "dashes in a script": b"<script><!--" + b"-" * SIZE + b"></script>",
    "a script in a script": b"<script><!--<script>" + b"x<" * (SIZE // 2) + b"--></script>",
}


@pytest.mark.timeout(5)
@pytest.mark.parametrize("html", GROWING.values(), ids=GROWING)
async def test_a_piece_that_comes_in_little_by_little_is_read_once(html):
    response, _ = streamed(*(html[at : at + 256] for at in range(0, len(html), 256)))
    changed = HTMLRewriter.new().on("b", Titles("x")).transform(response)
    assert (await changed.bytes()).to_bytes() == html


@pytest.mark.timeout(5)
@pytest.mark.parametrize("html", ["<p>" * 10_000, "<p>" * 10_000 + "</i>" * 30_000])
async def test_how_deep_a_page_is_costs_nothing(html):
    selector = "p p p p p b, p > p p p > i, p p p p p p p u"
    changed = HTMLRewriter.new().on(selector, Titles("x")).transform(Response(html))
    assert await changed.text() == html


async def outcome(selector, html):
    handlers = HTMLRewriter.new().on(selector, Titles("x"))
    try:
        return len(await handlers.transform(Response(html)).text())
    except JsException as exc:
        return exc.message


async def test_as_much_is_remembered_as_in_workerd():
    memory = "Parser error: The memory limit has been exceeded."
    assert await outcome("b", "<a>" * 16_384) == 3 * 16_384
    assert await outcome("b", "<a>" * 16_385) == memory
    assert await outcome("b", "<a><b></b></a>" * 20_000) == len('<a><b class="x"></b></a>') * 20_000
    tag = "<a " + "x " * 32_768
    assert await outcome("a", f"{tag}>") == len(tag) + len('class="x">')
    assert await outcome("a", f"{tag}x >") == memory
    assert await outcome("b", f"{tag}x >") == len(tag) + 3
