from __future__ import annotations

import json

import pytest

from wrangler_py.check import check
from wrangler_py.config import Overrides, load_config

pytestmark = pytest.mark.once


@pytest.fixture
def found(checked, tmp_path):
    """What is found in a project with these files of `public`, as (rule, file, line)."""

    def run(files, **config):
        report = checked("", {f"public/{name}": text for name, text in files.items()}, **config)
        return [
            (one.code, one.path.relative_to(tmp_path).as_posix(), one.line)
            for one in report.findings
        ]

    return run


ASSETS = {"directory": "public"}


def test_files_that_can_be_deployed_are_fine(found):
    assert found({"a.txt": "a", "_headers": "/a\n  b: c\n"}, assets=ASSETS) == []


def test_a_directory_that_is_not_there_is_found(found):
    assert found({}, assets={"directory": "dist"}) == [("assets", "wrangler.json", 1)]


def test_a_file_that_is_too_large_is_found_unless_it_is_ignored(found):
    large = {"large.bin": " " * (25 * 2**20 + 1)}
    assert found(large, assets=ASSETS) == [("assets", "public/large.bin", 1)]
    assert found({".assetsignore": "*.bin\n"}, assets=ASSETS) == []


@pytest.mark.parametrize("name", ["_worker.js", "_worker.js/index.js"])
def test_the_code_of_a_pages_site_is_found_unless_it_is_meant(found, name):
    assert found({name: ""}, assets=ASSETS) == [("assets", f"public/{name}", 1)]
    assert found({name: "", ".assetsignore": ""}, assets=ASSETS) == []


def test_a_rule_that_is_passed_over_is_found_with_its_line(found):
    files = {"_redirects": "/a /b\n/c\n", "_headers": "X: 1\n"}
    assert found(files, assets=ASSETS) == [
        ("asset-rule", "public/_headers", 1),
        ("asset-rule", "public/_redirects", 2),
    ]


def test_what_nobody_means_to_publish_is_a_warning(checked, tmp_path):
    report = checked("", {".dev.vars": "KEY=1"}, assets={"directory": "."})
    shown = [(one.severity.value, one.path.name) for one in report.findings]
    assert shown == [
        ("warning", "entry.py"),
        ("warning", ".dev.vars"),
        ("warning", "wrangler.json"),
    ]


def test_links_in_a_circle_come_to_an_end(found, tmp_path):
    (tmp_path / "public" / "a").mkdir(parents=True)
    for name in ("b", "c"):
        (tmp_path / "public" / "a" / name).symlink_to("..")
    assert found({"a.txt": ""}, assets=ASSETS) == []


def test_assets_alone_are_checked_without_a_script(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "a.txt").write_text("a")
    config = {"name": "site", "compatibility_date": "2026-11-01", "assets": ASSETS}
    (tmp_path / "wrangler.json").write_text(json.dumps(config))
    report = check(lambda: load_config(Overrides(), tmp_path))
    assert (report.findings, report.files) == ([], 1)
