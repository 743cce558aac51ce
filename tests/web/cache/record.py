"""Record what workerd, through npm `miniflare`, answers to the steps of `table.py`.

python -m tests.web.cache.record FOLDER_WITH_NODE_MODULES
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from tests.recording import DATE, ask_node, write_answers

HERE = Path(__file__).parent
RECORDED = HERE / "recorded.json"

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
    answers = ask_node(HERE / "record.mjs", sys.argv[1], asked, seconds=300)
    rows = {name: [normalised(each) for each in found] for name, found in answers.items()}
    write_answers(RECORDED, rows, spread=True)


if __name__ == "__main__":
    main()
