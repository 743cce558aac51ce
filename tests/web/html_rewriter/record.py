"""Record what workerd, through npm `miniflare`, makes of the cases of `table*.py`.

python -m tests.web.html_rewriter.record FOLDER_WITH_NODE_MODULES
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from . import table, table_edits, table_selectors

HERE = Path(__file__).parent
RECORDED = HERE / "recorded.json"
DATE = "2026-11-01"
CASES = {**table.CASES, **table_edits.CASES, **table_selectors.CASES}


def main() -> None:
    done = subprocess.run(
        ["node", str(HERE / "record.mjs"), sys.argv[1]],
        input=json.dumps({"date": DATE, "cases": CASES}),
        stdout=subprocess.PIPE,
        text=True,
        timeout=300,
        check=True,
    )
    answers = json.loads(done.stdout)
    rows = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(answer, sort_keys=True)}"
        for name, answer in answers.items()
    )
    RECORDED.write_text(f"{{\n{rows}\n}}\n")


if __name__ == "__main__":
    main()
