"""Workflows of real workers, through the SDK."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from wrangler_py.bindings.workflows.file import InstanceFile
from wrangler_py.log import Settings, log
from wrangler_py.testing import RunningWorker, run_worker

WORKER = """
import asyncio
import datetime
from workers import Response, WorkerEntrypoint, WorkflowEntrypoint
from workers.workflows import NonRetryableError

seen = []

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response.json(seen)

class Flow(WorkflowEntrypoint):
    async def run(self, event, step):
        %s
"""
START = Callable[..., Awaitable[RunningWorker]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[START]:
    """`await start(body)`: a worker whose `Flow.run()` has this body."""
    running: list[Any] = []

    async def begin(body: str, date: str = "2026-11-01", **workflow: Any) -> RunningWorker:
        lines = "\n        ".join(body.strip("\n").splitlines())
        (tmp_path / "entry.py").write_text(WORKER % lines)
        facts = {
            "main": "entry.py",
            "compatibility_date": date,
            "compatibility_flags": ["python_workers"],
            "workflows": [{"binding": "WF", "name": "flow", "class_name": "Flow", **workflow}],
        }
        (tmp_path / "wrangler.jsonc").write_text(json.dumps(facts))
        made = run_worker(folder=tmp_path)
        running.append(made)
        return await made.__aenter__()

    yield begin
    for made in running:
        await made.__aexit__(None, None, None)


async def seen(worker: RunningWorker) -> Any:
    return json.loads(await (await worker.fetch("/")).text())


async def ended(worker: RunningWorker, seconds: float = 0, **options: Any) -> Any:
    """The status of a new instance after some time."""
    instance = await worker.env.WF.create(options)
    await worker.advance(seconds)
    return await instance.status()


async def test_steps_depend_on_each_other_by_name(start):
    worker = await start("""
@step.do()
async def base():
    seen.append("base")
    return {"n": 10}
@step.do("twice", concurrent=True)
async def doubled(base, ctx):
    return [base["n"] * 2, ctx["step"]["name"], ctx["attempt"]]
@step.do(concurrent=True)
async def all_of_it(base, twice):
    return {"sum": base["n"] + twice[0], "told": twice[1:]}
return await all_of_it()
""")
    status = await ended(worker)
    assert status["status"] == "complete"
    assert status["output"] == {"sum": 30, "told": ["twice", 1]}
    assert await seen(worker) == ["base"]


@pytest.mark.parametrize("date", ["2025-09-20", "2025-11-01"])
async def test_before_that_they_are_named_by_depends(start, date):
    worker = await start(
        """
@step.do("one")
async def one():
    return 1
@step.do("two", depends=[one])
async def two(n):
    return n + 1
return {"two": await two(), "given": event["payload"]}
""",
        date=date,
    )
    status = await ended(worker, params={"a": [1]})
    assert status["output"] == {"two": 2, "given": {"a": [1]}}


async def test_an_event_says_what_was_given(start):
    worker = await start("""
return [event["payload"], event["instanceId"], event.workflowName,
        isinstance(event["timestamp"], datetime.datetime)]
""")
    status = await ended(worker, id="one", params={"a": [1, None], "b": True})
    assert status["output"] == [{"a": [1, None], "b": True}, "one", "flow", True]


async def test_sleeps_end_when_it_is_time(start):
    worker = await start("""
await step.sleep("a night", "8 hours")
seen.append("morning")
await step.sleep_until("noon", datetime.datetime.now() + datetime.timedelta(hours=4))
seen.append("noon")
for n in range(3):
    await step.sleep("more", 60_000)
    seen.append(n)
""")
    instance = await worker.env.WF.create()
    await worker.advance(8 * 3600 - 1)
    assert await seen(worker) == []
    await worker.advance(2)
    assert await seen(worker) == ["morning"]
    await worker.advance(4 * 3600)
    assert await seen(worker) == ["morning", "noon"]
    await worker.advance(180)
    assert await seen(worker) == ["morning", "noon", 0, 1, 2]
    assert (await instance.status())["status"] == "complete"


async def test_a_step_is_tried_again_later_and_later(start, capsys, monkeypatch):
    worker = await start("""
@step.do("flaky")
async def flaky(ctx):
    seen.append([ctx["attempt"], round(datetime.datetime.now().timestamp() - began)])
    if ctx["attempt"] < 4:
        raise ValueError("not yet")
    return "at last"
began = datetime.datetime.now().timestamp()
return await flaky()
""")
    monkeypatch.setattr(log, "settings", Settings())
    status = await ended(worker, 10)
    assert (status["status"], status["output"]) == ("complete", "at last")
    assert await seen(worker) == [[1, 0], [2, 1], [3, 3], [4, 7]]
    told = capsys.readouterr().err
    assert "step flaky-1 of flow" in told
    assert "failed in attempt 2, and is tried again in 2000 ms: ValueError: not yet" in told


async def test_a_step_that_takes_too_long_fails_and_the_next_attempt_may_be_faster(start):
    worker = await start("""
@step.do("slow", config={"timeout": "10 seconds", "retries": {"limit": 1, "delay": 0}})
async def slow(ctx):
    seen.append(ctx["attempt"])
    if ctx["attempt"] == 1:
        await asyncio.sleep(3600)
    return ctx["config"]["timeout"]
return await slow()
""")
    status = await ended(worker, 11)
    assert (status["status"], status["output"]) == ("complete", "10 seconds")
    assert await seen(worker) == [1, 2]


async def test_what_must_not_be_retried_is_not(start):
    worker = await start("""
@step.do("charge")
async def charge():
    seen.append("charge")
    raise NonRetryableError("the card is stolen")
try:
    await charge()
except NonRetryableError as exc:
    seen.append(str(exc))
await step.sleep("a while", "1 hour")
await charge()
""")
    instance = await worker.env.WF.create()
    await worker.advance(1)
    await instance.pause()
    await worker.advance(1)
    await instance.resume()
    async with worker.raises(Exception, "the card is stolen"):
        await worker.advance(3601)
    status = await instance.status()
    assert (status["status"], status["error"]["name"]) == ("errored", "Error")
    assert status["error"]["message"].endswith("NonRetryableError: the card is stolen\n")
    stolen = "the card is stolen"
    assert await seen(worker) == ["charge", stolen, stolen, "charge"], "once for each call"


@pytest.mark.parametrize(
    ("date", "error"),
    [
        (
            "2026-05-13",
            {
                "name": "WorkflowFatalError",
                "message": "The execution of the Workflow instance was terminated, as a step threw "
                "an NonRetryableError and it was not handled",
            },
        ),
        ("2026-05-14", {"name": "NonRetryableError", "message": "mine"}),
    ],
)
async def test_the_message_of_such_an_error_was_replaced_once(start, date, error):
    worker = await start(
        """
import js
made = js.Error.new("mine")
made.name = "NonRetryableError"
raise made
""",
        date=date,
    )
    async with worker.raises(Exception, "mine"):
        status = await ended(worker)
    assert status["error"] == error


@pytest.mark.parametrize(
    ("raised", "caught"),
    [("NonRetryableError('a: b')", "a: b"), ("NonRetryableError()", ""), ("Mine('x')", None)],
)
async def test_only_the_class_itself_must_not_be_retried(start, raised, caught):
    worker = await start(f"""
class Mine(NonRetryableError):
    pass
@step.do("s", config={{"retries": {{"limit": 1, "delay": 0}}}})
async def s(ctx):
    seen.append(ctx["attempt"])
    raise {raised}
try:
    await s()
except NonRetryableError as exc:
    return str(exc)
except Exception:
    return None
""")
    status = await ended(worker, 1)
    assert status["output"] == caught
    assert await seen(worker) == ([1, 2] if caught is None else [1])


async def test_an_exception_of_run_ends_the_instance_and_is_told_with_its_lines(start):
    worker = await start("""
def deep():
    return {}["missing"]
deep()
""")
    async with worker.raises(KeyError, "missing"):
        status = await ended(worker, id="sad")
    assert status["status"] == "errored"
    assert status["error"]["name"] == "Error"
    assert status["error"]["message"].startswith("PythonError: Traceback (most recent call last):")
    [entry] = worker.logs
    assert "Uncaught exception in run of flow sad" in entry.message
    assert 'return {}["missing"]' in entry.message
    assert "wrangler_py" not in entry.message


async def test_an_exception_of_a_step_is_told_once_with_the_lines_of_both(start):
    worker = await start("""
@step.do("pay", config={"retries": {"limit": 0, "delay": 0}})
async def pay():
    raise ValueError("no money")
await pay()
""")
    async with worker.raises(ValueError, "no money"):
        status = await ended(worker)
    assert status["status"] == "errored"
    [entry] = worker.logs
    assert entry.message.count('raise ValueError("no money")') == 1
    assert entry.message.count("await pay()") == 1
    assert "wrangler_py" not in entry.message


async def test_an_exception_of_a_step_can_be_caught(start):
    worker = await start("""
@step.do("pay", config={"retries": {"limit": 0, "delay": 0}})
async def pay():
    raise ValueError("no money")
try:
    await pay()
except ValueError as exc:
    return str(exc)
""")
    status = await ended(worker)
    assert status["output"] == "ValueError: no money"


async def test_a_value_that_cannot_be_kept_ends_the_instance(start):
    worker = await start("""
@step.do("wrong")
async def wrong():
    return lambda: 1
try:
    await wrong()
except BaseException:
    seen.append("caught")
    raise
""")
    async with worker.raises(BaseException, "returned a value which is not serialisable"):
        status = await ended(worker)
    assert status["status"] == "errored"
    assert await seen(worker) == ["caught"], "the code is cancelled, and goes on no more"


async def test_a_value_that_the_disk_does_not_take_is_a_failed_attempt(start, monkeypatch):
    worker = await start("""
@step.do("s")
async def s(ctx):
    return ctx["attempt"]
return await s()
""")
    put, failures = InstanceFile.put, [sqlite3.OperationalError("database or disk is full")]

    def failing_once(self, key, value):
        if key.endswith("-value") and failures:
            raise failures.pop()
        return put(self, key, value)

    monkeypatch.setattr(InstanceFile, "put", failing_once)
    status = await ended(worker, 2)
    assert (status["status"], status["output"]) == ("complete", 2)
    assert "Storage failure for s-1 due to internal error." in worker.logs[0].message


async def test_what_the_disk_does_not_take_breaks_a_life_off_and_no_instance_is_lost(
    start, monkeypatch
):
    worker = await start("""
@step.do("s")
async def s(ctx):
    return ctx["attempt"]
try:
    return await s()
except Exception:
    seen.append("caught")
""")
    put, failures = InstanceFile.put, [sqlite3.OperationalError("disk I/O error")]

    def failing_once(self, key, value):
        if key.endswith("-metadata") and failures:
            raise failures.pop()
        return put(self, key, value)

    monkeypatch.setattr(InstanceFile, "put", failing_once)
    instance = await worker.env.WF.create()
    async with worker.raises(sqlite3.OperationalError, "disk I/O error"):
        await worker.advance(0)
    assert (await instance.status())["status"] == "running"
    await instance.send_event({"type": "any", "payload": 1})  # which wakes it
    await worker.advance(0)
    assert (await instance.status())["output"] == 1
    assert await seen(worker) == []


async def test_an_event_is_waited_for(start):
    worker = await start("""
first = await step.wait_for_event("approval", "approve", timeout="1 day")
second = await step.wait_for_event("approval", "approve")
return [first["payload"], second["payload"], second["type"]]
""")
    instance = await worker.env.WF.create()
    await worker.advance(3600)
    await instance.send_event({"type": "approve", "payload": {"by": "me"}})
    await worker.advance(0)
    assert (await instance.status())["status"] == "running"
    await instance.send_event({"type": "approve", "payload": 2})
    await worker.advance(0)
    assert (await instance.status())["output"] == [{"by": "me"}, 2, "approve"]


async def test_an_event_that_does_not_come_is_an_error(start):
    worker = await start("""
try:
    await step.wait_for_event("approval", "approve", timeout="1 day")
except Exception as exc:
    return str(exc)
""")
    status = await ended(worker, 86_401)
    assert status["output"] == "Error: WorkflowTimeoutError: Execution timed out after 86400000ms"


async def test_a_pause_stops_the_clock_and_what_was_done_is_not_done_again(start):
    worker = await start("""
@step.do("once")
async def once():
    seen.append("once")
    return 1
await once()
await step.sleep("a while", "1 hour")
await step.sleep_until("later", datetime.datetime.now() + datetime.timedelta(hours=1))
return "done"
""")
    instance = await worker.env.WF.create()
    await worker.advance(1800)
    await instance.pause()
    await worker.advance(7200)
    assert (await instance.status())["status"] == "paused"
    await instance.resume()
    await worker.advance(1700)
    assert (await instance.status())["status"] == "running"
    await worker.advance(1800)
    await instance.pause()
    await worker.advance(7200)
    await instance.resume()
    await worker.advance(1700)
    assert (await instance.status())["status"] == "running"
    await worker.advance(300)
    assert (await instance.status())["output"] == "done"
    assert await seen(worker) == ["once"]


async def test_terminate_ends_it_where_it_waits(start):
    worker = await start("""
try:
    await step.sleep("long", "1 day")
finally:
    seen.append("cleaned")
seen.append("never")
""")
    instance = await worker.env.WF.create()
    await worker.advance(1)
    await instance.terminate()
    await worker.advance(86_400)
    assert (await instance.status())["status"] == "terminated"
    assert await seen(worker) == ["cleaned"]


async def test_an_instance_may_end_itself_and_others(start):
    worker = await start("""
if event.instanceId == "other":
    await step.sleep("long", "1 day")
@step.do("end")
async def end():
    await (await self.env.WF.get("other")).terminate()
    await (await self.env.WF.get("self")).terminate()
    seen.append("gone on")
    await asyncio.sleep(0)
    seen.append("never")
await end()
seen.append("never")
""")
    instances = await worker.env.WF.create_batch([{"id": "other"}, {"id": "self"}])
    await worker.advance(1)
    assert [(await each.status())["status"] for each in instances] == ["terminated"] * 2
    assert "never" not in await seen(worker)


async def test_another_may_hear_of_each_event(start):
    worker = await start("""
if event.instanceId == "watched":
    @step.do("s")
    async def s():
        return {"n": 1}
    await s()
    await step.sleep("n", "1 hour")
    return "done"
watched = await self.env.WF.get("watched")
wanted = ["workflow_started", "step_completed", "sleep_started", "workflow_completed"]
subscription = await watched.subscribe({"filter": wanted})
while not (found := await subscription.next())["done"]:
    value = found["value"]
    seen.append([value["type"], value.get("params") or value.get("output")])
""")
    await worker.env.WF.create({"id": "watched", "params": {"a": 1}})
    watcher = await worker.env.WF.create({"id": "watcher"})
    await worker.advance(1)
    early = [["workflow_started", {"a": 1}], ["step_completed", {"n": 1}], ["sleep_started", None]]
    assert await seen(worker) == early
    await worker.advance(3600)
    assert await seen(worker) == [*early, ["workflow_completed", "done"]]
    assert (await watcher.status())["status"] == "complete"


async def test_the_environment_and_the_context_are_there(start):
    worker = await start("""
async def later():
    await asyncio.sleep(1)
    seen.append("later")
self.ctx.waitUntil(later())
child = await self.env.WF.get("a")
return child.id
""")
    status = await ended(worker, 2, id="a")
    assert status["output"] == "a"
    assert await seen(worker) == ["later"]


async def test_params_that_cannot_be_stored_are_refused_and_leave_nothing(start):
    worker = await start("return 1")
    with pytest.raises(BaseException, match="could not be cloned"):
        await worker.env.WF.create({"id": "a", "params": {"f": lambda: 1}})
    assert (await ended(worker, id="a"))["output"] == 1


async def test_the_limit_of_steps_is_that_of_the_configuration(start):
    worker = await start(
        """
@step.do("again")
async def again():
    return 1
for _ in range(3):
    await again()
""",
        limits={"steps": 2},
    )
    async with worker.raises(BaseException, "The limit of 2 steps has been reached"):
        await ended(worker)


async def test_a_class_that_is_not_there_is_told_at_once(start):
    worker = await start("pass", class_name="Flaw")
    [entry] = worker.logs
    assert "env.WF is bound to the class Flaw, which entry.py does not export" in entry.message
    async with worker.raises(BaseException, "There is no 'Flaw' class"):
        status = await ended(worker)
    assert status["status"] == "errored"


async def test_a_class_of_a_worker_that_does_not_run_says_so(start):
    worker = await start("pass", script_name="elsewhere")
    with pytest.raises(BaseException, match='Worker "elsewhere" not found'):
        await worker.env.WF.create()


async def test_each_instance_has_a_line_when_it_begins_and_when_it_ends(start, capsys, monkeypatch):
    worker = await start("return 1")
    monkeypatch.setattr(log, "settings", Settings())
    await ended(worker, id="a")
    said = capsys.readouterr().out
    assert "[wrangler:info] WORKFLOW flow a started\n" in said
    assert "[wrangler:info] WORKFLOW flow a complete (" in said
    monkeypatch.setattr(log, "settings", Settings(json=True))
    await ended(worker, id="b")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line[0] == "{"]
    events = [line for line in lines if line["event"] == "workflow"]
    assert [(each["workflow"], each["id"], each["status"]) for each in events] == [
        ("flow", "b", "started"),
        ("flow", "b", "complete"),
    ]


async def test_a_delay_may_be_worked_out(start):
    worker = await start("""
def delay(given):
    seen.append([given.ctx.attempt, "not yet" in given.error.message])
    return "1 hour"
@step.do("flaky", config={"retries": {"limit": 1, "delay": delay, "backoff": "constant"}})
async def flaky(ctx):
    if ctx["attempt"] == 1:
        raise ValueError("not yet")
    return "delay" in ctx["config"]["retries"]
return await flaky()
""")
    instance = await worker.env.WF.create()
    await worker.advance(3599)
    assert (await instance.status())["status"] == "running"
    await worker.advance(2)
    assert (await instance.status())["output"] is False
    assert await seen(worker) == [[1, True]]


async def test_without_a_configuration_each_class_is_bound_under_its_name(tmp_path):
    script = tmp_path / "entry.py"
    script.write_text((WORKER % "return event['payload']").replace("Flow(", "LongFlow("))
    async with run_worker(script) as worker:
        instance = await worker.env.LONG_FLOW.create({"params": 5})
        await worker.advance(0)
        assert (await instance.status())["output"] == 5
        assert [each.name for each in worker._loaded().config.bindings.workflows] == ["long-flow"]
