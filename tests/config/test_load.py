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


def test_the_nearest_configuration_of_a_kind_wins(project):
    write(project, "wrangler.toml", "{}")
    near = write(project / "src", "wrangler.toml", "")
    assert find_config(project / "src") == near


def test_the_kind_goes_before_nearness_and_the_other_is_told(project, said):
    above = write(project, "wrangler.json", "{}")
    write(project / "src", "wrangler.toml", "")
    assert find_config(project / "src") == above
    assert said.getvalue() == (
        "▲ [WARNING] wrangler.json is read, and not src/wrangler.toml: "
        "remove one, or name it by -c\n"
    )


def test_several_configurations_are_told(project, said):
    for name in ("wrangler.toml", "wrangler.jsonc", "wrangler.json"):
        write(project, name, "{}")
    assert find_config(project) == project / "wrangler.json"
    assert said.getvalue() == (
        "▲ [WARNING] wrangler.json is read, and not wrangler.jsonc, wrangler.toml: "
        "remove one, or name it by -c\n"
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
    assert first.count("▲ [WARNING]") == 1
    load(project)
    assert said.getvalue() == first


def test_what_only_cloudflare_has_is_named_and_no_news(project, said):
    text = (
        f'{{"main": "src/entry.py", {MINIMAL}, "ai": {{"binding": "AI"}}, "observability": {{}}}}'
    )
    write(project, "wrangler.jsonc", text)
    assert load(project).cloudflare_only == {"AI": "ai"}
    assert said.getvalue() == ""


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


# Secrets.


def test_secrets_go_over_vars_and_the_command_line_over_both(project, said):
    text = f'{{"main": "src/entry.py", {MINIMAL}, "vars": {{"A": "file", "B": "file"}}}}'
    write(project, "wrangler.jsonc", text)
    write(project, ".dev.vars", "A=secret\nC=secret\nD=secret\n")
    config = load(project, vars={"C": "flag"})
    assert config.vars == {"A": "file", "B": "file", "C": "flag"}
    assert config.secrets == {"A": "secret", "D": "secret"}
    assert project / ".dev.vars" in config.files
    assert said.getvalue() == "[wrangler:info] Using secrets defined in .dev.vars\n"


def test_only_required_secrets_are_taken_where_they_are_listed(project, said, monkeypatch):
    monkeypatch.setenv("FROM_PROCESS", "yes")
    required = '"secrets": {"required": ["FROM_PROCESS", "GONE"]}'
    text = f'{{"main": "src/entry.py", {MINIMAL}, "vars": {{"V": "file"}}, {required}}}'
    write(project, "wrangler.jsonc", text)
    write(project, ".env", "V=secret\nOTHER=1\n")
    assert load(project).secrets == {"FROM_PROCESS": "yes", "V": "secret"}
    assert "Missing required secrets: GONE. Add them to .dev.vars, .env" in said.getvalue()


def test_a_secret_file_that_was_asked_for_must_be_there(project):
    with pytest.raises(UsageError, match=r"there is no file x\.env"):
        load(project, "src/entry.py", env_files=(Path("x.env"),))


# Environments.

STAGED = """{
  "name": "w", "main": "src/entry.py", %s,
  "vars": {"A": "top", "B": "top"},
  "kv_namespaces": [{"binding": "KV", "id": "top"}],
  "triggers": {"crons": ["* * * * *"]},
  "env": {
    "stg": {"vars": {"A": "stg"}, "kv_namespaces": [{"binding": "KV", "id": "stg"}]},
    "bare": {},
    "named": {"name": "other", "compatibility_date": "2026-02-02", "vars": {}, "kv_namespaces": []},
    "wrong": {"vars": {}, "kv_namespaces": [], "queues": {"consumers": [{"queue": ""}]}}
  }
}"""


@pytest.fixture
def staged(project):
    write(project, "wrangler.jsonc", STAGED % MINIMAL)
    return project


def test_an_environment_has_its_own_bindings_and_inherits_the_rest(staged):
    config = load(staged, environment="stg")
    assert (config.name, config.environment) == ("w-stg", "stg")
    assert config.vars == {"A": "stg"}
    assert [each.id for each in config.bindings.kv_namespaces] == ["stg"]
    assert config.crons == ("* * * * *",)


def test_an_environment_is_chosen_by_the_process_too(staged, monkeypatch):
    monkeypatch.setenv("CLOUDFLARE_ENV", "named")
    config = load(staged)
    assert (config.name, config.compatibility_date) == ("other", "2026-02-02")


def test_what_is_not_inherited_is_told_in_wranglers_words(staged, said):
    config = load(staged, environment="bare")
    assert (config.vars, config.bindings.kv_namespaces) == ({}, ())
    for key in ("vars", "kv_namespaces"):
        told = f'"{key}" exists at the top level, but not on "env.bare". This is not what you '
        told += f'probably want, since "{key}" is not inherited by environments. '
        assert told + f'Please add "{key}" to "env.bare".' in said.getvalue()


def test_variables_that_an_environment_lacks_are_named(staged, said):
    load(staged, environment="stg")
    assert '"env.stg.vars": "B". This is probably not what you want' in said.getvalue()


def test_an_unknown_environment_is_refused_with_those_there_are(staged):
    with pytest.raises(ConfigError) as caught:
        load(staged, environment="name")
    assert caught.value.message == 'No environment found in configuration with name "name".'
    assert caught.value.hint == 'did you mean "named"?'


def test_without_any_environment_the_top_level_stands_in(project, said):
    write(project, "wrangler.jsonc", f'{{"name": "w", "main": "src/entry.py", {MINIMAL}}}')
    assert load(project, environment="stg").name == "w-stg"
    assert 'No environment found in configuration with name "stg"' in said.getvalue()


def test_a_mistake_in_an_environment_has_its_line(staged):
    with pytest.raises(ConfigError) as caught:
        load(staged, environment="wrong")
    assert caught.value.where == "wrangler.jsonc:10:73 queues.consumers[0]"
