"""Ask workerd everything in `table.py`, and keep its answers and a database it wrote."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from .table import LEGACY, TABLES
from .workerd import workerd

RECORDED = Path(__file__).with_name("recorded")

LEFT_BEHIND = [
    ["put", "text", "héllo"],
    ["put", "number", 2],
    ["put", "data", {"list": [1, 2.5, None, True], "when": {"$date": 5}}],
    ["put", "bytes", {"$bytes": [0, 255]}],
    ["sql", "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT)"],
    ["sql", "INSERT INTO notes (body) VALUES (?), (?)", "one", "two"],
    ["setAlarm", 4_000_000_000_000],
    ["getCurrentBookmark"],
]


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with workerd(folder) as oracle:
            for name, steps in TABLES.items():
                _keep(name, oracle.run(name, steps))
            _keep("legacy", oracle.run("legacy", LEGACY, "Legacy"))
            _keep("ids", {name: oracle.id_of(name) for name in ("a", "room-1")})
            oracle.run("left", LEFT_BEHIND)
            left = oracle.id_of("left")
        state = folder / "disk" / "test-Sqlite"
        for source, target in ((f"{left}.sqlite", "object"), ("metadata.sqlite", "metadata")):
            with closing(sqlite3.connect(state / source)) as db:
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copy(state / source, RECORDED / f"{target}.sqlite")
        _keep("left", {"id": left})


def _keep(name: str, answers: object) -> None:
    text = json.dumps(answers, ensure_ascii=False, indent=0)
    (RECORDED / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
