"""Our JavaScript layer answers each row as real Pyodide does."""

from __future__ import annotations

import asyncio
import json
import tomllib
from pathlib import Path

import pytest

from tests.conformance.evaluate import evaluate
from tests.conformance.table import (
    HERE,
    PROFILES,
    RECORDED,
    Row,
    all_rows,
    load_answers,
    topics,
)
from wrangler_py.facades import install
from wrangler_py.js import profile as profiles

ROWS = all_rows()
ANSWERS = {topic: load_answers(topic) for topic in topics()}
GAPS: dict[str, str] = tomllib.loads((HERE / "gaps.toml").read_text("utf-8"))


def cases() -> list[object]:
    """Pair every row with every version, the known gaps marked."""
    return [
        pytest.param(row, name, id=f"{row.id}-{name}", marks=marks_of(row, name))
        for row in ROWS
        for name in PROFILES
    ]


def marks_of(row: Row, name: str) -> list[pytest.MarkDecorator]:
    reason = GAPS.get(row.id) or GAPS.get(f"{row.id}@{name}")
    return [pytest.mark.xfail(reason=reason, strict=True)] if reason else []


@pytest.fixture(scope="module", autouse=True)
def installed_facades() -> None:
    install()


@pytest.mark.asyncio(loop_scope="module")  # a loop each would be a third of the time
@pytest.mark.parametrize(("row", "name"), cases())
async def test_a_row_is_answered_as_pyodide_answers_it(row: Row, name: str) -> None:
    _, recorded = ANSWERS[row.topic][row.name]
    with profiles.use(profiles.PROFILES[name]):
        answer = await evaluate(row.source)
    await end_leftovers()
    assert answer == recorded[name], row.source


async def end_leftovers() -> None:
    """Cancel what a row has started and not awaited: the next one has the same loop."""
    leftovers = asyncio.all_tasks() - {asyncio.current_task()}
    for task in leftovers:
        task.cancel()
    await asyncio.gather(*leftovers, return_exceptions=True)


def test_every_row_has_the_answer_to_its_own_question() -> None:
    stale = [r.id for r in ROWS if ANSWERS[r.topic].get(r.name, ("",))[0] != r.digest]
    assert not stale, "record them: python -m tests.conformance.record"


def test_every_recorded_answer_has_its_row() -> None:
    asked = {row.id for row in ROWS}
    files = {path.stem: json.loads(Path(path).read_text("utf-8")) for path in RECORDED.iterdir()}
    assert not [f"{t}.{n}" for t, names in files.items() for n in names if f"{t}.{n}" not in asked]


def test_every_gap_names_a_row() -> None:
    known = {row.id for row in ROWS} | {f"{row.id}@{name}" for row in ROWS for name in PROFILES}
    assert not GAPS.keys() - known
