"""Record what a Worker sees, and a client, where `wrangler dev` gives requests another host.

python -m tests.server.record_renamed FOLDER_WITH_NODE_MODULES
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.recording import write_answers

RECORDED = Path(__file__).parent / "recorded" / "renamed.json"
FLAGS: dict[str, list[str]] = {
    "a host": ["--host", "example.com"],
    "a host by https": ["--host", "example.com", "--upstream-protocol", "https"],
    "a protocol alone": ["--upstream-protocol", "https"],
    "a host with a port": ["--host", "example.com:8080"],
}
SENT = {
    "Origin": "http://localhost:$PORT",
    "Referer": "http://localhost:$PORT/x?a",
    "X-Bare": "localhost:$PORT",
    "X-Sub": "http://a.localhost:$PORT/",
    "X-Several": "http://localhost:$PORT/a, http://localhost:$PORT/b http://other.test/",
}
ANSWERED = {
    "Location": "$ORIGIN/there",
    "X-Bare": "see $HOST",
    "X-Other": "http://other.test/",
    "X-Sub": "https://a.$HOST/x",
    "X-Longer": "$ORIGIN.test/x",
    "Link": "<$ORIGIN/a>; rel=x, <$ORIGIN/b>",
    "Set-Cookie": "a=1; Domain=$NAME; Path=/",
}
SCRIPT = """
const answered = %s;
export default { async fetch(r) {
  const u = new URL(r.url);
  if (u.pathname === "/seen") {
    const names = ["host", ...%s.map((n) => n.toLowerCase())];
    return Response.json([r.url, ...names.map((n) => r.headers.get(n))]);
  }
  const headers = Object.entries(answered).map(([k, v]) =>
    [k, v.replace(/[$](ORIGIN|HOST|NAME)/g, (_, name) =>
      ({ ORIGIN: u.origin, HOST: u.host, NAME: u.hostname })[name])]);
  return new Response(null, { status: 302, headers });
} };
"""


def placed(text: str, port: int) -> str:
    return text.replace("$PORT", str(port))


def hidden(found: Any, port: int) -> Any:
    return json.loads(json.dumps(found).replace(str(port), "$PORT"))


def ask(port: int) -> dict[str, Any]:
    """What the Worker sees, and what its redirect says."""
    client = HTTPConnection("localhost", port)
    headers = {name: placed(value, port) for name, value in SENT.items()}
    client.request("GET", "/seen", headers=headers)
    seen = json.loads(client.getresponse().read())
    client.request("GET", "/away")
    answer = client.getresponse()
    answer.read()
    told = {name: answer.getheader(name) for name in ANSWERED}
    client.close()
    return hidden({"seen": seen, "told": told}, port)


def record(program: Path, flags: list[str], folder: Path) -> dict[str, Any]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = folder / "said"
    command = ["node", str(program), "dev", *flags, "--port", str(port)]
    with said.open("wb") as out:
        running = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out)
    try:
        deadline = time.monotonic() + 30
        while b"Ready on" not in said.read_bytes():
            assert time.monotonic() < deadline, said.read_text()
            time.sleep(0.1)
        return ask(port)
    finally:
        running.terminate()
        running.wait(10)


def main() -> None:
    program = Path(sys.argv[1]) / "node_modules" / "wrangler" / "wrangler-dist" / "cli.js"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        script = SCRIPT % (json.dumps(ANSWERED), json.dumps(list(SENT)))
        (folder / "w.mjs").write_text(script)
        config = {"name": "w", "main": "w.mjs", "compatibility_date": "2026-11-01"}
        (folder / "wrangler.json").write_text(json.dumps(config))
        rows = {name: record(program, flags, folder) for name, flags in FLAGS.items()}
    write_answers(RECORDED, rows)


if __name__ == "__main__":
    main()
