from __future__ import annotations

import asyncio
import gc
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from wrangler_py.errors import UsageError
from wrangler_py.js.errors import JsException
from wrangler_py.log import log
from wrangler_py.testing import LogEntry, ScheduledResult, run_worker

WORKER = """
import asyncio, json
from js import WebSocketPair, console
from pyodide.ffi import create_proxy
from workers import Response, WorkerEntrypoint
import beside

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        path = "/" + request.url.split("/", 3)[3]
        if path == "/vars":
            return Response.json({"NAME": getattr(self.env, "NAME", None), "beside": beside.VALUE})
        if path == "/say":
            console.log("one", 2)
            console.warn("careful")
            return Response("said")
        if path == "/boom":
            raise ValueError("no " + path)
        if path == "/later":
            self.ctx.waitUntil(self.fail_later())
            return Response("soon")
        if path == "/ws":
            client, server = WebSocketPair.new().object_values()
            server.accept()
            server.addEventListener("message", create_proxy(lambda e: server.send(e.data[::-1])))
            return Response(None, status=101, web_socket=client)
        if path == "/method":
            return Response(request.method.value)
        return Response("Not found", status=404)

    async def fail_later(self):
        await asyncio.sleep(0.01)
        raise RuntimeError("too late")
"""


@pytest.fixture
def script(tmp_path) -> Path:
    (tmp_path / "beside.py").write_text("VALUE = 1\n")
    script = tmp_path / "a_worker.py"
    script.write_text(WORKER)
    return script


async def test_requests_are_answered_on_a_port_of_its_own(script):
    async with run_worker(script) as worker, worker.get("/say") as response:
        assert worker.url.startswith("http://127.0.0.1:")
        assert str(response.url) == f"{worker.url}/say"
        assert (response.status, await response.text()) == (200, "said")


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
async def test_each_method_has_a_name(script, method):
    async with run_worker(script) as worker:
        response = await getattr(worker, method)("/method")
        assert await response.text() == method.upper()
        response = await worker.request("OPTIONS", "/method")
        assert await response.text() == "OPTIONS"


async def test_a_websocket_is_opened(script):
    async with run_worker(script) as worker, worker.ws_connect("/ws") as socket:
        await socket.send_str("abc")
        assert await socket.receive_str() == "cba"


async def test_a_refused_websocket_is_an_error_of_the_client(script):
    async with run_worker(script) as worker:
        with pytest.raises(aiohttp.WSServerHandshakeError, match="404"):
            await worker.ws_connect("/nowhere")


async def test_a_socket_left_open_does_not_hold_up_the_end(script):
    async with asyncio.timeout(1.5):
        async with run_worker(script) as worker:
            socket = await worker.ws_connect("/ws")
        assert socket.closed or await socket.receive() is not None


async def test_variables_are_laid_over_the_configuration(script, tmp_path):
    (tmp_path / "wrangler.jsonc").write_text(
        '{"main": "a_worker.py", "compatibility_date": "2026-11-01", "vars": {"NAME": "file"}}'
    )
    for given, expected in ((None, "file"), ({"NAME": "test"}, "test")):
        async with run_worker(folder=tmp_path, vars=given) as worker:
            response = await worker.get("/vars")
            assert await response.json() == {"NAME": expected, "beside": 1}


async def test_a_configuration_can_be_named(script, tmp_path):
    (tmp_path / "other.toml").write_text('name = "other"\nmain = "a_worker.py"\n')
    async with run_worker(config=tmp_path / "other.toml") as worker:
        assert worker.config.name == "other"


async def test_the_compatibility_date_reaches_the_worker(script):
    script.write_text(
        "from pyodide import __version__\nfrom workers import Response, WorkerEntrypoint\n"
        "import pyodide\n"
        "class Default(WorkerEntrypoint):\n"
        "    async def fetch(self, request): return Response(pyodide.__version__)\n"
    )
    seen = []
    for date in ("2025-10-01", "2026-11-01"):
        async with run_worker(script, compatibility_date=date) as worker:
            seen.append(await (await worker.get("/")).text())
    assert seen[0] != seen[1]
    assert seen[0] == "0.28.2"


async def test_a_script_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"there is no script nope\.py"):
        async with run_worker("nope.py", folder=tmp_path):
            pass


async def test_a_script_that_does_not_load_raises_what_it_raised(script):
    script.write_text("1 / 0\n")
    with pytest.raises(ZeroDivisionError):
        async with run_worker(script):
            pass
    assert "a_worker" not in sys.modules


# What the worker says.


async def test_console_lines_are_kept_and_off_the_terminal(script, capsys, caplog):
    caplog.set_level(logging.INFO)
    async with run_worker(script) as worker:
        await worker.get("/say")
        assert worker.logs == [LogEntry("log", "one 2"), LogEntry("warn", "careful")]
    assert capsys.readouterr() == ("", "")
    assert caplog.messages == ["one 2", "careful"]
    assert [record.levelname for record in caplog.records] == ["INFO", "WARNING"]


async def test_the_log_is_as_before_afterwards(script):
    before = log.settings
    async with run_worker(script):
        assert log.settings != before
    assert log.settings is before


# What goes wrong in it.


async def visit(script, *paths, statuses=None):
    """Ask for each of ``paths`` in one run of the worker."""
    async with run_worker(script) as worker:
        for path in paths:
            response = await worker.get(path)
            if statuses is not None:
                statuses.append(response.status)


async def test_an_uncaught_exception_is_raised_at_the_end(script):
    statuses = []
    with pytest.raises(ValueError, match="no /boom") as caught:
        await visit(script, "/boom", "/say", statuses=statuses)
    assert statuses == [500, 200]
    assert caught.value.__notes__ == ["uncaught in fetch of GET /boom of the worker a_worker"]
    assert [str(entry.path) for entry in caught.traceback][-1] == str(script)
    assert "fetch" in [entry.name for entry in caught.traceback]


async def test_its_traceback_is_in_the_logs(script):
    async with run_worker(script) as worker:
        await worker.get("/boom")
        assert worker.logs[-1].level == "error"
        assert f'File "{script}", line 18, in fetch' in worker.logs[-1].message
        worker.errors.clear()


async def test_several_uncaught_exceptions_are_a_group(script):
    with pytest.raises(BaseExceptionGroup, match="uncaught exceptions in the worker") as caught:
        await visit(script, "/boom", "/boom")
    assert [type(exc) for exc in caught.value.exceptions] == [ValueError, ValueError]


async def test_a_failing_background_task_fails_the_test(script):
    with pytest.raises(RuntimeError, match="too late"):
        await visit(script, "/later")


async def test_an_expected_exception_is_handed_over_and_not_raised_again(script):
    async with run_worker(script) as worker:
        async with worker.raises(ValueError, match="no /b") as caught:
            await worker.get("/boom")
        assert str(caught[0]) == "no /boom"
        assert worker.errors == []


async def test_an_expected_exception_may_come_late(script):
    async with run_worker(script) as worker, worker.raises(RuntimeError):
        await worker.get("/later")


async def test_an_expected_exception_must_come(script, monkeypatch):
    monkeypatch.setattr("wrangler_py.testing.running.PATIENCE", 0.05)
    async with run_worker(script) as worker:
        with pytest.raises(AssertionError, match=r"no KeyError was raised .*, but ValueError"):
            async with worker.raises(KeyError):
                await worker.get("/boom")
        worker.errors.clear()


async def test_a_failing_test_is_not_hidden_by_the_worker(script):
    class Mine(Exception):
        pass

    class Statuses(list):
        def append(self, status):
            raise Mine

    with pytest.raises(Mine):
        await visit(script, "/boom", statuses=Statuses())


# What is left behind.


async def test_modules_and_finders_are_as_before(script):
    sys.modules.pop("beside", None)
    finders = list(sys.meta_path)
    async with run_worker(script):
        assert {"beside", "a_worker", "js"} <= set(sys.modules)
    assert sys.meta_path == finders
    assert not {"beside", "a_worker"} & set(sys.modules)


async def test_a_module_of_the_same_name_is_back_afterwards(script, monkeypatch):
    mine = type(sys)("beside")
    monkeypatch.setitem(sys.modules, "beside", mine)
    async with run_worker(script) as worker:
        assert (await (await worker.get("/vars")).json())["beside"] == 1
        assert sys.modules["beside"] is not mine
    assert sys.modules["beside"] is mine


async def test_each_run_reads_the_files_again(script):
    for value in (1, 2):
        (script.parent / "beside.py").write_text(f"VALUE = {value}\n")
        async with run_worker(script) as worker:
            assert (await (await worker.get("/vars")).json())["beside"] == value


async def test_nothing_runs_on_afterwards(script):
    before = asyncio.all_tasks()
    async with run_worker(script) as worker:
        await worker.get("/say")
        await worker.ws_connect("/ws")
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


CRON = """
from workers import WorkerEntrypoint
from js import console

class Default(WorkerEntrypoint):
    async def scheduled(self, controller, env, ctx):
        console.log(controller.cron, controller.scheduledTime)
        if controller.cron == "boom":
            raise ValueError("no such job")
        if controller.cron == "once":
            controller.noRetry()
        self.ctx.waitUntil(self.later())

    async def later(self):
        console.log("later")
"""


@pytest.fixture
async def cron(tmp_path):
    path = tmp_path / "a_cron.py"
    path.write_text(CRON)
    async with run_worker(path) as running:
        yield running


async def test_a_cron_trigger_runs_with_its_background_work(cron):
    assert await cron.scheduled("*/5 * * * *", 1_000) == ScheduledResult("ok", False)
    assert await cron.scheduled("once") == ScheduledResult("ok", True)
    said = [entry.message for entry in cron.logs]
    assert said[:2] == ["*/5 * * * * 1000", "later"]
    await cron.scheduled("x", datetime(1970, 1, 2, tzinfo=UTC))
    assert cron.logs[-2].message == "x 86400000"


async def test_a_cron_trigger_that_fails_raises_what_the_handler_raised(cron):
    with pytest.raises(ValueError, match="no such job"):
        await cron.scheduled("boom")
    assert cron.errors == []


TESTED = """
import asyncio
from js import console
from pyodide.ffi import run_sync
from workers import WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def test({arguments}):
        console.log("run by", self.env.BY, run_sync(asyncio.sleep(0, "a runner")))
        self.ctx.waitUntil(self.later())
        assert self.env.BY != "nobody", "nobody runs it"

    async def later(self):
        console.log("later")
"""


@pytest.mark.parametrize("arguments", ["self", "self, controller", "self, controller, env, ctx"])
async def test_the_test_handler_runs_with_its_background_work(tmp_path, arguments):
    path = tmp_path / "a_tested.py"
    path.write_text(TESTED.format(arguments=arguments))
    async with run_worker(path, vars={"BY": "workerd"}) as worker:
        await worker.test()
        assert [entry.message for entry in worker.logs] == ["run by workerd a runner", "later"]


async def test_a_test_handler_that_fails_raises_what_it_raised(tmp_path):
    path = tmp_path / "a_tested.py"
    path.write_text(TESTED.format(arguments="self"))
    async with run_worker(path, vars={"BY": "nobody"}) as worker:
        with pytest.raises(AssertionError, match="nobody runs it"):
            await worker.test()
        assert worker.errors == []


async def test_the_test_handler_of_an_older_worker_is_a_function(tmp_path):
    path = tmp_path / "a_tested.py"
    path.write_text("async def test(controller, env):\n    assert env.BY == 'me', env.BY\n")
    async with run_worker(path, vars={"BY": "you"}, compatibility_date="2025-08-01") as worker:
        with pytest.raises(AssertionError, match="you"):
            await worker.test()


async def test_a_worker_without_a_test_handler_says_so(script):
    async with run_worker(script) as worker:
        with pytest.raises(JsException, match=r"Entrypoint does not export a test\(\) function"):
            await worker.test()


async def test_workers_of_other_dates_leave_no_parts_of_their_sdk_behind(tmp_path):
    plain, fits = tmp_path / "plain.py", tmp_path / "fits.py"
    plain.write_text("import workers\nclass Default(workers.WorkerEntrypoint): ...\n")
    fits.write_text(
        "import asgi, workers\nclass Default(workers.WorkerEntrypoint):\n"
        "    def test(self):\n        assert asgi.Request is workers.Request\n"
    )
    for script, date in [(fits, "2026-11-01"), (plain, "2025-09-01"), (fits, "2025-09-01")]:
        async with run_worker(script, compatibility_date=date) as worker:
            if script is fits:
                await worker.test()


async def test_two_workers_keep_their_logs_apart(script, tmp_path):
    async with run_worker(script) as first:
        async with run_worker(script) as second:
            await first.fetch("/say")
            await second.fetch("/say")
            async with first.raises(ValueError, match="no /boom"):
                await first.fetch("/boom")
            assert second.errors == []
        await first.fetch("/say")
    assert [entry.message for entry in second.logs] == ["one 2", "careful"]
    said = [entry.message.partition("\n")[0] for entry in first.logs]
    assert said[:2] == said[3:] == ["one 2", "careful"]
    assert said[2].startswith("Uncaught exception in fetch")


FAILING = """
import asyncio
import gc
from js import WebSocketPair, setTimeout
from pyodide.ffi import create_proxy
from workers import DurableObject, Response, WorkerEntrypoint

class Room(DurableObject):
    async def fetch(self, request):
        client, server = WebSocketPair.new().object_values()
        self.ctx.acceptWebSocket(server)
        return Response(None, status=101, web_socket=client)

    async def webSocketMessage(self, ws, message):
        raise ValueError("in webSocketMessage")

    async def set(self):
        await self.ctx.storage.setAlarm(1)

    async def alarm(self, info):
        await self.ctx.storage.deleteAlarm()
        if info.retryCount == 0:
            raise ValueError("in alarm")

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        path = request.url.split("/", 3)[3]
        if path == "room":
            return await self.env.ROOM.getByName("a").fetch(request)
        if path == "timer":
            setTimeout(create_proxy(self.fail), 1)
            await asyncio.sleep(0.01)
            return Response("x")
        if path == "task":
            asyncio.create_task(self.fail_in_task())
            await asyncio.sleep(0.01)
            return Response("x")
        client, server = WebSocketPair.new().object_values()
        server.accept()
        listener = self.listen if path == "async" else self.fail
        server.addEventListener("message", create_proxy(listener))
        return Response(None, status=101, web_socket=client)

    def fail(self, *_):
        raise ValueError("in listener")

    async def listen(self, event):
        raise ValueError("in async listener")

    async def fail_in_task(self):
        raise ValueError("in task")
"""


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/listener", "in listener"),
        ("/async", "in async listener"),
        ("/room", "in webSocketMessage"),
        ("/timer", "in listener"),
        ("/task", "in task"),
        ("alarm", "in alarm"),
    ],
)
async def test_whatever_fails_unseen_fails_the_test(tmp_path, path, text):
    script = tmp_path / "a_failing.py"
    script.write_text(FAILING)
    with pytest.raises(ValueError, match=text) as failed:
        await let_it_fail(script, path)
    assert failed.traceback[-1].path == script


async def let_it_fail(script: Path, path: str) -> None:
    async with run_worker(script) as worker, asyncio.timeout(5):
        if path == "alarm":
            await worker.env.ROOM.getByName("a").set()
            await worker.advance(1)
        elif path in ("/timer", "/task"):
            await worker.fetch(path)
            gc.collect()  # a task that failed is told of when it is gone
        else:
            async with worker.ws(path) as ws:
                await ws.send("x")
                await worker._failed.wait()


async def test_state_is_in_memory_and_fresh_for_each_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    script = tmp_path / "a_keeper.py"
    script.write_text("""
from workers import DurableObject, Response, WorkerEntrypoint

class Keeper(DurableObject):
    async def add(self):
        count = (self.ctx.storage.kv.get("count") or 0) + 1
        self.ctx.storage.kv.put("count", count)
        await self.ctx.storage.setAlarm(4_000_000_000_000)
        return count

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response("")
""")
    for _ in range(2):
        async with run_worker(script) as worker:
            keeper = worker.env.KEEPER.getByName("a")
            assert await keeper.add() == 1
            await worker.evict_durable_object(keeper)
            assert await keeper.add() == 2
            assert worker._host.objects._temporary is None
    assert [path.name for path in tmp_path.rglob("*")] == ["a_keeper.py"]


async def test_every_run_is_warned_and_none_is_told_how_to_deploy(tmp_path):
    script = tmp_path / "a_loose_one.py"
    script.write_text("""
from workers import DurableObject, Response

class Room(DurableObject):
    pass

async def fetch(request, env, ctx):
    return Response("")
""")
    warned = []
    for _ in range(2):
        async with run_worker(script) as worker:
            await worker.fetch("/")
            warned.append([entry.level for entry in worker.logs])
    assert warned == [["warn"], ["warn"]], worker.logs
