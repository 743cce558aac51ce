"""Which workers wait without `await`, and that they can wherever production can."""

from __future__ import annotations

import pytest

from wrangler_py.js import stack

HEAD = """
import asyncio
from js import ReadableStream, Response, setTimeout, Promise
from pyodide.ffi import create_proxy, to_js
from workers import WorkerEntrypoint, Response as Answer

async def soon(value):
    await asyncio.sleep(0)
    return value

class Default(WorkerEntrypoint):
    async def fetch(self, request):
"""


@pytest.fixture(autouse=True)
def nothing_asked_for_yet(monkeypatch):
    monkeypatch.setattr(stack, "_wanted", False)


HANDLERS = {
    "run_sync": """
        from pyodide.ffi import run_sync
        return Answer(run_sync(soon("answer")))
""",
    "asyncio_run": """
        return Answer(asyncio.run(soon("answer")))
""",
    "run_until_complete": """
        return Answer(asyncio.get_event_loop().run_until_complete(soon("answer")))
""",
    "a_task": """
        async def work():
            return asyncio.run(soon("answer"))
        return Answer(await asyncio.create_task(work()))
""",
    "an_async_pull_of_a_stream": """
        from pyodide.ffi import run_sync
        @create_proxy
        async def pull(controller):
            controller.enqueue(to_js(run_sync(soon(b"answer"))))
            controller.close()
        return Answer(await Response.new(ReadableStream.new(pull=pull)).text())
""",
    "an_async_callback_of_a_promise": """
        from pyodide.ffi import run_sync
        async def then(value):
            return run_sync(soon(value))
        return Answer(await Promise.resolve("answer").then(create_proxy(then)))
""",
    "syncify_of_a_promise": """
        def start(resolve, reject):
            setTimeout(create_proxy(lambda: resolve("answer")), 1)
        return Answer(Promise.new(create_proxy(start)).syncify())
""",
}


@pytest.mark.parametrize("name", HANDLERS)
async def test_a_handler_may_wait_without_await(bench, name):
    bench.load(HEAD + HANDLERS[name])
    assert await bench.text() == "answer"


async def test_a_worker_that_never_waits_so_is_not_driven(bench):
    bench.load(HEAD + "        return Answer('plain')\n")
    assert await bench.text() == "plain"
    assert not stack.needs_greenlet()


MENTIONS = [
    ("import_from_javascript('cloudflare:workers')", False),
    ('import_from_javascript("cloudflare:sockets")', False),
    ("import_from_javascript('node:path')", True),
    ("from asyncio import sleep, run", True),
    ("from asyncio import runners_up", False),
    ("with asyncio.Runner() as runner:", True),
    ("from workers import wsgi", True),
    ("asyncio.run_coroutine_threadsafe", False),
]


@pytest.mark.parametrize(("line", "driven"), MENTIONS, ids=[line for line, _ in MENTIONS])
async def test_a_workers_source_says_whether_it_waits_so(bench, line, driven):
    bench.load(HEAD + f"        return Answer('x')  # {line}\n")
    assert stack.needs_greenlet() is driven
