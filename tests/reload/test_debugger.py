from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from wrangler_py.config.options import DebuggerOptions
from wrangler_py.errors import UsageError
from wrangler_py.reload.debugger import listen


def test_without_debugpy_the_line_that_installs_it_is_shown(monkeypatch):
    monkeypatch.setitem(sys.modules, "debugpy", None)
    with pytest.raises(UsageError) as caught:
        listen(DebuggerOptions("127.0.0.1", 0))
    assert caught.value.hint == 'python -m pip install "wrangler-py[debug]"'
    assert caught.value.exit_code == 2


ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str, cwd) -> subprocess.CompletedProcess[str]:
    pytest.importorskip("debugpy", reason="debugpy is an extra")
    (cwd / "worker.py").write_text("raise SystemExit")
    return subprocess.run(
        [sys.executable, "-m", "wrangler_py", "dev", "worker.py", "--no-reload", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_a_port_in_use_is_a_3(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run(f"--debugpy={port}", cwd=tmp_path)
    assert done.returncode == 3
    assert f"port {port} is in use" in done.stderr
    assert "--debugpy=0" in done.stderr


def test_a_host_for_everybody_is_warned_of(tmp_path):
    done = run("--debugpy=0.0.0.0:0", cwd=tmp_path)
    assert "everybody who reaches 0.0.0.0 can run code in this process" in done.stderr
    assert "Debugger listening on 0.0.0.0:" in done.stdout


def test_nobody_is_warned_on_the_usual_host_nor_of_frozen_modules(tmp_path):
    done = run("--debugpy=0", "--json", cwd=tmp_path)
    assert '"event":"debugger"' in done.stdout
    assert '"host":"127.0.0.1","port":' in done.stdout
    assert "frozen" not in done.stdout + done.stderr
    assert "can run code" not in done.stdout + done.stderr


def test_without_the_flag_nothing_of_it_is_loaded():
    code = (
        "import sys, wrangler_py.cli, wrangler_py.reload.dev_server;"
        "print(sorted({'debugpy', 'pydevd', 'wrangler_py.reload.debugger'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout == "[]\n"
