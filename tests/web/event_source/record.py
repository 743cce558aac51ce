"""Record what EventSource of workerd, through npm `miniflare`, gives for the cases of `table.py`.

python -m tests.web.event_source.record FOLDER_WITH_NODE_MODULES
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
RECORDED = HERE / "recorded.json"
DATE = "2026-11-01"


def main() -> None:
    from .table import CASES

    done = subprocess.run(
        ["node", str(HERE / "record.mjs"), sys.argv[1]],
        input=json.dumps({"date": DATE, "cases": CASES}),
        stdout=subprocess.PIPE,
        text=True,
        timeout=120,
        check=True,
    )
    answers = json.loads(done.stdout)
    rows = ",\n".join(f"{json.dumps(name)}: {json.dumps(each)}" for name, each in answers.items())
    RECORDED.write_text(f"{{\n{rows}\n}}\n")


if __name__ == "__main__":
    main()
