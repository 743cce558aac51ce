"""Alarms: on time, again when they fail, and after a restart."""

from __future__ import annotations

import asyncio

import pytest

from wrangler_py.durable import alarms

ROOM = """
    FAILURES = 0

    class Room(DurableObject):
        async def set(self, delay_ms):
            await self.ctx.storage.setAlarm(js.Date.now() + delay_ms)

        async def get(self):
            return await self.ctx.storage.getAlarm()

        async def forget(self):
            await self.ctx.storage.deleteAlarm()

        async def name(self):
            return self.ctx.id.name

        async def alarm(self, info):
            LOG.append(f"{self.ctx.id.name} {info.retryCount} {info.isRetry}")
            if len(LOG) <= FAILURES:
                raise RuntimeError("try again")
    """


async def test_an_alarm_fires_and_is_gone(world):
    world.load(ROOM)
    stub = world.stub()
    await stub.set(5)
    assert await stub.get() is not None
    await world.log.reaches(1)
    assert repr(await stub.get()) == "jsnull"
    assert world.log == ["a 0 False"]


async def test_a_deleted_alarm_does_not_fire(world):
    world.load(ROOM)
    stub = world.stub()
    await stub.set(10)
    await stub.forget()
    await asyncio.sleep(0.03)
    assert world.log == []


async def test_the_earliest_of_many_fires_first(world):
    world.load(ROOM)
    await world.stub(name="late").set(150)
    await world.stub(name="early").set(5)
    await world.log.reaches(2)
    assert world.log == ["early 0 False", "late 0 False"]


async def test_an_alarm_wakes_a_sleeping_object(world):
    world.load(ROOM)
    stub = world.stub()
    await stub.set(20)
    assert world.objects.hibernate() == 0
    await world.log.reaches(1)
    assert world.log == ["a 0 False"]


async def test_a_failing_alarm_is_tried_again(world, monkeypatch):
    monkeypatch.setattr(alarms, "FIRST_RETRY", 0.005)
    world.load(ROOM.replace("FAILURES = 0", "FAILURES = 2"))
    stub = world.stub()
    await stub.set(1)
    await world.log.reaches(3)
    assert world.log == ["a 0 False", "a 1 True", "a 2 True"]
    assert repr(await stub.get()) == "jsnull"
    assert world.errors == [
        'alarm (retried 6 more times) of Room "a": try again',
        'alarm (retried 5 more times) of Room "a": try again',
    ]


async def test_after_six_retries_the_alarm_is_deleted(world, monkeypatch):
    monkeypatch.setattr(alarms, "FIRST_RETRY", 0.0005)
    world.load(ROOM.replace("FAILURES = 0", "FAILURES = 99"))
    stub = world.stub()
    await stub.set(1)
    await world.log.reaches(7)
    assert world.log[-1] == "a 6 True"
    left = [repr(await stub.get()) for _ in range(5)]  # it is deleted behind the last failure
    assert left[-1] == "jsnull"
    assert len(world.log) == 7


async def test_a_failing_constructor_counts_as_a_failure(world, monkeypatch):
    monkeypatch.setattr(alarms, "FIRST_RETRY", 0.005)
    world.load(ROOM)
    await world.stub().set(15)
    world.load(
        ROOM
        + """
        def __init__(self, ctx, env):
            super().__init__(ctx, env)
            TRIES.append(1)
            if len(TRIES) == 1:
                raise RuntimeError("constructor")

    TRIES = []
    """
    )
    await world.log.reaches(1)
    assert world.log == ["a 1 True"]


async def test_a_missed_alarm_fires_after_a_restart(world):
    world.load(ROOM)
    await world.stub(name="kept").set(20)
    world.close()
    await asyncio.sleep(0.03)
    world.restart(ROOM)
    await world.log.reaches(1)
    assert world.log == ["kept 0 False"]


async def test_the_new_code_gets_the_alarm_that_the_old_code_set(world):
    world.load(ROOM)
    await world.stub().set(20)
    world.load(ROOM.replace("self.ctx.id.name}", "self.ctx.id.name} new"))
    await world.log.reaches(1)
    assert world.log == ["a new 0 False"]


async def test_an_alarm_set_by_its_own_handler_fires_again(world):
    world.load(
        """
        class Room(DurableObject):
            async def set(self):
                await self.ctx.storage.setAlarm(js.Date.now() + 1)

            async def alarm(self, info):
                LOG.append(info.retryCount)
                if len(LOG) < 3:
                    await self.set()
        """
    )
    await world.stub().set()
    await world.log.reaches(3)
    assert world.log == [0, 0, 0]


@pytest.mark.parametrize("parameters", ["self", "self, info"])
async def test_the_handler_takes_as_many_arguments_as_it_likes(world, parameters):
    world.load(
        f"""
        class Room(DurableObject):
            async def set(self):
                await self.ctx.storage.setAlarm(js.Date.now())

            async def alarm({parameters}):
                LOG.append("rang")
        """
    )
    await world.stub().set()
    await world.log.reaches(1)
    assert world.log == ["rang"]
