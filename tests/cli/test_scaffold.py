from __future__ import annotations

from pathlib import Path

import pytest

from wrangler_py.cli import run, scaffold
from wrangler_py.config.dates import today

CONFIG = """{
  // a comment stays
  "$schema": "x",
  "name": "hello",
  "main": "src/entry.py",
  "compatibility_date": "2020-01-01",
  "vars": {"name": "hello"}
}
"""


@pytest.fixture
def templates(tmp_path, monkeypatch) -> Path:
    """A folder with one template, in the place of ours."""
    folder = tmp_path / "templates"
    hello = folder / "hello"
    for name, text in {
        "wrangler.jsonc": CONFIG,
        "src/entry.py": 'GREETING = "hello"\n',
        "README.md": "# hello\n\nA page that says\nhello. And more.\n\nThe rest.\n",
        "pyproject.toml": '[project]\nname = "hello"\n\n[tool.x]\nname = "hello"\n',
        ".gitignore": ".wrangler/\n",
        "tests/test_entry.py": "",
        ".wrangler/state/x": "state",
        "src/__pycache__/entry.pyc": "compiled",
        ".venv-3.13/pyvenv.cfg": "",
        ".pytest_cache/x": "",
    }.items():
        path = hello / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "no-template").mkdir()
    monkeypatch.setattr(scaffold, "templates_folder", lambda: folder)
    monkeypatch.chdir(tmp_path)
    return folder


def test_a_project_is_a_copy_with_its_own_name_and_date(templates, tmp_path, capsys):
    assert run(["init", "My Chat", "--template", "hello"]) == 0
    project = tmp_path / "My Chat"
    copied = [path.relative_to(project) for path in project.rglob("*.*")]
    assert sorted(str(path) for path in copied if "typings" not in path.parts) == [
        ".gitignore",
        "README.md",
        "pyproject.toml",
        "src/entry.py",
        "tests/test_entry.py",
        "wrangler.jsonc",
    ]
    assert "class Env" in (project / "typings" / "js" / "_env.pyi").read_text()
    date = min(today(), scaffold.NEWEST_TRIED)
    assert (project / "wrangler.jsonc").read_text() == CONFIG.replace(
        '"name": "hello",\n  "main"', '"name": "my-chat",\n  "main"'
    ).replace("2020-01-01", date)
    assert (project / "README.md").read_text().startswith("# my-chat\n\nA page that says\nhello.")
    assert (project / "pyproject.toml").read_text().count('"hello"') == 1
    assert (project / "src" / "entry.py").read_text() == 'GREETING = "hello"\n'
    assert capsys.readouterr().out == (
        "Created my-chat from hello.\n\n    cd 'My Chat'\n    pywrangler dev\n\n"
        "`pytest` tests it, `pywrangler deploy` puts it on Cloudflare.\n"
    )


def test_the_current_folder_may_become_the_project(templates, tmp_path, monkeypatch, capsys):
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    assert run(["init", ".", "-t", "hello"]) == 0
    assert '"name": "here"' in (here / "wrangler.jsonc").read_text()
    assert "cd" not in capsys.readouterr().out


def test_a_folder_that_holds_something_is_refused(templates, tmp_path, capsys):
    (tmp_path / "chat").mkdir()
    (tmp_path / "chat" / "mine").write_text("precious")
    assert run(["init", "chat", "-t", "hello"]) == 2
    assert [path.name for path in (tmp_path / "chat").iterdir()] == ["mine"]
    assert "✘ [ERROR] chat is not empty\n    hint: --force" in capsys.readouterr().err


def test_force_overwrites_and_never_deletes(templates, tmp_path):
    chat = tmp_path / "chat"
    chat.mkdir()
    (chat / "mine").write_text("precious")
    (chat / "README.md").write_text("old")
    assert run(["init", "chat", "-t", "hello", "--force"]) == 0
    assert (chat / "mine").read_text() == "precious"
    assert (chat / "README.md").read_text().startswith("# chat")


def test_a_file_is_no_folder(templates, tmp_path, capsys):
    (tmp_path / "chat").write_text("")
    assert run(["init", "chat", "-t", "hello", "--force"]) == 2
    assert "chat is a file" in capsys.readouterr().err


def test_the_list_shows_each_template_with_its_first_sentence(templates, capsys):
    assert run(["init", "--list"]) == 0
    assert capsys.readouterr().out == "hello  A page that says hello.\n"


@pytest.mark.parametrize(
    ("asked", "hint"), [("helo", 'did you mean "hello"?'), ("zzz", "there are hello")]
)
def test_a_template_that_is_not_there_is_guessed(templates, capsys, asked, hint):
    assert run(["init", "x", "-t", asked]) == 2
    assert capsys.readouterr().err == (
        f'✘ [ERROR] there is no template "{asked}"\n    hint: {hint}\n'
    )


def test_a_project_needs_a_name(capsys):
    assert run(["init"]) == 2
    assert "a new project needs a name" in capsys.readouterr().err


def test_our_own_templates_say_their_name_where_it_is_replaced():
    for folder in scaffold.templates_folder().glob("*/"):
        if not (folder / "wrangler.jsonc").is_file():
            continue
        assert f'"name": "{folder.name}"' in (folder / "wrangler.jsonc").read_text()
        assert f'name = "{folder.name}"' in (folder / "pyproject.toml").read_text()
        readme = (folder / "README.md").read_text()
        assert readme.startswith(f"# {folder.name}\n")
        assert scaffold.list_templates()[folder.name]
