"""`assets` in a configuration, and `--assets`; rules are held against the real ones elsewhere."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from wrangler_py.config import Config, Overrides, load_config
from wrangler_py.errors import ConfigError, UsageError
from wrangler_py.log import Log, Settings

pytestmark = pytest.mark.once


def load(folder: Path, *, given: str | None = None, **config: object) -> Config:
    if config:
        facts = {"compatibility_date": "2026-11-01", **config}
        (folder / "wrangler.json").write_text(json.dumps(facts))
    return load_config(Overrides(assets=Path(given) if given else None), folder)


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "worker.py").write_text("")
    (tmp_path / "public").mkdir()
    return tmp_path


def test_assets_alone_need_no_script(folder):
    config = load(folder, name="site", assets={"directory": "public"})
    assert (config.is_assets_only, config.name, config.root) == (True, "site", folder)


def test_assets_alone_need_no_configuration(folder):
    config = load(folder, given="public")
    assert (config.is_assets_only, config.name, config.root) == (True, "worker", folder)
    assert config.bindings.assets is not None
    assert config.bindings.assets.directory == str(folder / "public")


def test_the_command_line_names_another_directory(folder):
    config = load(
        folder, given="public", main="worker.py", assets={"directory": "dist", "binding": "FILES"}
    )
    assert config.bindings.assets is not None
    assert not config.is_assets_only
    assert config.bindings.assets.binding == "FILES"
    assert config.bindings.assets.directory == str(folder / "public")


@pytest.mark.parametrize(
    ("text", "meant"),
    [("/docs", "/docs/"), ("docs/", "/docs/"), ("/a//b/../c/.", "/a/c/"), ("/", "/"), ("..", "/")],
)
def test_a_base_path_is_normalized(folder, text, meant):
    config = load(folder, main="worker.py", assets={"directory": "public", "base_path": text})
    assert config.bindings.assets is not None
    assert config.bindings.assets.base_path == meant


REFUSED = [
    ({"assets": {}}, "The `assets` property in your configuration is missing the required"),
    ({"assets": {"directory": ""}}, "The assets directory cannot be an empty string."),
    ({"assets": {"directory": "worker.py"}}, "this is no directory: worker.py"),
    (
        {"assets": {"directory": "public", "binding": "X"}},
        "Cannot use assets with a binding in an assets-only Worker.",
    ),
    (
        {"assets": {"directory": "public", "run_worker_first": True}},
        "Cannot set run_worker_first without a Worker script.",
    ),
    *(
        (
            {"assets": {"directory": "public", "base_path": text}},
            f"Invalid assets base_path: The {why}",
        )
        for text, why in {
            "": "value must not be empty.",
            "//a": "value must be a pathname, not a URL.",
            "https://a/": "value must be a pathname, not a URL.",
            "/a\\b": "value must not contain backslashes.",
            "/a\nb": "value must not contain control characters.",
            "/a?b": "value must not contain query strings or fragments.",
            "/%61": "value must not contain percent-encoded sequences.",
        }.items()
    ),
    ({"name": "x"}, "the configuration names no `main`, and no script was given"),
]


@pytest.mark.parametrize(("config", "message"), REFUSED)
def test_what_no_deployment_takes_is_refused_with_its_place(folder, config, message):
    with pytest.raises(ConfigError) as caught:
        load(folder, **config)
    assert caught.value.message.startswith(message)
    assert (caught.value.where or "").startswith("wrangler.json")


def test_a_mistake_has_its_line(folder):
    (folder / "wrangler.toml").write_text(
        'name = "x"\n\n[assets]\ndirectory = "public"\nbinding = "A"'
    )
    with pytest.raises(ConfigError) as caught:
        load(folder)
    assert caught.value.where == "wrangler.toml:5:1 assets.binding"


def test_advice_is_in_the_language_of_the_file(folder):
    (folder / "wrangler.toml").write_text("[assets]\n")
    with pytest.raises(ConfigError) as caught:
        load(folder)
    assert caught.value.hint == 'add directory = "./public"'


def test_a_file_is_no_directory_on_the_command_line_either(folder):
    with pytest.raises(UsageError, match=r"this is no directory: worker\.py") as caught:
        load(folder, given="worker.py")
    assert caught.value.where == "--assets"


def test_a_worker_that_comes_first_without_a_binding_is_told(folder, monkeypatch):
    said = io.StringIO()
    monkeypatch.setattr("wrangler_py.config.load.log", Log(Settings(out=said, err=said)))
    load(folder, main="worker.py", assets={"directory": "public", "run_worker_first": True})
    assert "run_worker_first=true set without an assets binding" in said.getvalue()
