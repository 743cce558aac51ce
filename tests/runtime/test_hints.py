"""An error whose cause is well known says what to do; one that only looks like it says nothing."""

from __future__ import annotations

import asyncio
import gc
import sys
import textwrap
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from wrangler_py.js.errors import JsException
from wrangler_py.runtime.scheduled import run_scheduled
from wrangler_py.runtime.tracing import user_traceback
from wrangler_py.web.request import Request

SCRIPT = """
import asyncio, json
import js
from js import Headers, Object, Request, WebSocketPair
from pyodide.ffi import create_once_callable, create_proxy, to_js
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        headers = request.js_object.headers
{body}
"""


class Known(NamedTuple):
    """What a handler does, the error that is real, and a part of the hint."""

    does: str
    error: str
    hint: str


KNOWN = [
    Known(
        "create_once = create_once_callable(print); create_once(); create_once()",
        "OnceProxy can only be called once",
        "`create_proxy` is for any number",
    ),
    Known(
        "proxy = create_proxy(print); proxy.destroy(); proxy()",
        "Object has already been destroyed",
        "`destroy()` was called on this proxy",
    ),
    Known(
        "js.Array.new({'a': 1})[0]",
        "This borrowed proxy was automatically destroyed",
        "handed over as `create_proxy(x)`",
    ),
    Known("Headers.new({'a': '1'})", "not of type 'Sequence'", "dict_converter=Object.from"),
    Known(
        "js.Response.new('', headers={'a': '1'})", "not of type 'Sequence'", "dict_converter=Object"
    ),
    Known("Object.fromEntries({'a': 1})", "Iterator value a", "dict_converter=Object.fromEntries"),
    Known("js.structuredClone({'a': 1})", "could not be cloned", "dict_converter=Object"),
    Known("Response(None, status=101)", "in the range 200 to 599", "a 101 carries one end"),
    Known(
        "client, _ = WebSocketPair.new().object_values()\nResponse(None, web_socket=client)",
        "must have status code 101",
        "`return Response(None, status=101, web_socket=client)`",
    ),
    Known(
        "Response(None, status=101, web_socket=WebSocketPair.new())",
        "Incorrect type for the 'webSocket' field",
        "one end of a pair",
    ),
    Known("WebSocketPair()", "Please use the 'new' operator", "`WebSocketPair.new(...)`"),
    Known("WebSocketPair.new()[0]", "is not subscriptable", "`pair.object_values()`"),
    Known("{WebSocketPair.new(): 1}", "unhashable type", "keep them in a list"),
    Known("json.dumps(Object.new())", "is not JSON serializable", "`js.JSON.stringify(x)`"),
    Known("headers.get('no').upper()", "'JsNull' object has no attribute", "arrives as `jsnull`"),
    Known("'a' + headers.get('no')", '(not "JsNull") to str', "arrives as `jsnull`"),
    Known("len(headers.get('no'))", "'JsNull' has no len", "arrives as `jsnull`"),
    Known("request.text().upper()", "'coroutine' object has no attribute", "write `await` before"),
    Known("request.js_object.text().upper()", "'PyodideFuture' object", "write `await` before"),
    Known("request.text()['a']", "'coroutine' object is not subscriptable", "write `await`"),
    Known("Response(request.text())", "Response: coroutine", "write `await` before"),
    Known("Response.json(request.text())", "is not JSON serializable", "write `await` before"),
    Known("await Response('')", "can't be used in 'await' expression", "without `await`"),
    Known("Response({'a': 1})", "Unsupported type in Response: dict", "`Response.json(...)`"),
    Known("self.env.NOPE", "AttributeError: NOPE", "nothing is called NOPE on `env`"),
    Known("return 'text'", "did not resolve to 'Response'", "wrap it: `return Response(...)`"),
    Known("return {'a': 1}", "did not resolve to 'Response'", "`return Response.json(...)`"),
    Known("pass", "did not resolve to 'Response'", "did a branch forget `return`?"),
    Known("await asyncio.Event().wait()", "code had hung", "awaits something that no timer"),
    Known("open('/session/metadata/a.txt')", "No such file", "`Path(__file__).parent` is that"),
    Known("from js import document", "cannot import name 'document'", "has no `document`"),
]
UNRELATED = [
    "open('/no/such/folder/metadata')",
    "raise ValueError('This borrowed proxy was automatically destroyed')",
    "Headers.new([['a']])",
    "Object.fromEntries([1])",
    "js.structuredClone(print)",
    "Response(None, status=600)",
    "{[]: 1}",
    "one = 1\none[0]",
    "None.upper()",
    "'a' + None",
    "len(1)",
    "await 1 if False else (1).real.missing",
    "Response(object())",
    "self.nope",
    "raise TypeError('fetch() missing 1 required positional argument')",
    "from json import nope",
    "import a_module_of_nobody",
    "raise RuntimeError('no running event loop')",
    "json.dumps(object())",
    "def scheduled(controller): ...\nscheduled()",
    "env = None\nenv.NAME",
]


async def shown(bench, source: str, **config) -> str:
    bench.load(source, **config)
    with pytest.raises(BaseException) as caught:
        await bench.fetch()
    return user_traceback(caught.value, bench.folder)


def script(does: str) -> str:
    return SCRIPT.format(body=textwrap.indent(does, " " * 8))


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Coroutines that a script forgets are collected in their own test, behind its worker."""
    gc.freeze()  # what was there before need not be looked at each time
    yield
    gc.collect()
    gc.unfreeze()


@pytest.mark.filterwarnings("ignore:coroutine")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known.does[:30])
async def test_a_known_error_says_what_to_do(bench, known):
    text = await shown(bench, script(known.does))
    *_, error, hint = text.split("\n")
    assert known.error in text.removesuffix(hint)
    assert hint.startswith("hint: ")
    assert known.hint in hint
    assert text.count("hint: ") == 1
    assert error


@pytest.mark.filterwarnings("ignore:coroutine")
@pytest.mark.parametrize("does", UNRELATED)
async def test_an_error_that_only_looks_like_it_says_nothing(bench, does):
    assert "hint: " not in await shown(bench, script(does))


async def test_a_module_of_a_known_package_says_how_to_get_it(bench, monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)  # as if it were not installed
    text = await shown(bench, script("import yaml"))
    assert "hint: `uv add pyyaml` or `pip install pyyaml`; for Cloudflare" in text


async def test_a_module_that_cloudflare_has_not_either_says_so(bench, monkeypatch):
    monkeypatch.setitem(sys.modules, "tkinter", None)
    text = await shown(bench, script("import tkinter"))
    assert "hint: Python on Cloudflare has no `tkinter`, either" in text


HANDLER = """
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    {signature}
        return Response(str({uses}))
"""


@pytest.mark.parametrize(
    ("signature", "uses", "hint"),
    [
        ("async def fetch(self, request, env):", "env.NAME", "a class has it as `self.env`"),
        (
            "async def fetch(self, request, env, ctx):",
            "ctx.waitUntil(None)",
            "a class has it as `self.ctx`",
        ),
        ("async def fetch(self, a, b, c, d):", "a", "fits `async def fetch(self, request)`"),
        ("async def fetch():", "1", "fits `async def fetch(self, request)`"),
    ],
)
async def test_the_wrong_signature_says_the_right_one(bench, signature, uses, hint):
    text = await shown(bench, HANDLER.format(signature=signature, uses=uses))
    assert hint in text
    assert text.count("hint: ") == 1


async def test_the_signature_of_a_scheduled_handler(bench):
    bench.load(HANDLER.format(signature="async def scheduled(self, controller):", uses="1"))
    await run_scheduled(bench.worker, None, None)
    ((exc, where),) = bench.errors
    assert where == "scheduled"
    text = user_traceback(exc, bench.folder)
    assert "fits `async def scheduled(self, controller, env, ctx)`" in text


async def test_a_handler_that_the_script_itself_calls_wrongly_gets_no_hint(bench):
    text = await shown(
        bench,
        """
        from workers import Response, WorkerEntrypoint
        class Default(WorkerEntrypoint):
            async def scheduled(self, controller, env, ctx): ...
            async def fetch(self, request):
                await self.scheduled()
        """,
    )
    assert "missing 3 required positional arguments" in text
    assert "hint: " not in text


async def test_a_borrowed_callback_is_named_with_its_place(bench):
    bench.load(
        script(
            "def ring(): ...\njs.setTimeout(ring, 0)\n"
            "await asyncio.sleep(0.01)\nreturn Response('')"
        )
    )
    await bench.fetch()
    ((exc, where),) = bench.errors
    assert where == "a setTimeout callback of test"
    assert f"hint: write `create_proxy(ring)` for what is defined at {bench.folder}" in (
        user_traceback(exc, bench.folder)
    )


async def test_a_socket_of_another_request_is_explained(bench):
    bench.load("""
        from js import WebSocketPair
        from workers import Response, WorkerEntrypoint
        kept = []
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                if kept:
                    kept[0].send("x")
                client, server = WebSocketPair.new().object_values()
                server.accept()
                kept.append(server)
                return Response(None, status=101, web_socket=client)
        """)
    first = bench.worker.new_context("first")
    await bench.worker.fetch(Request("http://test/"), first)
    with pytest.raises(Exception, match="on behalf of a different request") as caught:
        await bench.fetch()
    assert "hint: what several requests share lives in a Durable Object" in user_traceback(
        caught.value, bench.folder
    )
    first.close()


async def test_bytes_sent_as_text_are_pointed_out_with_their_line(bench, capsys):
    bench.load(
        script(
            "client, server = WebSocketPair.new().object_values()\nserver.accept()\n"
            "server.send(b'x')\nreturn Response('')"
        )
    )
    await bench.fetch()
    said = capsys.readouterr().err
    assert f"{bench.folder}/entry.py:13: send(bytes) sends its Python text" in said
    assert "hint: to send binary, `send(to_js(data))`" in said


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("", "define `class Default(WorkerEntrypoint)`"),
        (
            "from workers import WorkerEntrypoint\nclass Other(WorkerEntrypoint): ...",
            "the class that answers is called `Default`; this one is `Other`",
        ),
        (
            "from workers import WorkerEntrypoint\nclass Default(WorkerEntrypoint): ...",
            "`async def fetch(self, request)`",
        ),
    ],
)
async def test_a_worker_without_a_handler_says_so_when_it_is_loaded(bench, capsys, source, hint):
    bench.load(source)
    said = capsys.readouterr().err
    assert "entry.py has no handler, so no request will be answered\nhint: " in said
    assert hint in said


async def test_an_older_date_wants_handlers_by_other_names(bench, capsys):
    bench.load(script("return Response('')"), compatibility_date="2025-06-01")
    said = capsys.readouterr().err
    assert "with a compatibility date before 2025-08-14 methods are called `on_fetch`" in said
    with pytest.raises(JsException) as caught:
        await bench.fetch()
    assert "flag python_no_global_handlers" in user_traceback(caught.value, bench.folder)


@pytest.mark.parametrize(
    "handler",
    ["fetch(self, request)", "scheduled(self, a, b, c)", "tail(self, *_)", "email(self, *_)"],
)
async def test_a_worker_with_any_handler_says_nothing(bench, capsys, handler):
    bench.load(
        "from workers import WorkerEntrypoint\n"
        f"class Default(WorkerEntrypoint):\n    async def {handler}: ..."
    )
    await asyncio.sleep(0)
    assert "has no handler" not in capsys.readouterr().err
