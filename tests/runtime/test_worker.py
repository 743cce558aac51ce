"""Events run in contexts of their own; nothing of replaced code runs again."""

from __future__ import annotations

import asyncio
import gc
import weakref

import pytest

from tests.runtime.conftest import SELF
from wrangler_py.config.bindings import Bindings, KvNamespace
from wrangler_py.js.errors import JsException
from wrangler_py.runtime import hang
from wrangler_py.runtime.hang import HUNG

BACKGROUND = """
    import asyncio
    from workers import Response, WorkerEntrypoint
    log = []
    async def later(name):
        await asyncio.sleep(0.02)
        log.append(name)
    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            if request.url.endswith("/log"):
                return Response(",".join(log))
            asyncio.create_task(later("dropped"))
            self.ctx.waitUntil(later("kept"))
            return Response("ok")
    """


async def test_wait_until_keeps_the_event_alive_and_a_bare_task_does_not_outlive_it(bench):
    worker = bench.load(BACKGROUND)
    await bench.fetch()
    (owner,) = worker.contexts - {worker.global_scope}
    await asyncio.wait(owner.background)
    # The task was started first, so it was done when the awaited work was.
    assert await bench.text("/log") == "dropped,kept"


async def test_a_task_without_wait_until_ends_with_its_event(bench):
    bench.load(BACKGROUND.replace('self.ctx.waitUntil(later("kept"))', "pass"))
    await bench.fetch()
    await asyncio.sleep(0.05)
    assert await bench.text("/log") == ""


async def test_failing_background_work_is_shown(bench):
    bench.load("""
        from workers import Response, WorkerEntrypoint
        async def fails():
            raise ValueError("in the background")
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                self.ctx.waitUntil(fails())
                return Response("ok")
        """)
    await bench.fetch()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    ((exc, where),) = bench.errors
    assert (str(exc), where) == ("in the background", "waitUntil of test")


@pytest.mark.parametrize(
    "waiting",
    [
        "asyncio.get_running_loop().create_future()",
        "asyncio.Event().wait()",
        "asyncio.Queue().get()",
    ],
)
async def test_a_handler_that_nothing_can_wake_is_given_up(bench, waiting):
    bench.load(f"""
        import asyncio
        from workers import WorkerEntrypoint
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                await {waiting}
        """)
    with pytest.raises(JsException) as caught:
        await bench.fetch()
    assert caught.value.message == HUNG


@pytest.fixture
def quick_looks(monkeypatch):
    """Four looks in the time of one, so that the waits below outlast several."""
    monkeypatch.setattr(hang, "PERIOD", hang.PERIOD / 4)


@pytest.mark.usefixtures("quick_looks")
@pytest.mark.parametrize(
    "waiting",
    [
        "asyncio.sleep(0.2)",
        "asyncio.to_thread(time.sleep, 0.2)",
        "js.Promise.new(lambda done, fail: js.setTimeout(create_proxy(done), 200))",
        "busy(lambda: asyncio.sleep(0))",
        "busy(lambda: asyncio.create_task(asyncio.sleep(0)))",
        "busy(lambda: asyncio.gather(asyncio.sleep(0), asyncio.sleep(0)))",
    ],
)
async def test_a_handler_that_waits_for_something_is_waited_for(bench, waiting):
    bench.load(f"""
        import asyncio, js, time
        from pyodide.ffi import create_proxy
        from workers import Response, WorkerEntrypoint

        async def busy(pause):
            for _ in range(6):
                time.sleep(0.04)
                await pause()

        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                await {waiting}
                return Response("done")
        """)
    assert await bench.text() == "done"


async def test_a_worker_calls_itself_through_a_service_binding(bench):
    bench.load(
        """
        from workers import Response, WorkerEntrypoint
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                if request.url.endswith("/inner"):
                    return Response("inner " + str(request.method))
                answer = await self.env.SELF.fetch("http://any/inner", method="PUT")
                return Response("outer " + await answer.text())
            async def add(self, a, b):
                return a + b
        """,
        bindings=SELF,
    )
    assert await bench.text() == "outer inner PUT"


async def test_rpc_methods_are_called_with_converted_values(bench):
    bench.load(
        """
        from workers import Response, WorkerEntrypoint
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return Response(str(await self.env.SELF.total([1, 2, {"x": 3}])))
            async def total(self, items):
                return items[0] + items[1] + items[2]["x"]
        """,
        bindings=SELF,
    )
    assert await bench.text() == "6"


async def test_requests_in_flight_finish_on_the_old_code(bench):
    source = """
        import asyncio
        from workers import Response, WorkerEntrypoint
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                if request.url.endswith("/slow"):
                    await asyncio.sleep(0.05)
                return Response("VERSION")
        """
    old = bench.load(source.replace("VERSION", "one"))
    slow = asyncio.create_task(bench.text("/slow"))
    await asyncio.sleep(0.01)
    bench.load(source.replace("VERSION", "two"))
    assert await bench.text() == "two"
    assert await slow == "one"
    assert old.contexts <= {old.global_scope} or not old.contexts


async def test_tasks_and_timers_of_replaced_code_end(bench):
    source = """
        import asyncio, js
        from pyodide.ffi import create_proxy
        from workers import Response, WorkerEntrypoint
        async def forever():
            while True:
                await asyncio.sleep(0.005)
                js.console.log
                ticks.append(1)
        ticks = []
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                if request.url.endswith("/start"):
                    self.ctx.waitUntil(forever())
                    js.setInterval(create_proxy(lambda: ticks.append(1)), 5)
                return Response("ok")
        """
    old = bench.load(source)
    await bench.fetch("/start")
    await asyncio.sleep(0.03)
    ticks = old.code.main.ticks
    assert ticks
    bench.load(source)
    count = len(ticks)
    await asyncio.sleep(0.03)
    assert len(ticks) == count
    assert not old.contexts


async def test_500_reloads_leak_no_memory(bench):
    import tracemalloc

    source = """
        import js
        from workers import Response, WorkerEntrypoint
        BIG = bytearray(200_000)
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return Response("ok")
        """

    # The one table of the process's names doubles at some time, by 2 MB, whoever adds to it.
    interned = tracemalloc.Filter(False, "*pathlib*")

    async def reload(times: int) -> int:
        for _ in range(times):
            bench.load(source)
            await bench.fetch()
        gc.collect()
        traces = tracemalloc.take_snapshot().filter_traces([interned]).traces
        return sum(trace.size for trace in traces)

    tracemalloc.start()
    try:
        before = await reload(20)
        half = await reload(250)
        after = await reload(250)
    finally:
        tracemalloc.stop()
    # A kept module holds 200 KB. Python's table of interned strings may grow by megabytes, once.
    assert min(half - before, after - half) < 400_000


@pytest.mark.parametrize(("date", "shown"), [("2025-09-01", "None"), ("2026-11-01", "jsnull")])
async def test_null_of_a_binding_is_as_that_pyodide_has_it(bench, date, shown):
    namespaces = Bindings(kv_namespaces=(KvNamespace("KV", "id"),))
    bench.load(
        """
        from workers import Response, WorkerEntrypoint
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                kv = self.env._env.KV
                await kv.put("a", "1")
                meta = (await kv.getWithMetadata("a")).metadata
                found = [await kv.get("b"), meta, self.env._env.V]
                return Response(" ".join(map(repr, found)))
        """,
        compatibility_date=date,
        bindings=namespaces,
        vars={"V": None},
    )
    assert await bench.text() == " ".join([shown] * 3)


async def test_replaced_code_is_let_go_when_its_last_answer_is_out(bench):
    worker = bench.load(
        """
        import asyncio
        from workers import Response, WorkerEntrypoint

        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                await asyncio.sleep(0.01)
                return Response("old")
        """
    )
    old = weakref.ref(worker)
    del worker
    answer = asyncio.create_task(bench.text())
    await asyncio.sleep(0)
    bench.load()
    gc.collect()
    assert old() is not None
    assert await answer == "old"
    del answer
    await asyncio.sleep(0)
    gc.collect()
    assert old() is None
