from __future__ import annotations

from pathlib import Path

import pytest

from wrangler_py.cli import run
from wrangler_py.cli.delegate import FOREIGN

TOOL = """
import pathlib, sys
pathlib.Path(sys.argv[0]).with_name("said").write_text(repr(sys.argv[1:]))
sys.exit(7)
"""


@pytest.fixture
def no_tool(monkeypatch) -> None:
    monkeypatch.setattr("wrangler_py.cli.delegate._is_installed", lambda: False)


def install_tool(folder: Path) -> Path:
    package = folder / "pywrangler"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "__main__.py").write_text(TOOL)
    return package


LINES = [
    (["deploy"], "deploy", "npx wrangler deploy"),
    (["tail", "--format", "json"], "tail", "npx wrangler tail --format json"),
    (["secret", "put", "A B"], "secret", "npx wrangler secret put 'A B'"),
    (["queues", "--help"], "queues", "npx wrangler queues --help"),
    (["kv", "namespace", "list"], "kv namespace", "npx wrangler kv namespace list"),
]


@pytest.mark.parametrize(("argv", "name", "line"), LINES)
def test_without_cloudflares_tool_the_line_to_run_is_printed(no_tool, capsys, argv, name, line):
    assert run(argv) == 2
    assert capsys.readouterr().err == (
        f"✘ [ERROR] `{name}` is a command of Cloudflare's own tools\n    hint: run `{line}`\n"
    )


@pytest.mark.parametrize(
    "name",
    ["deploy", "tail", "secret", "versions", "queues", "vectorize", "login", "whoami"],
)
def test_the_commands_that_people_know_are_known(name):
    assert name in FOREIGN


def test_cloudflares_tool_gets_the_arguments_and_gives_the_exit_code(tmp_path, monkeypatch):
    package = install_tool(tmp_path / "site")
    monkeypatch.setenv("PYTHONPATH", str(package.parent))
    monkeypatch.syspath_prepend(str(package.parent))
    assert run(["deploy", "--dry-run", "a b"]) == 7
    assert (package / "said").read_text() == "['deploy', '--dry-run', 'a b']"


def test_a_folder_of_that_name_in_the_project_is_not_the_tool(tmp_path, monkeypatch, capsys):
    package = install_tool(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    assert run(["deploy"]) == 2
    assert "run `npx wrangler deploy`" in capsys.readouterr().err
    assert not (package / "said").exists()
