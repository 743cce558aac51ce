from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from wrangler_py import __version__
from wrangler_py.cli import run
from wrangler_py.config import DevOptions
from wrangler_py.log import Level, Settings, log


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "worker.py").write_text("")
    return tmp_path


@pytest.fixture
def asked(monkeypatch) -> list[DevOptions]:
    """What the server was asked to do; no server starts."""
    options: list[DevOptions] = []
    module = ModuleType("wrangler_py.reload.dev_server")
    module.run = lambda given: options.append(given) or 0  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "wrangler_py.reload.dev_server", module)
    return options


def test_a_script_is_all_that_is_needed(project, asked):
    assert run(["dev", "worker.py"]) == 0
    (options,) = asked
    assert options.config.main == project / "worker.py"
    assert options.config.name == "worker"
    assert (options.ip, options.port, options.port_is_explicit) == ("localhost", 8787, False)
    assert (options.reload, options.json, options.ready_file) == (True, False, None)
    assert options.hibernate_after == 10
    assert options.state_path == project / ".wrangler" / "state" / "v3"
    assert log.settings == Settings()


def test_every_flag_arrives(project, asked):
    code = run(
        [
            "dev", "worker.py", "--name", "n", "--ip", "127.0.0.1", "--port", "0",
            "--var", "A:1", "--var", "B:x:y", "--compatibility-date", "2026-01-05",
            "--compatibility-flag", "f", "--compatibility-flags", "g", "--persist-to", "keep",
            "--hibernate-after", "0.5", "--no-reload", "--log-level", "DEBUG", "--json",
            "--ready-file", "ready.json",
        ]
    )  # fmt: skip
    assert code == 0
    (options,) = asked
    assert options.config.name == "n"
    assert options.config.vars == {"A": "1", "B": "x:y"}
    assert options.config.compatibility_date == "2026-01-05"
    assert options.config.compatibility_flags == ("f", "g")
    assert (options.ip, options.port, options.port_is_explicit) == ("127.0.0.1", 0, True)
    assert options.state_path == project / "keep" / "v3"
    assert options.hibernate_after == 0.5
    assert options.reload is False
    assert options.json is True
    assert options.ready_file == project / "ready.json"
    assert log.settings == Settings(level=Level.DEBUG, json=True)


def test_assets_need_nothing_else(project, asked):
    (project / "public").mkdir()
    assert run(["dev", "--assets", "public"]) == 0
    (options,) = asked
    assert options.config.is_assets_only
    assert options.overrides.assets == project / "public"
    assert options.state_path == project / ".wrangler" / "state" / "v3"


def test_the_configuration_speaks_where_no_flag_does(project, asked):
    (project / "wrangler.jsonc").write_text(
        '{"main": "worker.py", "compatibility_date": "2026-01-05", "dev": {"ip": "::1", "port": 9}}'
    )
    run(["dev"])
    run(["dev", "--ip", "127.0.0.1", "--port", "0"])
    assert (asked[0].ip, asked[0].port, asked[0].port_is_explicit) == ("::1", 9, True)
    assert (asked[1].ip, asked[1].port) == ("127.0.0.1", 0)


def test_the_overrides_can_be_laid_over_the_file_again(project, asked):
    from wrangler_py.config import load_config

    config = project / "wrangler.jsonc"
    config.write_text('{"main": "worker.py", "vars": {"A": "1"}}')
    run(["dev", "--var", "B:2"])
    config.write_text('{"main": "worker.py", "vars": {"A": "3"}}')
    assert load_config(asked[0].overrides, Path("/")).vars == {"A": "3", "B": "2"}


def test_another_folder_can_be_entered(project, asked, monkeypatch):
    monkeypatch.chdir(project.parent)
    assert run(["dev", "--cwd", project.name, "worker.py"]) == 0
    assert asked[0].config.main == project / "worker.py"


def test_the_log_level_may_come_from_the_environment(project, asked, monkeypatch):
    monkeypatch.setenv("WRANGLER_LOG", "warn")
    run(["dev", "worker.py"])
    assert log.settings.level is Level.WARN


WRONG = [
    (["dev"], "no script was named, and there is no configuration here or above"),
    (["dev", "nope.py"], "there is no script nope.py"),
    (["dev", "-c", "nope.toml"], "there is no configuration nope.toml"),
    (["dev", "--cwd", "nope"], "cannot enter nope: No such file or directory"),
    (["dev", "worker.py", "--var", "A=1"], 'a variable is NAME:VALUE, not "A=1"'),
    (["dev", "worker.py", "--var", ":1"], 'a variable is NAME:VALUE, not ":1"'),
    (["dev", "worker.py", "--remote"], "--remote is not supported"),
    (["dev", "worker.py", "--env-file", "x.env"], "there is no file x.env"),
    (
        ["dev", "worker.py", "--local-protocol", "https", "--https-key-path", "key.pem"],
        "Must specify both certificate path and key path to use a Custom Certificate.",
    ),
    (["dev", "worker.py", "--assets", "worker.py"], "this is no directory: worker.py"),
]


@pytest.mark.parametrize(("argv", "message"), WRONG)
def test_what_is_wrong_is_one_clear_line(project, asked, capsys, argv, message):
    assert run(argv) == 2
    assert asked == []
    assert capsys.readouterr().err.splitlines()[0] == f"✘ [ERROR] {message}"


def test_an_equals_sign_in_a_variable_is_mended_by_the_hint(project, asked, capsys):
    run(["dev", "worker.py", "--var", "A=b=c"])
    assert "hint: for example --var A:b=c" in capsys.readouterr().err


HARMLESS = [
    ["--local"],
    ["-l"],
    ["--latest"],
    ["--no-bundle"],
    ["--minify"],
    ["--inspector-port", "9229"],
]


@pytest.mark.parametrize("flags", HARMLESS)
def test_a_flag_that_means_nothing_here_is_passed_over(project, asked, capsys, flags):
    assert run(["dev", "worker.py", *flags]) == 0
    captured = capsys.readouterr()
    assert "changes nothing" not in captured.out
    assert captured.err == ""


def test_what_is_passed_over_is_told_to_who_asks(project, asked, capsys):
    run(["dev", "worker.py", "--minify", "--no-bundle", "--log-level", "debug"])
    assert capsys.readouterr().out.endswith(
        "\n[wrangler:debug] --minify changes nothing here\n"
        "[wrangler:debug] --no-bundle changes nothing here\n"
    )


def test_the_banner_comes_first_and_is_for_people(project, asked, capsys):
    run(["dev", "worker.py"])
    name = f" ⛅️ wrangler-py {__version__}"
    assert capsys.readouterr().out == f"\n{name}\n{'─' * len(name)}\n"
    run(["dev", "worker.py", "--json"])
    run(["dev", "worker.py", "--log-level", "warn"])
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("flags", "wanted"),
    [
        ([], None),
        (["--show-interactive-dev-session"], True),
        (["--no-show-interactive-dev-session"], False),
    ],
)
def test_keys_can_be_asked_for_or_not(project, asked, flags, wanted):
    run(["dev", "worker.py", *flags])
    assert asked[0].interactive is wanted


def test_flags_of_wrangler_are_not_in_our_help(capsys):
    run(["dev", "--help"])
    assert "--remote" not in capsys.readouterr().out


def test_a_variable_without_a_name_gets_no_such_example(project, asked, capsys):
    run(["dev", "worker.py", "--var", "=x"])
    assert "hint: for example --var NAME:value" in capsys.readouterr().err
