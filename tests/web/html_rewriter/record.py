"""Record what workerd, through npm `miniflare`, makes of the cases of `table*.py`.

python -m tests.web.html_rewriter.record FOLDER_WITH_NODE_MODULES
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.recording import DATE, ask_node, write_answers

from . import table, table_edits, table_selectors

HERE = Path(__file__).parent
RECORDED = HERE / "recorded.json"
CASES = {**table.CASES, **table_edits.CASES, **table_selectors.CASES}


def main() -> None:
    asked = {"date": DATE, "cases": CASES}
    write_answers(RECORDED, ask_node(HERE / "record.mjs", sys.argv[1], asked, seconds=300))


if __name__ == "__main__":
    main()
