from __future__ import annotations

import subprocess
import sys

import pytest

import wrangler_py
from wrangler_py.cli import run
from wrangler_py.errors import NotReady, PortInUse


def test_the_version_is_printed(capsys):
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"pywrangler {wrangler_py.__version__} (wrangler-py)\n"


@pytest.mark.parametrize("argv", [["--help"], ["-h"], []])
def test_help_names_our_commands_and_theirs(capsys, argv):
    assert run(argv) == 0
    out = capsys.readouterr().out
    assert "  dev " in out
    assert "  init " in out
    assert "Handed to Cloudflare's own tools" in out
    assert "whoami" in out


@pytest.mark.parametrize("argv", [["--version"], ["--help"], ["dev", "--help"], ["init", "--list"]])
def test_what_needs_no_server_does_not_pay_for_it(argv):
    code = (
        "import sys; from wrangler_py.__main__ import main;"
        f"sys.argv[1:] = {argv!r}; code = main();"
        "loaded = {name.partition('.')[0] for name in sys.modules};"
        "print('HEAVY', sorted(loaded & {'aiohttp', 'uvloop', 'watchfiles', 'cryptography'}));"
        "sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout.splitlines()[-1] == "HEAVY []"


def test_the_module_is_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "wrangler_py", "--version"],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert done.stdout.startswith("pywrangler ")


GUESSES = [
    (["devv"], 'there is no command "devv"', 'did you mean "dev"?'),
    (["depoly"], 'there is no command "depoly"', 'did you mean "deploy"?'),
    (["x.py"], 'there is no command "x.py"', "did you mean `pywrangler dev x.py`?"),
    (["qqqq"], 'there is no command "qqqq"', "`pywrangler --help` lists the commands"),
    (["dev", "--prot", "1"], "there is no option --prot", "did you mean --port?"),
]


@pytest.mark.parametrize(("argv", "message", "hint"), GUESSES)
def test_a_slip_is_one_clear_line_and_a_guess(capsys, argv, message, hint):
    assert run(argv) == 2
    assert capsys.readouterr().err == f"✘ [ERROR] {message}\n    hint: {hint}\n"


def test_a_wrong_value_points_to_the_help(capsys):
    assert run(["dev", "--port", "many"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("✘ [ERROR] invalid value for '--port': 'many'")
    assert err.endswith("    hint: `pywrangler dev --help` lists what there is\n")


def test_with_json_even_a_wrong_value_is_an_object(capsys):
    assert run(["dev", "--json", "--port", "many"]) == 2
    captured = capsys.readouterr()
    assert captured.out.startswith('{"event":"error"')
    assert captured.err == ""


@pytest.mark.parametrize(
    ("raised", "code"),
    [(PortInUse("taken"), 3), (NotReady("late"), 4), (KeyboardInterrupt(), 130)],
)
def test_how_the_server_ends_is_the_exit_code(monkeypatch, tmp_path, raised, code):
    def fail(options: object) -> int:
        raise raised

    (tmp_path / "w.py").write_text("")
    pretend_server(monkeypatch, fail)
    assert run(["dev", str(tmp_path / "w.py")]) == code


def test_a_place_that_cannot_be_used_is_one_clear_line(tmp_path, capsys):
    (tmp_path / ".wrangler").write_text("a file where state would be")
    argv = ["kv", "key", "put", "a", "b", "--namespace-id", "x", "--cwd", str(tmp_path)]
    assert run(argv) == 2
    assert f"[ERROR] {tmp_path / '.wrangler'}" in capsys.readouterr().err


def test_what_the_server_returns_is_the_exit_code(monkeypatch, tmp_path):
    (tmp_path / "w.py").write_text("")
    pretend_server(monkeypatch, lambda options: 1)
    assert run(["dev", str(tmp_path / "w.py")]) == 1


def pretend_server(monkeypatch, serve) -> None:
    from types import ModuleType

    module = ModuleType("wrangler_py.reload.dev_server")
    module.run = serve  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "wrangler_py.reload.dev_server", module)


def test_a_reader_that_leaves_early_sees_no_traceback():
    code = "import sys; from wrangler_py.cli import run; sys.exit(run(['--help']))"
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    process.wait(timeout=30)
    assert err == ""
