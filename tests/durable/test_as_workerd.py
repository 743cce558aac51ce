"""Our storage answers each step of `table.py` as workerd answered it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.durable.steps import run
from tests.durable.table import LEGACY, TABLES
from wrangler_py.durable.ids import IdFactory, unique_key
from wrangler_py.js.convert import number

RECORDED = Path(__file__).with_name("recorded")


def recorded(name: str) -> Any:
    text = (RECORDED / f"{name}.json").read_text("utf-8")
    return json.loads(text, parse_int=lambda digits: number(float(digits)))


@pytest.mark.parametrize("name", TABLES)
async def test_every_step_is_answered_as_by_workerd(name, storage):
    differences = []
    for step, expected in zip(TABLES[name], recorded(name), strict=True):
        got = await run(storage, step)
        if got != expected:
            differences.append(f"{str(step)[:90]}\n   ours    {got}\n   workerd {expected}")
    assert not differences, "\n".join(differences)


async def test_a_class_without_sqlite_is_told_so(legacy):
    answers = [await run(legacy, step) for step in LEGACY]
    assert answers == recorded("legacy")


@pytest.mark.parametrize("name", ["a", "room-1"])
def test_a_name_gives_the_id_that_workerd_gives(name):
    factory = IdFactory(unique_key("test", "Sqlite"))
    assert factory.from_name(name).toString() == recorded("ids")[name]
