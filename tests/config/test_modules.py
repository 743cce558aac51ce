"""`rules`, `find_additional_modules`, `base_dir` and `python_modules`."""

from __future__ import annotations

import json

import pytest

from wrangler_py.config import Overrides, load_config
from wrangler_py.errors import ConfigError
from wrangler_py.log import log


@pytest.fixture
def load(tmp_path, monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(log, "warn_once", said.append)

    def load(**keys):
        (tmp_path / "src").mkdir(exist_ok=True)
        (tmp_path / "src" / "entry.py").touch()
        base = {
            "name": "w",
            "main": "src/entry.py",
            "compatibility_date": "2026-01-01",
            "compatibility_flags": ["python_workers"],
        }
        (tmp_path / "wrangler.json").write_text(json.dumps({**base, **keys}))
        config = load_config(Overrides(), tmp_path)
        return config, "\n".join(said)

    return load


def has(config, path: str) -> bool:
    return bool(config.modules.has(config.root / path, config.main, config.root))


def test_without_rules_text_data_and_python_go(load):
    config, said = load()
    gone = ["src/a.txt", "src/x/a.html", "src/a.sql", "src/a.bin", "src/x/a.py", "src/entry.py"]
    assert [path for path in gone if not has(config, path)] == []
    assert [path for path in ("src/a.json", "src/a.wasm", "src/.wrangler/a.txt")
            if has(config, path)] == []  # fmt: skip
    assert said == ""


def test_a_rule_that_lets_none_through_hides_the_default_one_and_that_is_told(load):
    config, said = load(rules=[{"type": "Text", "globs": ["**/*.md"]}])
    assert (has(config, "src/a.md"), has(config, "src/a.txt")) == (True, False)
    assert 'these do not count: {"type": "Text", "globs": ["**/*.txt", "**/*.html"' in said


@pytest.mark.parametrize(("fallthrough", "goes"), [(True, True), (False, False)])
def test_fallthrough_says_what_is_meant(load, fallthrough, goes):
    rule = {"type": "Text", "globs": ["**/*.md"], "fallthrough": fallthrough}
    config, said = load(rules=[rule])
    assert (has(config, "src/a.md"), has(config, "src/a.txt")) == (True, goes)
    assert said == ""


def test_a_rule_for_python_replaces_the_one_that_there_is(load):
    config, said = load(rules=[{"type": "PythonModule", "globs": ["lib/**/*.py"]}])
    assert (has(config, "src/lib/x/a.py"), has(config, "src/a.py")) == (True, False)
    assert said == ""


def test_only_the_script_goes_if_no_other_is_looked_for(load):
    config, _ = load(find_additional_modules=False)
    assert (has(config, "src/entry.py"), has(config, "src/a.py")) == (True, False)


def test_python_modules_go_but_for_what_is_excluded(load):
    config, _ = load()
    assert has(config, "python_modules/x/data.json")
    assert not has(config, "python_modules/x/__pycache__/a.pyc")
    config, _ = load(python_modules={"exclude": ["**/tests/**"]})
    assert has(config, "python_modules/x/a.pyc")
    assert not has(config, "python_modules/x/tests/a.py")


def test_the_folder_of_the_script_may_be_named_and_no_other(load):
    load(base_dir="src")
    with pytest.raises(ConfigError, match="`base_dir` is not the folder of `main`"):
        load(base_dir=".")


def test_packages_beside_the_script_are_told_to_be_in_the_wrong_place(load, tmp_path):
    (tmp_path / "src" / "python_modules").mkdir(parents=True)
    _, said = load()
    assert "python_modules beside the script: it belongs beside" in said
