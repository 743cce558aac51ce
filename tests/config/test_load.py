from __future__ import annotations

import io
from pathlib import Path

import pytest

from wrangler_py.config import Overrides, find_config, load_config
from wrangler_py.config.dates import today
from wrangler_py.errors import ConfigError, UsageError
from wrangler_py.log import Log, Settings

MINIMAL = '"compatibility_date": "2026-01-05", "compatibility_flags": ["python_workers"]'


@pytest.fixture
def said(monkeypatch) -> io.StringIO:
    """What the log says while a configuration is loaded."""
    stream = io.StringIO()
    monkeypatch.setattr("wrangler_py.config.load.log", Log(Settings(out=stream, err=stream)))
    return stream


@pytest.fixture
def project(tmp_path, monkeypatch, said) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "entry.py").write_text("")
    return tmp_path


def write(project: Path, name: str, text: str) -> Path:
    path = project / name
    path.write_text(text, encoding="utf-8")
    return path


def load(project: Path, script: str | None = None, **overrides: object):
    return load_config(Overrides(Path(script) if script else None, **overrides), project)


# Which file.


def test_a_script_alone_needs_no_configuration(project, said):
    config = load(project, "src/entry.py")
    assert config.name == "entry"
    assert config.main == project / "src" / "entry.py"
    assert config.compatibility_date == today()
    assert config.path is None
    assert config.root == project / "src"
    assert said.getvalue() == ""


@pytest.mark.parametrize(
    ("file", "name"), [("My Worker.py", "my-worker"), ("__é.py", "__"), ("é.py", "worker")]
)
def test_a_name_is_made_of_what_cloudflare_allows(project, file, name):
    write(project, file, "")
    assert load(project, file).name == name


def test_without_script_the_configuration_above_names_it(project):
    write(project, "wrangler.jsonc", f'{{"name": "w", "main": "src/entry.py", {MINIMAL}}}')
    config = load(project / "src")
    assert (config.name, config.main) == ("w", project / "src" / "entry.py")
    assert config.path == project / "wrangler.jsonc"
    assert config.root == project


def test_a_folder_may_be_named_instead_of_a_script(project):
    write(project, "wrangler.jsonc", f'{{"name": "w", "main": "src/entry.py", {MINIMAL}}}')
    assert load(project.parent, project.name).name == "w"


def test_a_script_takes_the_place_of_main(project):
    write(project, "wrangler.jsonc", f'{{"name": "w", "main": "src/entry.py", {MINIMAL}}}')
    write(project, "other.py", "")
    config = load(project, "other.py")
    assert (config.name, config.main.name) == ("w", "other.py")


def test_the_nearest_configuration_wins(project):
    write(project, "wrangler.json", "{}")
    near = write(project / "src", "wrangler.toml", "")
    assert find_config(project / "src") == near


def test_two_configurations_side_by_side_are_told(project, said):
    for name in ("wrangler.toml", "wrangler.jsonc", "wrangler.json"):
        write(project, name, "{}")
    assert find_config(project) == project / "wrangler.json"
    assert said.getvalue() == (
        "▲ [WARNING] wrangler.json is read, and not wrangler.jsonc, wrangler.toml beside it: "
        "remove one\n"
    )


def test_a_named_configuration_is_the_one(project):
    write(project, "wrangler.jsonc", "{}")
    write(project, "other.toml", 'name = "o"\nmain = "src/entry.py"\n')
    assert load(project, config=Path("other.toml")).name == "o"


def test_toml_and_jsonc_say_the_same(project):
    write(
        project,
        "a.toml",
        'name = "w"\nmain = "src/entry.py"\ncompatibility_date = "2026-01-05"\n[vars]\nA = "1"\n',
    )
    write(
        project,
        "b.jsonc",
        '{"name": "w", "main": "src/entry.py", "compatibility_date": "2026-01-05",'
        ' "vars": {"A": "1"}}',
    )
    one = load(project, config=Path("a.toml"))
    other = load(project, config=Path("b.jsonc"))
    assert one == type(other)(**{**_fields(other), "path": one.path})


def _fields(config) -> dict[str, object]:
    return {name: getattr(config, name) for name in type(config).__dataclass_fields__}


# What is wrong on the command line.


def test_a_missing_script_is_named(project):
    with pytest.raises(UsageError, match=r"there is no script nope\.py") as caught:
        load(project, "nope.py")
    assert caught.value.hint is None


@pytest.mark.parametrize(("asked", "meant"), [("src/entry", "src/entry.py"), ("entry.py",) * 2])
def test_a_missing_script_is_guessed(project, asked, meant):
    with pytest.raises(UsageError) as caught:
        load(project, asked)
    assert caught.value.hint == f"did you mean {Path('src') / Path(meant).name}?"


def test_neither_script_nor_configuration_is_an_error(project):
    with pytest.raises(UsageError, match="no script was named"):
        load(project)


def test_javascript_is_refused(project):
    write(project, "index.js", "")
    with pytest.raises(UsageError, match="only Python Workers run here") as caught:
        load(project, "index.js")
    assert caught.value.hint == "for JavaScript: `npx wrangler dev`"


def test_a_missing_configuration_is_named(project):
    with pytest.raises(UsageError, match=r"there is no configuration x\.toml"):
        load(project, config=Path("x.toml"))


def test_a_script_given_as_configuration_is_explained(project):
    with pytest.raises(UsageError, match=r"is \.json, \.jsonc or \.toml, not entry\.py"):
        load(project, config=Path("src/entry.py"))


def test_a_configuration_that_is_not_text_is_refused(project):
    (project / "wrangler.json").write_bytes(b"\xff\xfe{}")
    with pytest.raises(ConfigError, match="not UTF-8"):
        load(project)


# What the command line lays over it.


def test_the_command_line_wins(project):
    write(
        project,
        "wrangler.jsonc",
        f'{{"name": "w", "main": "src/entry.py", {MINIMAL}, "vars": {{"A": 1, "B": 2}}}}',
    )
    config = load(
        project,
        name="x",
        vars={"B": "two", "C": "three"},
        compatibility_date="2025-10-01",
        compatibility_flags=("python_workers", "f"),
    )
    assert config.name == "x"
    assert config.vars == {"A": 1, "B": "two", "C": "three"}
    assert config.compatibility_date == "2025-10-01"
    assert config.compatibility_flags == ("python_workers", "f")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("2026-1-5", 'write "2026-01-05"'),
        ("2026/01/05", 'write "2026-01-05"'),
        ("2026-02-30", f'for example "{today()}"'),
        ("20260105", f'for example "{today()}"'),
        ("soon", f'for example "{today()}"'),
    ],
)
def test_a_date_that_is_none_is_corrected(project, text, hint):
    with pytest.raises(UsageError, match="YYYY-MM-DD") as caught:
        load(project, "src/entry.py", compatibility_date=text)
    assert caught.value.where == "--compatibility-date"
    assert caught.value.hint == hint


def test_a_date_in_the_future_is_used_and_told(project, said):
    assert load(project, "src/entry.py", compatibility_date="2999-01-01")
    assert "2999-01-01 is in the future (--compatibility-date)" in said.getvalue()


# What is told.


def test_everything_is_told_once(project, said):
    write(project, "wrangler.jsonc", '{"main": "src/entry.py", "foo": 1, "kv_namespaces": []}')
    load(project)
    first = said.getvalue()
    assert first.count("▲ [WARNING]") == 2
    load(project)
    assert said.getvalue() == first


def test_keys_that_are_not_read_yet_are_named(project, said):
    text = (
        f'{{"main": "src/entry.py", {MINIMAL}, "triggers": {{"crons": []}},'
        ' "ai": {"binding": "AI"},'
        ' "kv_namespaces": [{"binding": "KV", "id": "x"}], "env": {"a": {"name": "b"}},'
        ' "queues": {"producers": [{"binding": "Q", "queue": "q"}]}, "observability": {}}'
    )
    write(project, "wrangler.jsonc", text)
    config = load(project)
    assert config.unread == ("ai", "env", "kv_namespaces", "queues", "triggers")
    assert config.unread_bindings == {"AI": "ai", "KV": "kv_namespaces", "Q": "queues"}
    assert said.getvalue() == (
        "▲ [WARNING] wrangler.jsonc: not read yet: ai, env, kv_namespaces, queues, triggers\n"
    )


@pytest.mark.parametrize("name", [".dev.vars", ".env"])
def test_secrets_that_are_not_read_yet_are_told(project, said, name):
    write(project, "wrangler.jsonc", f'{{"main": "src/entry.py", {MINIMAL}}}')
    write(project, name, "A=1")
    load(project)
    assert said.getvalue() == f"▲ [WARNING] {name} is not read yet; use --var NAME:VALUE\n"


def test_advice_about_a_toml_file_is_toml(project, said):
    write(project, "wrangler.toml", 'main = "src/entry.py"\n')
    load(project)
    assert 'Add compatibility_date = "' in said.getvalue()
    assert 'flag: compatibility_flags = ["python_workers"]' in said.getvalue()
    write(project, "wrangler.toml", 'name = "x"\n')
    with pytest.raises(ConfigError) as failure:
        load(project)
    assert failure.value.hint is not None
    assert failure.value.hint.startswith('add main = "src/entry.py"')


def test_a_date_that_is_no_string_is_shown_as_it_was_written(project):
    write(project, "wrangler.toml", 'main = "src/entry.py"\ncompatibility_date = 2025-01-01\n')
    with pytest.raises(ConfigError, match=r"must be a string, not 2025-01-01\n"):
        load(project)


def test_a_file_that_is_a_list_is_called_a_file(project):
    write(project, "wrangler.jsonc", "[]")
    with pytest.raises(ConfigError, match=r"^the file must be an object, not \[\]\n"):
        load(project)
