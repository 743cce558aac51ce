"""Which handler answers, how it is called, and what production says when there is none."""

from __future__ import annotations

import pytest

from wrangler_py.js.errors import JsException

HANDLERS = {
    "an async method": """
        from workers import Response, WorkerEntrypoint
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return Response("ok " + request.url)
        """,
    "a plain method": """
        from workers import Response, WorkerEntrypoint
        class Default(WorkerEntrypoint):
            def fetch(self, request):
                return Response("ok " + request.url)
        """,
    "a method that returns a js.Response": """
        from js import Response
        from workers import WorkerEntrypoint
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return Response.new("ok " + request.url)
        """,
    "a method of a mixin": """
        from workers import Response, WorkerEntrypoint
        class Answers:
            async def fetch(self, request):
                return Response("ok " + request.url)
        class Default(Answers, WorkerEntrypoint):
            pass
        """,
    "on_fetch with three parameters": """
        from js import Response
        async def on_fetch(request, env, ctx):
            ctx.waitUntil
            return Response.new("ok " + request.url)
        """,
    "on_fetch with one parameter": """
        from workers import Response
        def on_fetch(request):
            return Response("ok " + request.url)
        """,
    "a bare fetch": """
        from workers import Response
        async def fetch(request):
            return Response("ok " + request.url)
        """,
}


@pytest.mark.parametrize("source", HANDLERS.values(), ids=HANDLERS)
async def test_a_handler_answers(bench, source):
    bench.load(source)
    assert await bench.text("/a?b=c") == "ok http://test/a?b=c"


async def test_a_handler_without_parameters_is_called_without_arguments(bench):
    bench.load("""
        from workers import Response, WorkerEntrypoint
        class Default(WorkerEntrypoint):
            async def fetch(self):
                return Response("nothing asked")
        """)
    assert await bench.text() == "nothing asked"


async def test_env_and_ctx_of_a_class_handler_are_undefined(bench):
    bench.load(
        """
        from workers import Response, WorkerEntrypoint
        class Default(WorkerEntrypoint):
            async def fetch(self, request, env=1, ctx=2):
                return Response(f"{env} {ctx} {self.env.NAME}")
        """,
        vars={"NAME": "value"},
    )
    assert await bench.text() == "None None value"


async def test_an_instance_lives_for_one_event(bench):
    bench.load("""
        from workers import Response, WorkerEntrypoint
        class Default(WorkerEntrypoint):
            count = 0
            async def fetch(self, request):
                self.count += 1
                return Response(str(self.count))
        """)
    assert [await bench.text(), await bench.text()] == ["1", "1"]


async def test_module_globals_live_as_long_as_the_code(bench):
    bench.load("""
        from workers import Response, WorkerEntrypoint
        seen = []
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                seen.append(1)
                return Response(str(len(seen)))
        """)
    assert [await bench.text(), await bench.text()] == ["1", "2"]


FAILURES = [
    (
        "no handler",
        "x = 1",
        {},
        "Error: Handler does not export a fetch() function.",
    ),
    (
        "a class without fetch",
        "from workers import WorkerEntrypoint\nclass Default(WorkerEntrypoint): pass",
        {},
        "Error: Handler does not export a fetch() function.",
    ),
    (
        "the SDK's own fetch is no handler",
        "from workers import fetch",
        {},
        "Error: Handler does not export a fetch() function.",
    ),
    (
        "no handler before 2025-08-14",
        "x = 1",
        {"compatibility_date": "2025-08-13"},
        'Error: Python entrypoint "entry.py" does not export a handler named "on_fetch"',
    ),
    (
        "a string",
        "def on_fetch(request): return 'text'",
        {},
        "TypeError: Incorrect type for Promise: the Promise did not resolve to 'Response'.",
    ),
    (
        "nothing",
        """
        from workers import WorkerEntrypoint
        class Default(WorkerEntrypoint):
            async def fetch(self, request): pass
        """,
        {},
        "TypeError: Incorrect type for Promise: the Promise did not resolve to 'Response'.",
    ),
]


@pytest.mark.parametrize(
    ("source", "config", "text"), [row[1:] for row in FAILURES], ids=[row[0] for row in FAILURES]
)
async def test_a_wrong_handler_gives_productions_text_and_a_hint(bench, source, config, text):
    bench.load(source, **config)
    with pytest.raises(JsException) as caught:
        await bench.fetch()
    assert str(caught.value) == text
    assert any(note.startswith("hint: ") for note in caught.value.__notes__)


async def test_an_exception_of_the_handler_comes_out_as_it_is(bench):
    bench.load("""
        from workers import WorkerEntrypoint
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                raise ZeroDivisionError("boom")
        """)
    with pytest.raises(ZeroDivisionError, match="boom"):
        await bench.fetch()


async def test_the_class_wins_over_a_function(bench):
    bench.load("""
        from workers import Response, WorkerEntrypoint
        def on_fetch(request):
            return Response("function")
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return Response("class")
        """)
    assert await bench.text() == "class"


async def test_only_names_of_dunder_all_are_exported(bench):
    worker = bench.load("""
        from workers import WorkerEntrypoint
        __all__ = ["Shown"]
        class Shown(WorkerEntrypoint): pass
        class Hidden(WorkerEntrypoint): pass
        """)
    assert list(worker.exported.entrypoints) == ["Shown"]


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        ('{"a": 1}', "returned a dict; wrap it: `return Response.json(...)`"),
        ("[1]", "returned a list; wrap it: `return Response.json(...)`"),
        ('b"x"', "returned bytes; wrap it: `return Response(...)`"),
        ('"x"', "returned a str; wrap it: `return Response(...)`"),
    ],
)
async def test_what_is_no_response_is_called_by_its_python_name(bench, answer, hint):
    bench.load(f"""
        from workers import WorkerEntrypoint
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return {answer}
        """)
    with pytest.raises(JsException) as failure:
        await bench.text()
    assert hint in failure.value.__notes__[0]


async def test_ctx_exports_gives_entry_points_with_props_of_their_own(bench):
    bench.load("""
        from pyodide.ffi import to_js
        from js import Object
        from workers import Response, WorkerEntrypoint
        class Named(WorkerEntrypoint):
            async def who(self):
                return getattr(self.ctx.props, "who", None)
            async def fetch(self, request):
                return Response(f"for {self.ctx.props.who}")
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                named = self.ctx.exports.Named
                props = to_js({"who": "me"}, dict_converter=Object.fromEntries)
                mine = named(props=props)
                answer = await mine.fetch("http://x/")
                return Response.json([await named.who(), await mine.who(), await answer.text()])
        """)
    assert await bench.text() == '[null, "me", "for me"]'
