from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

import aiohttp
import pytest

from wrangler_py.errors import UsageError
from wrangler_py.log import log
from wrangler_py.testing import LogEntry, run_worker

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
