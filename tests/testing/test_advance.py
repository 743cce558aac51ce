from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from wrangler_py.testing import run_worker

HOUR = 3600
WORKER = """
import asyncio
import datetime as dates
import time
from datetime import UTC, datetime
from time import time as seconds
from js import Date, WebSocketPair, console, performance, setInterval, setTimeout
from pyodide.ffi import create_proxy
from workers import DurableObject, Response, WorkerEntrypoint

class Clock(DurableObject):
    def __init__(self, ctx, env):
        super().__init__(ctx, env)
        console.log("made")

    async def fetch(self, request):
        client, server = WebSocketPair.new().object_values()
        self.ctx.acceptWebSocket(server)
        return Response(None, status=101, web_socket=client)

    async def webSocketMessage(self, ws, message):
        ws.send(message)

    async def webSocketClose(self, ws, code, reason, was_clean):
        ws.close(code, reason)

    async def set(self, seconds, fails=0):
        self.ctx.storage.kv.put("fails", fails)
        await self.ctx.storage.setAlarm(Date.now() + seconds * 1000)

    async def remind(self, seconds):
        setTimeout(create_proxy(lambda: console.log("reminded", self.ctx.id.name)), seconds * 1000)

    async def alarm(self, info):
        console.log("alarm of", self.ctx.id.name, info.retryCount, round(Date.now() / 1000))
        left = self.ctx.storage.kv.get("fails")
        if left > 0:
            self.ctx.storage.kv.put("fails", left - 1)
            raise ValueError("not yet")

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.url.endswith("/object"):
            return await self.env.CLOCK.getByName("a").fetch(request)
        if request.url.endswith("/sleep"):
            before = Date.now()
            await asyncio.sleep(3600)
            return Response(str(round((Date.now() - before) / 1000)))
        if request.url.endswith("/ticks"):
            setInterval(create_proxy(lambda: console.log("tick")), 60_000)
            await asyncio.sleep(600)
            return Response("done")
        return Response.json([
            Date.now() / 1000, Date.new().getTime() / 1000, time.time(), time.time_ns() / 1e9,
            seconds(), datetime.now(UTC).timestamp(), dates.datetime.now().timestamp(),
            performance.now() / 1000, time.mktime(time.localtime()), datetime.now().timestamp(),
        ])
"""


@pytest.fixture
async def worker(tmp_path):
    script = tmp_path / "a_clock.py"
    script.write_text(WORKER)
    async with run_worker(script) as running:
        yield running


def said(worker) -> list[str]:
    return [entry.message for entry in worker.logs if entry.level == "log"]


async def clocks(worker) -> list[float]:
    return list(await (await worker.fetch("/")).json())


async def test_every_clock_of_the_worker_is_moved_and_no_other(worker):
    before = time.time()
    await worker.advance(HOUR)
    assert await clocks(worker) == pytest.approx([before + HOUR] * 10, abs=2)
    assert worker.now() == pytest.approx(before + HOUR, abs=2)
    assert time.time() == pytest.approx(before, abs=2)
    await worker.advance(24 * HOUR)
    assert await clocks(worker) == pytest.approx([before + 25 * HOUR] * 10, abs=2)


async def test_python_has_its_own_time_back(worker):
    machine = time.time
    await worker.advance(HOUR)
    await worker._stop()
    assert time.time is machine


async def test_dates_of_a_moved_worker_are_dates(tmp_path):
    script = tmp_path / "a_calendar.py"
    script.write_text("""
from datetime import date, datetime, timedelta, UTC
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        now = datetime.now(UTC)
        assert isinstance(now, datetime) and issubclass(type(now), datetime)
        assert type(now + timedelta(1)) is type(datetime(2026, 1, 1)) is type(datetime.today())
        assert datetime.fromisoformat("2026-01-01") == datetime(2026, 1, 1)
        assert datetime.strptime("2026", "%Y").year == 2026
        assert datetime.utcnow().tzinfo is None
        return Response(f"{date.today()} {now:%Y-%m-%d}")
""")
    async with run_worker(script) as worker:
        await worker.advance(10 * 24 * HOUR)
        today = (datetime.now() + timedelta(10)).date()
        day = (datetime.now(UTC) + timedelta(10)).date()
        assert await (await worker.fetch("/")).text() == f"{today} {day}"


async def test_an_alarm_fires_when_its_time_has_come(worker):
    clock = worker.env.CLOCK.getByName("a")
    await clock.set(HOUR)
    began = time.perf_counter()
    await worker.advance(HOUR - 5)
    assert said(worker) == ["made"]
    await worker.advance(10)
    assert time.perf_counter() - began < 1
    assert said(worker)[-1].startswith("alarm of a 0")
    await worker.advance(HOUR)
    assert len([line for line in said(worker) if "alarm" in line]) == 1


async def test_alarms_fire_in_order_each_at_its_time(worker):
    start = time.time()
    for name, seconds in (("b", 200), ("a", 100), ("c", 300)):
        await worker.env.CLOCK.getByName(name).set(seconds)
    await worker.advance(HOUR)
    rang = [line.split()[2:] for line in said(worker) if line.startswith("alarm")]
    assert [name for name, _, _ in rang] == ["a", "b", "c"]
    assert [int(when) - start for _, _, when in rang] == pytest.approx([100, 200, 300], abs=3)


async def test_a_failing_alarm_is_tried_again_later_and_later(worker):
    start = time.time()
    await worker.env.CLOCK.getByName("a").set(10, 3)
    await worker.advance(60)
    rang = [line.split()[3:] for line in said(worker) if line.startswith("alarm")]
    assert [int(retry) for retry, _ in rang] == [0, 1, 2, 3]
    assert [int(when) - start for _, when in rang] == pytest.approx([10, 12, 16, 24], abs=3)
    assert [str(exc) for exc in worker.errors] == ["not yet"] * 3
    worker.errors.clear()


async def test_an_object_hibernates_and_its_socket_stays(worker):
    async with worker.ws("/object") as ws:
        await worker.advance(9)
        await ws.send("one")
        await ws.expect("one")
        assert said(worker) == ["made"]
        await worker.advance(11)
        await ws.send("two")
        await ws.expect("two")
        assert said(worker) == ["made", "made"]


async def test_a_timer_of_an_object_goes_off_and_keeps_it_awake_until_then(worker):
    await worker.env.CLOCK.getByName("a").remind(60)
    await worker.advance(59)
    assert said(worker) == ["made"]
    await worker.advance(2)
    assert said(worker) == ["made", "reminded a"]
    await worker.advance(20)
    await worker.env.CLOCK.getByName("a").remind(60)
    assert said(worker) == ["made", "reminded a", "made"]


async def test_a_handler_that_sleeps_goes_on(worker):
    asking = asyncio.ensure_future(worker.fetch("/sleep"))
    await arrived(worker)
    await worker.advance(HOUR)
    assert await (await asking).text() == "3600"


async def test_intervals_go_off_as_often_as_there_is_time(worker):
    asking = asyncio.ensure_future(worker.fetch("/ticks"))
    await arrived(worker)
    await worker.advance(200)
    assert said(worker) == ["tick"] * 3
    await worker.advance(500)
    await asking
    assert said(worker)[:9] == ["tick"] * 9


async def arrived(worker) -> None:
    """A handler waits for time."""
    async with asyncio.timeout(5):
        while not worker._clock.timers:  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0)


async def test_two_workers_have_two_clocks(worker, tmp_path):
    async with run_worker(tmp_path / "a_clock.py") as other:
        before = time.time()
        await worker.advance(HOUR)
        assert (await clocks(worker))[0] == pytest.approx(before + HOUR, abs=2)
        assert await clocks(other) == pytest.approx([before] * 10, abs=2)


async def test_time_does_not_go_back(worker):
    with pytest.raises(ValueError, match="does not go back"):
        await worker.advance(-1)
