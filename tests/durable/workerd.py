"""The real workerd with a worker that runs storage calls: the oracle for `durable`.

`WORKERD=/path/to/workerd python -m tests.durable.record` writes down what it says.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BINARY = os.environ.get("WORKERD")

CONFIG = """
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "disk", disk = (path = "DISK", writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
  compatibilityDate = "2026-08-01",
  durableObjectNamespaces = [
    (className = "Sqlite", uniqueKey = "test-Sqlite", enableSql = true),
    (className = "Legacy", uniqueKey = "test-Legacy"),
  ],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [
    (name = "Sqlite", durableObjectNamespace = "Sqlite"),
    (name = "Legacy", durableObjectNamespace = "Legacy"),
  ],
);
"""


class Workerd:
    """A running workerd."""

    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}"

    def run(self, name: str, steps: list[Any], kind: str = "Sqlite") -> Any:
        """What each step gave, in the object called ``name``."""
        body = json.dumps(steps).encode()
        with urllib.request.urlopen(f"{self._base}/{kind}/{name}", body, timeout=30) as answer:
            return json.load(answer)

    def id_of(self, name: str, kind: str = "Sqlite") -> str:
        with urllib.request.urlopen(f"{self._base}/{kind}/{name}", timeout=30) as answer:
            return str(json.load(answer))


@contextmanager
def workerd(folder: Path) -> Iterator[Workerd]:
    """Run the binary with its state under ``folder``/disk."""
    assert BINARY is not None
    (folder / "disk").mkdir(parents=True, exist_ok=True)
    shutil.copy(Path(__file__).with_name("worker.mjs"), folder)
    config = folder / "config.capnp"
    config.write_text(CONFIG.replace("DISK", str(folder / "disk")))
    command = [BINARY, "serve", str(config), "--control-fd=1"]
    with (folder / "stderr.txt").open("w") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors)
    try:
        yield Workerd(_port(process))
    finally:
        process.terminate()
        process.wait(10)
        assert process.stdout is not None
        process.stdout.close()


def _port(process: subprocess.Popen[bytes]) -> int:
    assert process.stdout is not None
    for line in process.stdout:
        message = json.loads(line)
        if message.get("event") == "listen":
            return int(message["port"])
    raise RuntimeError("workerd did not start")
