"""The alarm in the object's file, and the index that a scheduler reads."""

from __future__ import annotations

import asyncio

import pytest

from wrangler_py.durable.alarm_store import AlarmIndex, now_ms
from wrangler_py.js.errors import JsException, type_error
from wrangler_py.js.null import jsnull

from .conftest import OBJECT

LATER = 4_000_000_000_000


def indexed(index):
    return [(entry.actor_id, entry.time_ms, entry.name) for entry in index.all()]


async def test_an_alarm_is_indexed_with_its_commit(opened, index):
    storage = opened(name="room")
    await storage.setAlarm(LATER)
    assert indexed(index) == []
    await storage.sync()
    assert indexed(index) == [(OBJECT, LATER, "room")]
    await storage.setAlarm(LATER - 5)
    await storage.sync()
    assert indexed(index) == [(OBJECT, LATER - 5, "room")]
    await storage.deleteAlarm()
    await storage.sync()
    assert indexed(index) == []


async def test_the_index_is_never_later_than_the_object(opened, index, monkeypatch):
    """Moved earlier before the commit, moved later after it."""
    storage, seen = opened(), []
    await storage.setAlarm(LATER)
    await storage.sync()
    index.on_change = lambda _, time: seen.append((time, storage._database._implicit))
    monkeypatch.setattr(storage._database, "_run", lambda sql: seen.append(sql))
    await storage.setAlarm(LATER - 1)
    storage._database.flush()
    assert seen[0] == (LATER - 1, True)
    assert seen[1] == "COMMIT"


async def test_an_alarm_rolls_back_with_its_transaction(storage, index):
    await storage.setAlarm(LATER)

    async def closure(txn):
        await txn.setAlarm(LATER + 7)
        assert await txn.getAlarm() == LATER + 7
        txn.rollback()

    await storage.transaction(closure)
    assert await storage.getAlarm() == LATER
    assert [entry.time_ms for entry in index.all()] == [LATER]


async def test_a_time_in_the_past_means_now(storage):
    before = now_ms()
    await storage.setAlarm(1000)
    assert before <= await storage.getAlarm() <= now_ms()


async def test_an_alarm_needs_a_handler(storage):
    def refuse():
        raise type_error("no handler")

    storage._alarm.require_handler = refuse
    with pytest.raises(JsException, match="no handler"):
        await storage.setAlarm(LATER)
    assert await storage.getAlarm() is jsnull


async def test_while_its_handler_runs_there_is_no_alarm(storage, index):
    await storage.setAlarm(LATER)
    await storage.sync()
    alarm = storage._alarm
    assert alarm.start(LATER)
    assert await storage.getAlarm() is jsnull
    alarm.finish(succeeded=False)
    assert await storage.getAlarm() == LATER
    assert alarm.start(LATER)
    alarm.finish(succeeded=True)
    await storage.sync()
    assert await storage.getAlarm() is jsnull
    assert index.all() == []


async def test_a_handler_may_set_the_next_alarm(storage):
    await storage.setAlarm(LATER)
    alarm = storage._alarm
    assert alarm.start(LATER)
    await storage.setAlarm(LATER)
    alarm.finish(succeeded=True)
    assert await storage.getAlarm() == LATER


async def test_an_alarm_that_is_undone_leaves_the_fired_one_to_be_deleted(storage):
    await storage.setAlarm(LATER)
    await storage.sync()
    alarm = storage._alarm
    assert alarm.start(LATER)

    async def closure(txn):
        await txn.setAlarm(LATER + 1)
        txn.rollback()

    await storage.transaction(closure)
    alarm.finish(succeeded=True)
    assert await storage.getAlarm() is jsnull


async def test_an_alarm_survives_what_is_undone_after_it(storage, index):
    await storage.setAlarm(LATER)
    with pytest.raises(ZeroDivisionError):
        storage.transactionSync(lambda: 1 / 0)
    await storage.sync()
    assert [entry.time_ms for entry in index.all()] == [LATER]


async def test_an_entry_that_is_out_of_date_is_put_right(storage, index):
    await storage.setAlarm(LATER)
    await storage.sync()
    index.set(OBJECT, LATER - 100)
    assert not storage._alarm.start(LATER - 100)
    assert [entry.time_ms for entry in index.all()] == [LATER]


async def test_alarms_survive_a_restart(tmp_path, opened, index):
    storage = opened()
    await storage.setAlarm(LATER)
    await asyncio.sleep(0)
    await storage.sync()
    again = AlarmIndex(tmp_path / "metadata.sqlite")
    assert indexed(again) == [(OBJECT, LATER, None)]
    again.close()
    assert await opened().getAlarm() == LATER


def test_without_alarms_there_is_no_index_file(tmp_path):
    index = AlarmIndex(tmp_path / "new" / "metadata.sqlite")
    assert index.all() == []
    index.set(OBJECT, None)
    assert not (tmp_path / "new").exists()
