"""https from the command line: `dev`, `ws`, `exec`, `smoke` and `replay` know whom to trust."""

from __future__ import annotations

import sys

import pytest

from .processes import Dev, run_pywrangler

pytestmark = pytest.mark.once

WORKER = """
from js import WebSocketPair
from pyodide.ffi import create_proxy
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.headers.get("Upgrade") != "websocket":
            return Response(request.url)
        client, server = WebSocketPair.new().object_values()
        server.accept()
        reply = create_proxy(lambda event: server.send(event.data.upper()))
        server.addEventListener("message", reply)
        return Response(None, status=101, web_socket=client)
"""
ASK = """
import os, ssl, urllib.request
trusted = ssl.create_default_context(cafile=os.environ["WORKER_CERTIFICATE"])
print(urllib.request.urlopen(os.environ["WORKER_URL"] + "/a", context=trusted).read().decode())
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "cache"))
    (tmp_path / "w.py").write_text(WORKER)

    def run(*words):
        return run_pywrangler(*words, cwd=tmp_path)

    return run


def test_dev_and_those_who_talk_to_it(run, tmp_path):
    record = tmp_path / "session.jsonl"
    dev = Dev(
        "w.py", "--local-protocol", "https", "--record", str(record), cwd=tmp_path, folder=tmp_path
    )
    try:
        dev.wait_ready()
        assert dev.url.startswith("https://localhost:")
        said = run("ws", "/", "-x", "hello")
        assert "HELLO" in said.stdout, said
        said = run("ws", dev.url, "-x", "again")
        assert "AGAIN" in said.stdout, said
        said = run("smoke", "--url", dev.url, "--get", "/x")
        assert said.returncode == 0, said
        again = run("replay", str(record), "--against", dev.url)
        assert "no difference" in again.stdout.lower() or again.returncode == 0, again
    finally:
        dev.stop()


def test_exec_and_smoke_serve_by_https(run):
    said = run("exec", "w.py", "--local-protocol", "https", "--", sys.executable, "-c", ASK)
    assert said.stdout.startswith("https://127.0.0.1:"), said
    said = run("smoke", "w.py", "--local-protocol", "https", "--get", "/")
    assert said.returncode == 0, said


def test_half_a_certificate_is_refused(run):
    said = run("dev", "w.py", "--local-protocol", "https", "--https-key-path", "key.pem")
    assert (said.returncode, "Must specify both certificate path" in said.stderr) == (2, True)
    files = ("--https-key-path", "key.pem", "--https-cert-path", "cert.pem")
    said = run("dev", "w.py", "--local-protocol", "https", *files)
    assert "Missing Custom Certificate Key at" in said.stderr
