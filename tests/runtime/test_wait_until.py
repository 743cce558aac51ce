"""`waitUntil` and what Python has that is no promise."""

from __future__ import annotations

import asyncio

import pytest

from wrangler_py.log import log

SCRIPT = """
import asyncio
from pyodide.ffi import create_proxy
from workers import Response, WorkerEntrypoint, wait_until

done = []

async def later():
    await asyncio.sleep(0.02)
    done.append(1)

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if "done" in request.url:
            return Response.json(done)
        {give}
        return Response("started")
"""
LEGACY = """
import asyncio
from js import Response

done = []

async def later():
    await asyncio.sleep(0.02)
    done.append(1)

async def on_fetch(request, env, ctx):
    if "done" in request.url:
        return Response.new(str(done))
    {give}
    return Response.new("started")
"""


@pytest.fixture
def warnings(monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(log, "warn", lambda text, **_: said.append(text))
    return said


async def settle(bench):
    for _ in range(100):
        if len(bench.worker.contexts) == 1:  # global scope
            return
        await asyncio.sleep(0.005)


async def started_and_over(bench):
    assert await bench.text() == "started"
    await settle(bench)


TAKEN = [
    "self.ctx.waitUntil(later())",
    "self.ctx.waitUntil(asyncio.create_task(later()))",
    "wait_until(create_proxy(asyncio.create_task(later())))",
]


@pytest.mark.parametrize("give", TAKEN)
async def test_these_are_waited_for(bench, warnings, give):
    bench.load(SCRIPT.replace("{give}", give))
    await started_and_over(bench)
    assert await bench.text("/done") == "[1]"
    assert warnings == []


DROPPED = [
    ("wait_until(later())", "coroutine"),
    ("wait_until(asyncio.create_task(later()))", "task"),
]


@pytest.mark.parametrize(("give", "kind"), DROPPED)
async def test_these_are_dropped_with_one_warning_that_names_the_line(bench, warnings, give, kind):
    bench.load(SCRIPT.replace("{give}", give))
    await started_and_over(bench)
    await started_and_over(bench)
    assert await bench.text("/done") == "[]"
    [warning] = warnings
    line = SCRIPT.splitlines().index("        {give}") + 1
    assert warning.startswith(f"{bench.folder / 'entry.py'}:{line}: ")
    assert f"was given a {kind};" in warning
    assert "hint: `self.ctx.waitUntil(...)`" in warning
    assert bench.errors == []


async def test_the_context_of_a_module_level_handler_takes_promises_only(bench, warnings):
    script = LEGACY.replace("{give}", "ctx.waitUntil(later())")
    bench.load(script, compatibility_date="2025-06-01")
    await started_and_over(bench)
    assert await bench.text("/done") == "[]"
    assert len(warnings) == 1


async def test_what_the_sdk_hands_over_goes_on_to_its_end_without_a_word(bench, warnings):
    bench.load("""
        import asyncio, asgi
        from workers import Response, WorkerEntrypoint

        done = []

        async def app(scope, receive, send):
            if scope["type"] == "lifespan":
                return
            await send({"type": "http.response.start", "status": 200})
            await send({"type": "http.response.body", "body": b"a", "more_body": True})
            await send({"type": "http.response.body", "body": b"b"})
            await asyncio.sleep(0.02)
            done.append(1)

        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                if "done" in request.url:
                    return Response.json(done)
                return Response(await (await asgi.fetch(app, request, self.env)).text())
    """)
    assert await bench.text() == "ab"
    await settle(bench)
    assert await bench.text("/done") == "[1]"
    assert (warnings, bench.errors) == ([], [])


async def test_what_is_no_promise_at_all_is_refused(bench):
    bench.load(SCRIPT.replace("{give}", "wait_until(5)"))
    with pytest.raises(Exception, match="parameter 1 is not of type 'Promise'"):
        await bench.text()
