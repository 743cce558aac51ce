"""Run every measurement, print the table, and write it to build/bench.json.

Each figure of ours stands beside bare aiohttp's (or what the row names), taken in turn in the
same run; quote the ratios. The machine should have nothing else to do.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from . import durable
from .row import Row
from .servers import HTTP, WEBSOCKET, Server, get, running

OUTPUT = Path("build/bench.json")


def start(rounds: int) -> Row:
    """Process start to the first 200."""
    taken: dict[str, list[float]] = {"ours": [], "bare": []}
    for number in range(rounds + 1):
        for kind in taken:
            with running(kind) as server:
                seconds = server.wait()
                if number > 0:  # the first start writes bytecode
                    taken[kind].append(seconds)
    return _row("start to first 200", "ms", taken, "<= 500 ms", scale=1000)


def save(rounds: int) -> Row:
    """A saved file to its first answer."""
    source = HTTP.read_text()
    taken: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "hello.py")
        script.write_text(source)
        with running("ours", script) as server:
            server.wait()
            time.sleep(0.5)
            for number in range(rounds * 3):
                text = f"Hello, {number}!"
                started = time.perf_counter()
                script.write_text(source.replace("Hello, world!", text))
                while get(server.port)[1] != text:
                    if time.perf_counter() - started > 5:
                        raise TimeoutError("the new code does not answer")
                taken.append(time.perf_counter() - started)
                time.sleep(0.1)
    return Row("save to new code", "ms", statistics.median(taken) * 1000, None, "<= 100 ms")


def throughput(name: str, shape: str, connections: int, goal: str) -> Callable[[int], Row]:
    """Requests or messages per second."""

    def measure(rounds: int) -> Row:
        taken: dict[str, list[float]] = {"ours": [], "bare": []}
        for _ in range(rounds):
            for kind in taken:
                with running(kind, WEBSOCKET if shape == "websocket" else HTTP) as server:
                    server.wait()
                    taken[kind].append(_load(server, shape, connections, 2.0))
        return _row(f"{name}, {connections} connections", "/s", taken, goal)

    return measure


def _load(server: Server, shape: str, connections: int, seconds: float) -> float:
    command = [sys.executable, "-m", "bench.client", str(server.port), shape]
    done = subprocess.run(
        [*command, str(connections), str(seconds)], stdout=subprocess.PIPE, check=True, timeout=60
    )
    return float(json.loads(done.stdout)["per_second"])


def memory(connections: int) -> Callable[[int], Row]:
    """Resident memory per idle WebSocket."""

    def measure(_rounds: int) -> Row:
        taken = {kind: [_idle(kind, connections)] for kind in ("ours", "bare")}
        name = f"memory per idle WebSocket at {connections}"
        return _row(name, "KiB", taken, "", scale=1 / 1024)

    return measure


def _idle(kind: str, connections: int) -> float:
    with running(kind, WEBSOCKET) as server:
        server.wait()
        _load(server, "websocket", 1, 0.3)
        before = server.memory()
        command = [sys.executable, "-m", "bench.client", str(server.port), "idle"]
        client = subprocess.Popen(
            [*command, str(connections)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        try:
            assert client.stdout is not None
            if not client.stdout.readline():
                raise RuntimeError("the client could not open its connections")
            return (server.memory() - before) / connections
        finally:
            client.kill()
            client.communicate()


def _row(name: str, unit: str, taken: dict[str, list[float]], goal: str, scale: float = 1) -> Row:
    ours, bare = (statistics.median(taken[kind]) * scale for kind in ("ours", "bare"))
    return Row(name, unit, ours, bare, goal)


MEASURES: dict[str, Callable[[int], Row]] = {
    "start": start,
    "save": save,
    "hello": throughput("HTTP hello", "hello", 16, ">= 0.6"),
    "post": throughput("HTTP POST echo of 1 KiB", "post", 16, ">= 0.6"),
    "ws1": throughput("WebSocket echo", "websocket", 1, ">= 0.9"),
    "ws16": throughput("WebSocket echo", "websocket", 16, ">= 0.9"),
    "ws100": throughput("WebSocket echo", "websocket", 100, ">= 0.9"),
    "memory1000": memory(1000),
    "memory5000": memory(5000),
    **durable.MEASURES,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("only", nargs="*", metavar="MEASURE", help=", ".join(MEASURES))
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if unknown := set(options.only) - set(MEASURES):
        parser.error(f"no such measure: {', '.join(sorted(unknown))}")
    print(f"{'':44} {'ours':>10} {'bare':>10} {'ratio':>7}  goal")
    rows = []
    for name in options.only or MEASURES:
        row = MEASURES[name](options.rounds)
        rows.append(row)
        bare = "" if row.bare is None else f"{row.bare:10.1f}"
        ratio = "" if row.ratio is None else f"{row.ratio:7.2f}"
        label = f"{row.name} ({row.unit})"
        print(f"{label:44} {row.ours:10.1f} {bare:>10} {ratio:>7}  {row.goal}", flush=True)
    OUTPUT.parent.mkdir(exist_ok=True)
    facts = [row._asdict() | {"ratio": row.ratio} for row in rows]
    OUTPUT.write_text(json.dumps({"python": sys.version.split()[0], "rows": facts}, indent=1))
    print(f"written to {OUTPUT}")


if __name__ == "__main__":
    main()
