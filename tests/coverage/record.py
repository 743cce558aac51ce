"""Record what there is on Cloudflare: names of the runtime, flags and commands of wrangler.

python -m tests.coverage.record FOLDER_WITH_NODE_MODULES   (with a Node that they run on in PATH)
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from .page import UNIVERSE

HERE = Path(__file__).parent
DATE = "2026-11-01"
_FLAG = re.compile(r"^\s+((?:-\w, )?--[\w-]+(?:, --[\w-]+)*)", re.MULTILINE)
_COMMAND = re.compile(r"^  wrangler ([\w-]+)", re.MULTILINE)
_INNER = ("r2", "kv", "d1")


def run(*line: str) -> str:
    environment = {**os.environ, "NO_COLOR": "1", "WRANGLER_SEND_METRICS": "false"}
    done = subprocess.run(
        line, env=environment, stdout=subprocess.PIPE, text=True, timeout=120, check=True
    )
    return done.stdout


def _clean(found: Any) -> Any:
    """Without what is the runtime's own."""
    if isinstance(found, dict):
        return {key: _clean(value) for key, value in found.items()}
    if isinstance(found, list):
        return [name for name in found if not name.startswith(("_", "unsafe", "internal"))]
    return found


def main() -> None:
    folder = sys.argv[1]
    wrangler = str(Path(folder) / "node_modules" / ".bin" / "wrangler")
    found = _clean(json.loads(run("node", str(HERE / "universe.mjs"), folder, DATE)))
    flags = _FLAG.findall(run(wrangler, "dev", "--help"))
    found["flags"] = sorted({flag for each in flags for flag in each.split(", ")})
    found["commands"] = sorted(set(_COMMAND.findall(run(wrangler, "--help"))))
    found["wrangler"] = run(wrangler, "--version").strip()
    rows = ",\n".join(f"{json.dumps(key)}: {_lines(value)}" for key, value in found.items())
    UNIVERSE.parent.mkdir(exist_ok=True)
    UNIVERSE.write_text(f"{{\n{rows}\n}}\n", encoding="utf-8")


def _lines(value: Any) -> str:
    if not isinstance(value, dict):
        return json.dumps(value)
    inner = ",\n".join(f" {json.dumps(key)}: {json.dumps(item)}" for key, item in value.items())
    return f"{{\n{inner}\n}}"


if __name__ == "__main__":
    main()
