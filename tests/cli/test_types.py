from __future__ import annotations

import pytest

from wrangler_py.cli import run

CONFIG = """
{
  "name": "mine",
  "main": "entry.py",
  "compatibility_date": "2026-11-17",
  "compatibility_flags": ["python_workers"],
  "vars": { "GREETING": "hello" },
  "env": { "staging": { "vars": { "STAGE": "x" } } }
}
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "wrangler.jsonc").write_text(CONFIG)
    (tmp_path / "entry.py").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CLOUDFLARE_ENV", raising=False)
    return tmp_path


def env_of(folder) -> str:
    return (folder / "js" / "_env.pyi").read_text()


def test_stubs_are_written_beside_the_configuration(project, capsys, monkeypatch):
    (project / "src").mkdir()
    monkeypatch.chdir(project / "src")
    assert run(["types"]) == 0
    assert "    GREETING: str\n" in env_of(project / "typings")
    assert "files written" in capsys.readouterr().out


def test_it_says_what_the_checkers_have_to_be_told(project, capsys):
    assert run(["types"]) == 0
    said = capsys.readouterr().out
    assert '[tool.mypy]\nmypy_path = "typings"' in said
    assert '[tool.ty.environment]\nextra-paths = ["typings"]' in said
    (project / "mypy.ini").touch()
    (project / "ty.toml").touch()
    assert run(["types"]) == 0
    assert capsys.readouterr().out == "typings/: already up to date\n"


def test_check_writes_nothing_and_tells_by_its_exit_code(project, capsys):
    assert run(["types", "--check"]) == 1
    assert not (project / "typings").exists()
    assert run(["types"]) == 0
    assert run(["types", "--check"]) == 0
    capsys.readouterr()
    (project / "wrangler.jsonc").write_text(CONFIG.replace("GREETING", "FAREWELL"))
    assert run(["types", "--check"]) == 1
    captured = capsys.readouterr()
    assert "typings/js/_env.pyi is out of date\n" in captured.out
    assert captured.err == "run `pywrangler types`\n"
    assert "GREETING" in env_of(project / "typings")


def test_another_folder_and_another_name(project):
    assert run(["types", "--path", "build/types", "--env-interface", "Bindings"]) == 0
    text = env_of(project / "build" / "types")
    assert "class Bindings:" in text
    assert text.endswith("Env = Bindings\n")


def test_an_environment_has_its_own_names(project):
    assert run(["types", "-e", "staging"]) == 0
    assert "    STAGE: str\n" in env_of(project / "typings")
    assert "GREETING" not in env_of(project / "typings")


@pytest.mark.parametrize("name", ["lower", "With Blank", "a-b", "1A"])
def test_a_name_that_no_class_can_have_is_a_mistake(project, capsys, name):
    assert run(["types", "--env-interface", name]) == 2
    assert f"a class cannot be called {name}" in capsys.readouterr().err


def test_what_is_not_ours_is_not_overwritten(project, capsys):
    own = project / "typings" / "js" / "__init__.pyi"
    own.parent.mkdir(parents=True)
    own.write_text("mine: int\n")
    for flags in ([], ["--check"]):
        assert run(["types", *flags]) == 2
        assert "was not written by this command" in capsys.readouterr().err
    assert own.read_text() == "mine: int\n"


def test_a_secret_is_known_by_name_only(project):
    (project / ".dev.vars").write_text("API_KEY=hunter2\n")
    assert run(["types"]) == 0
    written = "".join(path.read_text() for path in (project / "typings").rglob("*.pyi"))
    assert "    API_KEY: str\n" in written
    assert "hunter2" not in written


def test_without_a_project_it_says_what_to_name(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["types"]) == 2
    assert "no script was named" in capsys.readouterr().err
