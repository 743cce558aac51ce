"""A process that is killed at a random moment loses nothing that it acknowledged."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from wrangler_py.durable.storage import close, open_storage

from .conftest import OBJECT

pytestmark = pytest.mark.once

ROUNDS = 10
ROOT = Path(__file__).parents[2]

WRITER = """
import asyncio, sys
from pathlib import Path
from wrangler_py.durable.alarm_store import AlarmIndex
from wrangler_py.durable.storage import durable, open_storage

async def main(folder, actor_id, first):
    index = AlarmIndex(folder / "metadata.sqlite")
    storage = open_storage(folder, actor_id, index)
    storage.sql.exec("create table if not exists log(n integer primary key, payload)")
    number = first
    while True:
        # Two writes of one turn: both are found, or neither.
        await storage.put("last", number)
        storage.sql.exec("insert into log values (?, ?)", number, "x" * 500)
        await durable(storage)
        print(number, flush=True)
        number += 1

asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
"""


def written_until_killed(folder: Path, first: int, delay: float) -> list[int]:
    """The numbers that a writer acknowledged before it was killed."""
    command = [sys.executable, "-c", WRITER, str(folder), OBJECT, str(first)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    begun = process.stdout.readline()
    time.sleep(delay)  # the random moment
    process.kill()
    rest, _ = process.communicate(timeout=10)
    assert process.returncode in (-signal.SIGKILL if hasattr(signal, "SIGKILL") else 1, 1)
    complete = (begun + rest).rpartition("\n")[0]
    return [int(line) for line in complete.split()]


@pytest.mark.timeout(120)
async def test_every_acknowledged_write_is_found_after_a_kill(tmp_path, index):
    chance = random.Random(11)
    first = 1
    for _ in range(ROUNDS):
        acknowledged = written_until_killed(tmp_path, first, chance.uniform(0.0, 0.1))
        assert acknowledged[0] == first
        storage = open_storage(tmp_path, OBJECT, index)
        last = await storage.get("last")
        rows = storage.sql.exec("select count(*) n, max(n) last from log").one()
        close(storage)
        assert acknowledged[-1] <= last
        assert (rows.n, rows.last) == (last, last)
        first = last + 1
