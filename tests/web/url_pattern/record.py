"""Record what URLPattern of workerd, through npm `miniflare`, answers to the cases of `table.py`.

python -m tests.web.url_pattern.record FOLDER_WITH_NODE_MODULES
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.recording import DATE, ask_node, write_answers

HERE = Path(__file__).parent
RECORDED = HERE / "recorded.json"


def main() -> None:
    from .table import CASES

    asked = {"date": DATE, "cases": list(CASES.values())}
    answers = ask_node(HERE / "record.mjs", sys.argv[1], asked)
    write_answers(RECORDED, dict(zip(CASES, answers, strict=True)))


if __name__ == "__main__":
    main()
