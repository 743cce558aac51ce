"""Record what npm `wrangler` prints for the command lines of `table_d1.py`.

python -m tests.cli.record_d1 FOLDER_WITH_NODE_MODULES [SCENARIO ...]

A Node that it runs on has to be in PATH.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from .d1_steps import RECORDED, normalised, play
from .table_d1 import SCENARIOS

_COLOR = re.compile(r"\x1b\[[\d;]*m")
_ERROR = re.compile(r"✘ \[ERROR\] (.*?)\n\n(?:\n|\Z)", re.DOTALL)
_BANNER = re.compile(r"\n ⛅️ wrangler [\d.]+.*\n─+\n")


def main() -> None:
    tool = Path(sys.argv[1]) / "node_modules" / ".bin" / "wrangler"
    environment = {**os.environ, "CI": "1", "NO_COLOR": "1", "WRANGLER_SEND_METRICS": "false"}

    def run(folder: Path, line: list[str]) -> dict[str, Any]:
        done = subprocess.run(
            [tool, "d1", *line],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=60,
        )
        said = _ERROR.search(_COLOR.sub("", f"{done.stderr}\n\n"))
        out = _BANNER.sub("", done.stdout)
        return normalised(folder, out, said.group(1) if said else "", done.returncode)

    wanted = sys.argv[2:] or list(SCENARIOS)
    before = json.loads(RECORDED.read_text(encoding="utf-8")) if sys.argv[2:] else {}
    found = {name: before.get(name) for name in SCENARIOS}
    for name in wanted:
        with tempfile.TemporaryDirectory() as folder:
            found[name] = play(Path(folder).resolve(), SCENARIOS[name], run)
    RECORDED.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
