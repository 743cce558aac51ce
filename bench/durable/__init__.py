"""Durable Objects: hops, broadcasts, storage, memory. The best of several rounds each."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ..row import Row
from ..servers import DURABLE_OBJECT, HTTP, Server, get, running

AWAKE, ASLEEP = "3600", "0.05"
"""Seconds after which an idle object hibernates."""


@contextmanager
def _ours(hibernate_after: str = AWAKE) -> Iterator[tuple[Server, Path]]:
    """A server of ours that runs, and the folder where it keeps its state."""
    with tempfile.TemporaryDirectory() as folder:
        options = ("--persist-to", folder, "--hibernate-after", hibernate_after)
        with running("ours", DURABLE_OBJECT, *options) as server:
            server.wait()
            yield server, Path(folder)


def _ask(server: Server, path: str) -> float:
    status, text = get(server.port, path)
    if status != 200:
        raise RuntimeError(f"{path}: {status} {text}")
    return float(json.loads(text))


def hop(name: str, kind: str) -> Callable[[int], Row]:
    """From a Worker to an object and back, without what an empty loop costs."""

    def measure(rounds: int) -> Row:
        with _ours() as (server, _):
            best = min(_ask(server, f"/room/hops/{kind}/2000") for _ in range(rounds + 1))
        return Row(f"{name} hop", "us", best * 1e6, None, "")

    return measure


@contextmanager
def _audience(server: Server, path: str, count: int) -> Iterator[Callable[[int], None]]:
    """Clients who sit in a room; calling it lets one of them say something that often."""
    command = [sys.executable, "-m", "bench.durable.audience", str(server.port), path, str(count)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as clients:
        assert clients.stdin is not None
        assert clients.stdout is not None
        stdin, stdout = clients.stdin, clients.stdout

        def expect(line: str) -> None:
            if stdout.readline() != line:
                raise RuntimeError("the clients failed")

        def say(times: int) -> None:
            print(times, file=stdin, flush=True)
            expect("heard\n")

        try:
            expect("open\n")
            yield say
        finally:
            clients.kill()


def broadcast(count: int) -> Callable[[int], Row]:
    """The server's CPU for each message that a socket gets, of a message that all get."""

    def measure(rounds: int) -> Row:
        times = max(4, 10_000 // count)
        with _ours() as (server, _), running("bare", HTTP) as bare_server:
            bare_server.wait()
            with (
                _audience(server, "/room", count) as say,
                _audience(bare_server, "/room", count) as say_bare,
            ):
                pairs = ((server, say), (bare_server, say_bare))
                taken = [[_cpu(*pair, times) for pair in pairs] for _ in range(rounds + 1)]
        ours, bare = (min(each) / (times * count) for each in zip(*taken, strict=True))
        name = f"CPU per delivery, broadcast to {count}"
        return Row(name, "us", ours * 1e6, bare * 1e6, "flat or falling")

    return measure


def _cpu(server: Server, say: Callable[[int], None], times: int) -> float:
    before = server.cpu()
    say(times)
    return server.cpu() - before


def storage(name: str, count: int, per_turn: int) -> Callable[[int], Row]:
    """``put`` and ``get`` of an object, beside an upsert and a select of Python's sqlite3.

    Both write 100 bytes under 1,000 keys in turn, in WAL mode with ``synchronous=FULL``, on the
    same disk, and commit after ``per_turn`` pairs.
    """

    def measure(rounds: int) -> Row:
        ours, plain = [], []
        with _ours() as (server, folder), closing(_plain_database(folder)) as database:
            for _ in range(rounds + 1):
                ours.append(_ask(server, f"/room/write/{count}/{per_turn}"))
                plain.append(_plain_seconds(database, count, per_turn))
        return Row(name, "/s", count / min(ours), count / min(plain), "")

    return measure


def _plain_database(folder: Path) -> sqlite3.Connection:
    database = sqlite3.connect(folder / "plain.sqlite", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE kv (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID")
    return database


def _plain_seconds(database: sqlite3.Connection, count: int, per_turn: int) -> float:
    value = b"x" * 100
    put = "INSERT INTO kv VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
    started = time.perf_counter()
    for number in range(count):
        key = f"key {number % 1000}"
        if number % per_turn == 0:
            database.execute("BEGIN")
        database.execute(put, (key, value))
        database.execute("SELECT value FROM kv WHERE key = ?", (key,)).fetchone()
        if number % per_turn == per_turn - 1:
            database.execute("COMMIT")
    return time.perf_counter() - started


def memory(name: str, count: int, hibernate_after: str) -> Callable[[int], Row]:
    """Resident memory per object that has one socket and has written once."""

    def measure(_rounds: int) -> Row:
        with _ours(hibernate_after) as (server, _), _audience(server, "/first/visit", 1):
            _wait_until_open(server, 0 if hibernate_after == ASLEEP else 1)
            before = server.memory()
            with _audience(server, "/{}/visit", count):
                _wait_until_open(server, 0 if hibernate_after == ASLEEP else count + 1)
                each = (server.memory() - before) / count
        return Row(f"memory per object {name}, of {count}", "KiB", each / 1024, None, "")

    return measure


def _wait_until_open(server: Server, objects: int) -> None:
    """Wait until so many objects are awake: they keep their databases open."""
    deadline = time.monotonic() + 10
    while sum(_is_object(path) for path in server.open_files()) != objects:
        if time.monotonic() > deadline:
            raise TimeoutError(f"there are never {objects} objects awake")
        time.sleep(0.02)


def _is_object(path: str) -> bool:
    return path.endswith(".sqlite") and not path.endswith("metadata.sqlite")


MEASURES: dict[str, Callable[[int], Row]] = {
    "do-fetch": hop("stub.fetch", "fetch"),
    "do-rpc": hop("RPC", "rpc"),
    **{f"do-broadcast{n}": broadcast(n) for n in (10, 100, 1000, 5000)},
    "do-commits": storage("put + get vs sqlite3, a commit each", 500, 1),
    "do-storage": storage("put + get vs sqlite3, 100 to a commit", 10_000, 100),
    "do-memory-awake": memory("awake", 1000, AWAKE),
    "do-memory-asleep": memory("hibernated", 1000, ASLEEP),
}
