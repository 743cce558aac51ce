"""What the author of `_headers`, `_redirects` and `run_worker_first` is told, as recorded."""

from __future__ import annotations

import json

import pytest

from wrangler_py.bindings.assets import headers, redirects
from wrangler_py.config import Overrides, load_config
from wrangler_py.errors import ConfigError
from wrangler_py.log import Level

from .answers import RECORDED
from .remarks import REMARKS

pytestmark = pytest.mark.once

RECORDS = json.loads((RECORDED / "remarks.json").read_text(encoding="utf-8"))
FILES = [name for name, site in REMARKS.items() if "run_worker_first" not in site.options]
RULES = [name for name, site in REMARKS.items() if "run_worker_first" in site.options]


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_rules_is_understood_as_there(name):
    files, said = REMARKS[name].files, []
    if "_redirects" in files:
        found = redirects.parse(files["_redirects"], handles_html=True)
        said += found.said("_redirects")
    if "_headers" in files:
        said += headers.parse(files["_headers"]).said("_headers")
    shown = [["info" if level is Level.INFO else "warn", text] for level, text in said]
    assert shown == RECORDS[name]["said"]


@pytest.mark.parametrize("name", RULES)
def test_rules_are_refused_as_there(name, tmp_path):
    (tmp_path / "worker.py").write_text("")
    rules = REMARKS[name].options["run_worker_first"]
    assets = {"directory": ".", "run_worker_first": rules}
    (tmp_path / "wrangler.json").write_text(json.dumps({"main": "worker.py", "assets": assets}))
    complaint = None
    try:
        load_config(Overrides(), tmp_path)
    except ConfigError as exc:
        complaint = exc.message
    assert complaint == RECORDS[name].get("failed")
