"""Batches that reach a real worker, sent by itself."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from wrangler_py.log import Settings, log
from wrangler_py.testing import RunningWorker, run_worker

CLASS = """
from workers import Response, WorkerEntrypoint

seen = []

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response.json(seen)

    async def queue(self, batch, %s):
        handle(batch)
"""
FUNCTIONS = """
from workers import Response

seen = []

async def on_fetch(request, env, ctx):
    return Response.json(seen)

async def on_queue(batch, env, ctx):
    assert env.Q and ctx.waitUntil
    handle(batch)
"""
HANDLE = """
def handle(batch):
    seen.append([batch.queue, [[m.body.n, m.attempts] for m in batch.messages]])
    for message in batch.messages:
        say = message.body.say if batch.queue == "q" else ""
        if say == "raise" and message.attempts == 1:
            raise ValueError("not today")
        if say == "always":
            message.retry()
        if say == "later" and message.attempts == 1:
            message.retry(delaySeconds=50)
        if say == "all later" and message.attempts == 1:
            batch.retryAll(delaySeconds=50)
        if say == "ack":
            message.ack()
        if say == "ackAll":
            batch.ackAll()
"""
Start = Callable[..., Awaitable[RunningWorker]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """`await start(source, **consumer)`: a worker that consumes what it sends to `q`."""
    running: list[Any] = []

    async def begin(
        source: str = CLASS % "env, ctx", delay: float = 0, **consumer: Any
    ) -> RunningWorker:
        (tmp_path / "entry.py").write_text(source + HANDLE)
        settings = {"queue": "q", "dead_letter_queue": "dead", **consumer}
        settings = {key: value for key, value in settings.items() if value is not None}
        flags = ["python_workers"]
        if "on_fetch" in source:
            flags.append("disable_python_no_global_handlers")
        queues = {
            "producers": [{"binding": "Q", "queue": "q", "delivery_delay": delay}],
            "consumers": [settings, {"queue": "dead", "max_batch_timeout": 0}],
        }
        facts = {
            "main": "entry.py",
            "compatibility_date": "2026-11-01",
            "compatibility_flags": flags,
            "queues": queues,
        }
        (tmp_path / "wrangler.jsonc").write_text(json.dumps(facts))
        made = run_worker(folder=tmp_path)
        running.append(made)
        return await made.__aenter__()

    yield begin
    for made in running:
        await made.__aexit__(None, None, None)


async def seen(worker: RunningWorker) -> Any:
    answer = await worker.fetch("/")
    return json.loads(await answer.text())


def message(number: int, say: str = "") -> dict[str, Any]:
    return {"n": number, "say": say}


async def send(worker: RunningWorker, *says: str, **options: Any) -> None:
    for number, say in enumerate(says):
        await worker.env.Q.send(message(number, say), **options)


@pytest.mark.parametrize(
    "source",
    [
        CLASS % "env, ctx",
        CLASS % "*rest",
        FUNCTIONS,
        FUNCTIONS.replace("h, env, ctx", "h").replace("env.Q and ctx.waitUntil", "batch"),
    ],
    ids=["three arguments", "any", "module level", "module level, one argument"],
)
async def test_a_batch_reaches_the_handler_when_it_is_time(start, source):
    worker = await start(source, max_batch_timeout=30)
    await send(worker, "", "")
    await worker.advance(29)
    assert await seen(worker) == []
    await worker.advance(1)
    assert await seen(worker) == [["q", [[0, 1], [1, 1]]]]


async def test_a_class_is_given_all_three_as_in_production(start):
    worker = await start((CLASS % "").replace("batch, )", "batch)"), max_batch_timeout=0)
    await send(worker, "ack")
    async with worker.raises(TypeError, "takes 2 positional arguments but 4 were given"):
        await worker.advance(0)
    await worker.advance(9)
    worker.errors.clear()


async def test_a_full_batch_does_not_wait(start):
    worker = await start(max_batch_size=2, max_batch_timeout=30)
    await send(worker, "", "", "")
    await worker.advance(0)
    assert await seen(worker) == [["q", [[0, 1], [1, 1]]]]
    await worker.advance(30)
    assert (await seen(worker))[1:] == [["q", [[2, 1]]]]


async def test_bodies_arrive_as_what_they_were(start):
    source = """
from workers import Response, WorkerEntrypoint
seen = []
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response.json(seen)
    async def queue(self, batch, env, ctx):
        for m in batch.messages:
            body = m.body
            plain = list(bytes(body)) if isinstance(body, memoryview) else body
            seen.append([plain, len(m.id), m.timestamp.getTime() if hasattr(m.timestamp, "getTime")
                         else m.timestamp.timestamp() * 1000])
"""
    worker = await start(source, max_batch_timeout=0)
    now = worker.now() * 1000
    await worker.env.Q.send("text", contentType="text")
    await worker.env.Q.send(b"\x01\xff", contentType="bytes")
    await worker.env.Q.send({"a": [1, None]}, contentType="json")
    await worker.env.Q.send([1, "two"], contentType="v8")
    await worker.env.Q.send(5)
    await worker.advance(0)
    found = await seen(worker)
    assert [body for body, _, _ in found] == ["text", [1, 255], {"a": [1, None]}, [1, "two"], 5]
    assert all(size == 32 and now - 5 <= at < now + 5000 for _, size, at in found)


async def test_a_batch_is_sent_with_delays_of_its_own(start):
    worker = await start(delay=5, max_batch_timeout=0)
    batch = [{"body": message(0), "delaySeconds": 20}, {"body": message(1)}]
    await worker.env.Q.sendBatch(batch, delaySeconds=10)
    await send(worker, "")
    await worker.env.Q.send(message(9), delaySeconds=0)
    await worker.advance(0)
    assert await seen(worker) == [["q", [[9, 1]]]]
    for seconds, number in ((6, 0), (6, 1), (10, 0)):
        await worker.advance(seconds)
        assert (await seen(worker))[-1] == ["q", [[number, 1]]]
    assert len(await seen(worker)) == 4


async def test_a_handler_that_raises_gets_the_whole_batch_again(start):
    worker = await start(max_batch_timeout=1, retry_delay=10)
    await send(worker, "", "raise")
    async with worker.raises(ValueError, "not today"):
        await worker.advance(1)
    await worker.advance(9)
    assert await seen(worker) == [["q", [[0, 1], [1, 1]]]]
    await worker.advance(5)
    assert (await seen(worker))[1:] == [["q", [[0, 2], [1, 2]]]]


async def test_what_was_acknowledged_before_stays_so(start):
    worker = await start()
    await send(worker, "ack", "raise")
    async with worker.raises(ValueError, "not today"):
        await worker.advance(1)
    await worker.advance(1)
    assert (await seen(worker))[1:] == [["q", [[1, 2]]]]


async def test_one_message_is_retried_when_it_said(start):
    worker = await start(max_batch_timeout=1)
    await send(worker, "later", "ackAll", "")
    await worker.advance(50)
    assert await seen(worker) == [["q", [[0, 1], [1, 1], [2, 1]]]]
    await worker.advance(10)
    assert (await seen(worker))[1:] == [["q", [[0, 2]]]]


async def test_all_are_retried_when_the_batch_says_so(start):
    worker = await start(max_batch_timeout=1)
    await send(worker, "ack", "", "all later")
    await worker.advance(60)
    assert (await seen(worker))[1:] == [["q", [[1, 2], [2, 2]]]]


async def test_a_message_that_always_fails_is_a_dead_letter_at_last(start, capsys, monkeypatch):
    worker = await start(max_batch_timeout=0, max_retries=2)
    monkeypatch.setattr(log, "settings", Settings())
    await send(worker, "always")
    await worker.advance(1)
    tries = [["q", [[0, attempt]]] for attempt in (1, 2, 3)]
    assert await seen(worker) == [*tries, ["dead", [[0, 1]]]]
    shown = capsys.readouterr()
    assert shown.err.count('on queue "q" to dead letter queue "dead" after 3 failed attempts') == 1
    assert "[wrangler:info] QUEUE q 0/1 (" in shown.out
    assert "[wrangler:info] QUEUE dead 1/1 (" in shown.out


async def test_without_a_dead_letter_queue_it_is_dropped(start, capsys, monkeypatch):
    worker = await start(max_batch_timeout=0, max_retries=0, dead_letter_queue=None)
    monkeypatch.setattr(log, "settings", Settings())
    await send(worker, "always")
    await worker.advance(100)
    assert await seen(worker) == [["q", [[0, 1]]]]
    assert 'on queue "q" after 1 failed attempt!' in capsys.readouterr().err


async def test_what_nobody_consumes_is_dropped(start):
    worker = await start(queue="another")
    await send(worker, "")
    metrics = await worker.env.Q.metrics()
    assert metrics["backlogCount"] == 0
    await worker.advance(100)
    assert await seen(worker) == []


async def test_the_backlog_is_counted(start):
    worker = await start(max_batch_timeout=30)
    await send(worker, "", "")
    metrics = await worker.env.Q.metrics()
    size = len('{"n":0,"say":""}')
    assert (metrics["backlogCount"], metrics["backlogBytes"]) == (2, 2 * size)


async def test_a_batch_is_an_object_for_programs(start, capsys, monkeypatch):
    worker = await start(max_batch_timeout=0)
    monkeypatch.setattr(log, "settings", Settings(json=True))
    await send(worker, "")
    await worker.advance(0)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line[0] == "{"]
    [event] = [line for line in lines if line["event"] == "queue"]
    assert (event["queue"], event["acked"], event["total"]) == ("q", 1, 1)


SLOW = """
import asyncio
from workers import Response, WorkerEntrypoint
seen = []
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response.json(seen)
    async def queue(self, batch, env, ctx):
        seen.append("begin")
        await asyncio.sleep(10)
        seen.append("end")
"""


@pytest.mark.parametrize(
    ("most", "order"), [(None, ["begin", "end"] * 2), (2, ["begin"] * 2 + ["end"] * 2)]
)
async def test_so_many_batches_run_at_once(start, most, order):
    worker = await start(SLOW, max_batch_size=1, max_concurrency=most)
    await send(worker, "", "")
    await worker.advance(25)
    assert await seen(worker) == order


async def test_a_worker_without_a_handler_says_so(start):
    worker = await start(CLASS.replace("queue(", "other(") % "env", max_batch_timeout=0)
    await send(worker, "")
    async with worker.raises(BaseException, r"does not export a queue\(\) function"):
        await worker.advance(0)
    worker.errors.clear()
