"""HTMLRewriter does what it does in workerd (`recorded.json`, made by `record.py`)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from wrangler_py import compat, context

from .play import play
from .record import CASES, DATE, RECORDED
from .table import DIFFERS

RECORDS: dict[str, dict[str, Any]] = json.loads(RECORDED.read_text())


def test_every_case_is_recorded():
    assert list(RECORDS) == list(CASES)


@pytest.mark.parametrize("name", CASES)
async def test_a_case_ends_as_in_workerd(name):
    owner = context.IoContext(None, "a test", compat.resolve(DATE, ()))
    owner.answering = True
    with owner.entered():
        answer = await play(json.loads(json.dumps(CASES[name])))
    if name in DIFFERS:
        assert answer != RECORDS[name]
    else:
        assert answer == RECORDS[name]
