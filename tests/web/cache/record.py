"""Record what workerd, through npm `miniflare`, answers to the steps of `table.py`.

python -m tests.web.cache.record FOLDER_WITH_NODE_MODULES
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RECORDED = HERE / "recorded.json"
DATE = "2026-11-01"

Answer = dict[str, Any]


def normalised(answer: Answer) -> Answer:
    """``answer`` without what differs from run to run: the Date that the cache writes, and the
    boundary between ranges."""
    text = json.dumps(answer)
    text = re.sub(r'\["date", "\w{3}, [^"]* GMT"\]', '["date", "..."]', text)
    text = re.sub(r"(miniflare-boundary-)[-0-9a-f]{36}", r"\1...", text)
    found: Answer = json.loads(text)
    return found


def main() -> None:
    from .table import SCENARIOS

    asked = {"date": DATE, "scenarios": [list(each) for each in SCENARIOS.items()]}
    done = subprocess.run(
        ["node", str(HERE / "record.mjs"), sys.argv[1]],
        input=json.dumps(asked),
        stdout=subprocess.PIPE,
        text=True,
        timeout=300,
        check=True,
    )
    rows = ",\n".join(
        f"{json.dumps(scenario)}: [\n"
        + ",\n".join(json.dumps(normalised(answer), sort_keys=True) for answer in answers)
        + "\n]"
        for scenario, answers in json.loads(done.stdout).items()
    )
    RECORDED.write_text(f"{{\n{rows}\n}}\n")


if __name__ == "__main__":
    main()
