"""Record what miniflare's asset worker answers to the requests of `sites.py`.

python -m tests.bindings.assets.record FOLDER_WITH_NODE_MODULES
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .answers import RECORDED, TABLES, normalised, spelled
from .site import Site, lay_out, parts_of

HERE = Path(__file__).parent
_PLACE = re.compile(r" at \S*<folder>/\d+/public/")


def main() -> None:
    RECORDED.mkdir(exist_ok=True)
    for name, sites in TABLES.items():
        with tempfile.TemporaryDirectory() as folder:
            found = served(sys.argv[1], sites, Path(folder))
        rows = ",\n".join(
            f"{json.dumps(each)}: {_block(site, answers)}"
            for (each, site), answers in zip(sites.items(), found, strict=True)
        )
        (RECORDED / f"{name}.json").write_text(f"{{\n{rows}\n}}\n", encoding="utf-8")


def served(modules: str, sites: Mapping[str, Site], folder: Path) -> list[dict[str, Any]]:
    """What each site answered, said, and failed with; ``folder`` becomes `<folder>` in it."""
    asked = []
    for number, site in enumerate(sites.values()):
        place = folder / str(number)
        place.mkdir()
        (place / "outside.txt").write_text("outside")
        asked.append(_asked(site, lay_out(site, place)))
    answers = folder / "answers.json"
    subprocess.run(
        ["node", str(HERE / "site.mjs"), modules, str(answers)],
        input=json.dumps(asked),
        text=True,
        timeout=300,
        check=True,
    )
    text = answers.read_text(encoding="utf-8")
    return json.loads(text.replace(str(folder.resolve()), "<folder>"))  # type: ignore[no-any-return]


def _asked(site: Site, directory: Path) -> dict[str, Any]:
    return {
        "directory": str(directory),
        "options": {**site.options, "has_worker": site.has_worker},
        "date": site.date,
        "flags": site.flags,
        "script": (HERE / "worker.mjs").read_text(encoding="utf-8"),
        "requests": [[*parts_of(each), None] for each in site.requests],
    }


def _block(site: Site, found: dict[str, Any]) -> str:
    rows = [f'"failed": {json.dumps(found["failed"])}'] if found["failed"] else []
    said = [
        [level, _PLACE.sub(" at ", text)]
        for level, text in found["log"]
        if "Request.cf" not in text
    ]
    rows += [f'"said": {json.dumps(said, ensure_ascii=False)}'] if said else []
    for asked, (status, reason, raw, body) in zip(site.requests, found["answers"], strict=False):
        pairs = list(zip(raw[::2], raw[1::2], strict=True))
        answer = normalised(status, reason, pairs, body.encode("latin-1"))
        rows.append(f"{json.dumps(spelled(asked))}: {json.dumps(answer, ensure_ascii=False)}")
    return "{\n" + ",\n".join(rows) + "\n}"


if __name__ == "__main__":
    main()
