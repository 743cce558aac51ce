"""The Cache API answers as it does in workerd over wrangler's local cache (`recorded.json`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from wrangler_py import compat, context
from wrangler_py.clock import Clock
from wrangler_py.stores.responses import Caches, Responses
from wrangler_py.stores.stores import Stores

from .record import DATE, RECORDED, normalised
from .steps import Player
from .table import DIFFERS, SCENARIOS

RECORDS: dict[str, list[dict[str, Any]]] = json.loads(RECORDED.read_text())


class StandIn:
    """As much of a worker as the cache asks for."""

    def __init__(self, folder: Path | None) -> None:
        self.clock = Clock()
        self.stores = Stores(folder, self.clock)

    def cache_store(self, name: str) -> Responses:
        return self.stores.keep(Caches).of(name)

    def forget(self, owner: context.IoContext) -> None: ...


def test_every_scenario_is_recorded():
    assert list(RECORDS) == list(SCENARIOS)


@pytest.mark.parametrize("place", ["on disk", "in memory"])
@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_a_scenario_ends_as_in_workerd(scenario, place, tmp_path):
    worker = StandIn(tmp_path if place == "on disk" else None)
    owner = context.IoContext(worker, "a test", compat.resolve(DATE, ()))
    owner.answering = True
    player = Player(worker.clock)
    with owner.entered():
        answers = [normalised(await player.answer(step)) for step in SCENARIOS[scenario]]
    worker.stores.close()
    differs = DIFFERS.get(scenario, {})
    wrong = [
        {"step": step, "ours": ours, "workerd": theirs}
        for number, (step, ours, theirs) in enumerate(
            zip(SCENARIOS[scenario], answers, RECORDS[scenario], strict=True)
        )
        if (ours == theirs) == (number in differs)
    ]
    assert not wrong, "\n".join(map(str, wrong))
