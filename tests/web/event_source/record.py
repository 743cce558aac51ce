"""Record what EventSource of workerd, through npm `miniflare`, gives for the cases of `table.py`.

python -m tests.web.event_source.record FOLDER_WITH_NODE_MODULES
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.recording import DATE, ask_node, write_answers

HERE = Path(__file__).parent
RECORDED = HERE / "recorded.json"


def main() -> None:
    from .table import CASES

    answers = ask_node(HERE / "record.mjs", sys.argv[1], {"date": DATE, "cases": CASES})
    write_answers(RECORDED, answers)


if __name__ == "__main__":
    main()
