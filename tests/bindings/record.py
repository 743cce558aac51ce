"""Record what workerd, through npm `miniflare`, answers to the steps of `table_*.py`.

python -m tests.bindings.record FOLDER_WITH_NODE_MODULES [kv d1 ...]
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from tests.recording import DATE, ask_node, write_answers

from .steps import RECORDED, normalised

HERE = Path(__file__).parent


def record(folder: str, name: str) -> None:
    table = importlib.import_module(f"tests.bindings.table_{name}")
    asked = {
        "date": DATE,
        "bindings": table.MINIFLARE,
        "module": str(HERE / table.MODULE) if hasattr(table, "MODULE") else None,
        "scenarios": [list(each) for each in table.SCENARIOS.items()],
    }
    answers = ask_node(HERE / "steps.mjs", folder, asked)
    rows = {scenario: list(normalised(table, found)) for scenario, found in answers.items()}
    write_answers(RECORDED / f"{name}.json", rows, spread=True)


def main() -> None:
    folder, *names = sys.argv[1:]
    tables = sorted(path.stem.removeprefix("table_") for path in HERE.glob("table_*.py"))
    for name in names or tables:
        record(folder, name)


if __name__ == "__main__":
    main()
