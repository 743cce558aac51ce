"""`.wrangler/deploy/config.json` sends to the configuration that a build tool made."""

from __future__ import annotations

import json

import pytest

from wrangler_py.config import Overrides, load_config
from wrangler_py.errors import ConfigError

BASE = {"compatibility_date": "2026-01-01", "compatibility_flags": ["python_workers"]}


@pytest.fixture
def project(tmp_path):
    (tmp_path / "dist").mkdir()
    (tmp_path / ".wrangler" / "deploy").mkdir(parents=True)
    for folder, name in ((tmp_path, "own"), (tmp_path / "dist", "made")):
        (folder / "entry.py").touch()
        document = {**BASE, "name": name, "main": "entry.py"}
        (folder / "wrangler.json").write_text(json.dumps(document))
    (tmp_path / ".dev.vars").write_text("SECRET=x")
    return tmp_path


def send(project, text: str) -> None:
    (project / ".wrangler" / "deploy" / "config.json").write_text(text)


def test_the_configuration_that_was_made_is_read_in_the_project_s_folder(project):
    send(project, '{"configPath": "../../dist/wrangler.json"}')
    config = load_config(Overrides(), project)
    assert (config.name, config.root, config.secrets) == ("made", project, {"SECRET": "x"})
    assert config.main == project / "dist" / "entry.py"
    assert project / ".wrangler" / "deploy" / "config.json" in config.files


def test_a_configuration_that_is_named_is_read_all_the_same(project):
    send(project, '{"configPath": "../../dist/wrangler.json"}')
    assert load_config(Overrides(config=project / "wrangler.json"), project).name == "own"


def test_state_is_that_of_the_person_s_own_configuration(project):
    send(project, '{"configPath": "../../dist/wrangler.json"}')
    assert load_config(Overrides(), project, runs=False).name == "own"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "there is no `configPath`"),
        ('{"configPath": "none.json"}', "`configPath` does not exist"),
        ("{", "wrangler"),
        ('{"configPath": "a\\u0000"}', "no file can be called"),
    ],
)
def test_what_is_wrong_with_it_is_an_error(project, text, message):
    send(project, text)
    with pytest.raises(ConfigError) as caught:
        load_config(Overrides(), project)
    assert message in caught.value.render()


def test_one_that_is_not_beside_the_configuration_is_an_error(project):
    send(project, '{"configPath": "../../dist/wrangler.json"}')
    with pytest.raises(ConfigError, match="it is not clear which is meant"):
        load_config(Overrides(), project / "dist")
