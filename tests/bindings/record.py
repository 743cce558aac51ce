"""Record what workerd, through npm `miniflare`, answers to the steps of `table_*.py`.

python -m tests.bindings.record FOLDER_WITH_NODE_MODULES [kv d1 ...]
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

from .steps import RECORDED, normalised

HERE = Path(__file__).parent
DATE = "2026-11-01"


def record(folder: str, name: str) -> None:
    table = importlib.import_module(f"tests.bindings.table_{name}")
    asked = {
        "date": DATE,
        "bindings": table.MINIFLARE,
        "module": str(HERE / table.MODULE) if hasattr(table, "MODULE") else None,
        "scenarios": [list(each) for each in table.SCENARIOS.items()],
    }
    done = subprocess.run(
        ["node", str(HERE / "steps.mjs"), folder],
        input=json.dumps(asked),
        stdout=subprocess.PIPE,
        text=True,
        timeout=120,
        check=True,
    )
    answers = json.loads(done.stdout)
    RECORDED.mkdir(exist_ok=True)
    rows = ",\n".join(
        f"{json.dumps(scenario)}: [\n"
        + ",\n".join(
            json.dumps(answer, sort_keys=True) for answer in normalised(table, answers[scenario])
        )
        + "\n]"
        for scenario in answers
    )
    (RECORDED / f"{name}.json").write_text(f"{{\n{rows}\n}}\n")


def main() -> None:
    folder, *names = sys.argv[1:]
    tables = sorted(path.stem.removeprefix("table_") for path in HERE.glob("table_*.py"))
    for name in names or tables:
        record(folder, name)


if __name__ == "__main__":
    main()
