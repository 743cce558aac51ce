"""Other programs: what they print is seen at once, and nothing of them stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from wrangler_py.programs import run_to_its_end

pytestmark = pytest.mark.once

OURS = """
from pathlib import Path
from wrangler_py.programs import run_to_its_end
command = "mkfifo held; sleep 600 > held & echo begun; wait"
run_to_its_end(command, Path.cwd(), lambda line: print(line, flush=True))
"""


def test_each_line_is_said_and_the_exit_code_is_given(tmp_path):
    said = []
    assert run_to_its_end("echo one; echo two >&2; exit 3", tmp_path, said.append) == 3
    assert said == ["one", "two"]
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_ends_us_ends_what_a_shell_has_started(tmp_path, number):
    ours = subprocess.Popen(
        [sys.executable, "-c", OURS],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert ours.stdout is not None
    with ours.stdout as printed:
        assert printed.readline() == "begun\n"  # while it runs
        with (tmp_path / "held").open() as held:
            ours.send_signal(number)
            assert held.read() == ""  # nobody has it open any more
    assert ours.wait(10) != 0
