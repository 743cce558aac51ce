"""Bindings answer as they do in workerd (`recorded/`, made by `record.py`)."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from wrangler_py import compat, context
from wrangler_py.bindings.registry import build_env
from wrangler_py.config.model import Config
from wrangler_py.stores.stores import Stores

from .record import DATE
from .steps import normalised, recorded, run

TABLES = sorted(
    path.stem.removeprefix("table_") for path in Path(__file__).parent.glob("table_*.py")
)
SCENARIOS = [
    (name, scenario)
    for name in TABLES
    if hasattr(table := importlib.import_module(f"tests.bindings.table_{name}"), "BINDINGS")
    for scenario in table.SCENARIOS
]


class StandIn:
    """As much of a worker as bindings ask for."""

    def __init__(self, config: Config, folder: Path | None) -> None:
        self.config, self.stores = config, Stores(folder)
        self.clock = self.stores.clock

    def forget(self, owner: context.IoContext) -> None: ...


@pytest.mark.parametrize("place", ["on disk", "in memory"])
@pytest.mark.parametrize(("name", "scenario"), SCENARIOS)
async def test_a_scenario_ends_as_in_workerd(name, scenario, place, tmp_path):
    table: Any = importlib.import_module(f"tests.bindings.table_{name}")
    config = Config("w", tmp_path / "entry.py", DATE, bindings=table.BINDINGS)
    worker = StandIn(config, tmp_path if place == "on disk" else None)
    owner = context.IoContext(worker, "a test", compat.resolve(DATE, ()))
    owner.answering = True
    steps = table.SCENARIOS[scenario]
    with owner.entered():
        answers = normalised(table, await run(build_env(config, worker), steps))
    worker.stores.close()
    differs = getattr(table, "DIFFERS", {}).get(scenario, {})
    wrong = [
        {"step": step, "ours": ours, "workerd": theirs}
        for number, (step, ours, theirs) in enumerate(
            zip(steps, answers, recorded(name)[scenario], strict=True)
        )
        if ours != theirs and number not in differs
    ]
    assert not wrong, "\n".join(map(str, wrong))
