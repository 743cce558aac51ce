from __future__ import annotations

import sys
from types import ModuleType

import pytest

from wrangler_py.cli import run
from wrangler_py.config import DevOptions
from wrangler_py.config.options import DebuggerOptions


@pytest.fixture
def asked(tmp_path, monkeypatch) -> list[DevOptions]:
    """What the server was asked to do; no server starts."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "worker.py").write_text("")
    options: list[DevOptions] = []
    module = ModuleType("wrangler_py.reload.dev_server")
    module.run = lambda given: options.append(given) or 0  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "wrangler_py.reload.dev_server", module)
    return options


DEFAULT = DebuggerOptions("127.0.0.1", 5678)
WAYS = [
    (["worker.py"], None),
    (["worker.py", "--debugpy"], DEFAULT),
    (["--debugpy", "worker.py"], DEFAULT),
    (["--debugpy", "--port", "0", "worker.py"], DEFAULT),
    (["worker.py", "--debugpy", "5679"], DebuggerOptions("127.0.0.1", 5679)),
    (["worker.py", "--debugpy=0"], DebuggerOptions("127.0.0.1", 0)),
    (["--debugpy", "0.0.0.0:1", "worker.py"], DebuggerOptions("0.0.0.0", 1)),
    (["--debugpy", "[::1]:1", "worker.py"], DebuggerOptions("::1", 1)),
    (["worker.py", "--debugpy=:7"], DebuggerOptions("127.0.0.1", 7)),
    (["worker.py", "--debugpy", "--wait-for-client"], DebuggerOptions("127.0.0.1", 5678, True)),
]


@pytest.mark.parametrize(("arguments", "debugger"), WAYS)
def test_the_address_may_be_left_out(asked, arguments, debugger):
    assert run(["dev", *arguments]) == 0
    (options,) = asked
    assert options.debugger == debugger
    assert options.config.main.name == "worker.py"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--debugpy=nothing"], '"nothing" is no HOST:PORT'),
        (["--debugpy=99999"], '"99999" is no HOST:PORT'),
        (["--debugpy="], '"" is no HOST:PORT'),
        (["--wait-for-client"], "--wait-for-client waits for nobody"),
    ],
)
def test_what_is_no_address_is_a_2(asked, capsys, arguments, complaint):
    assert run(["dev", "worker.py", *arguments]) == 2
    assert complaint in capsys.readouterr().err
    assert asked == []
