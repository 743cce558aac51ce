"""The workflow file of each template; `.ci/run` runs the steps themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.templates.workflow import StepFailed, main, run_workflow, steps
from wrangler_py.cli import scaffold
from wrangler_py.cli.scaffold import list_templates, templates_folder

WORKFLOW = """
jobs:
  one:
    steps:
      - uses: actions/checkout@v5
      - run: pip install wrangler-py-nobody-has
"""


@pytest.fixture
def broken(tmp_path, monkeypatch) -> Path:
    """The only template there is, and its workflow."""
    folder = tmp_path / "templates" / "broken"
    workflow = folder / ".github" / "workflows" / "smoke.yml"
    workflow.parent.mkdir(parents=True)
    (folder / "wrangler.jsonc").write_text('{"name": "broken"}')
    monkeypatch.setattr(scaffold, "templates_folder", lambda: tmp_path / "templates")
    monkeypatch.setattr("tests.templates.workflow.templates_folder", scaffold.templates_folder)
    return workflow


@pytest.mark.parametrize("template", list_templates())
def test_each_template_is_checked_tested_and_smoke_tested(template):
    folder = templates_folder() / template
    assert steps(folder) == [
        "pip install wrangler-py pytest pytest-asyncio",
        "pywrangler check",
        "pytest",
        "pywrangler smoke",
    ]
    workflow = yaml.safe_load((folder / ".github/workflows/smoke.yml").read_text())
    (job,) = workflow["jobs"].values()
    assert [step["uses"].partition("@")[0] for step in job["steps"] if "uses" in step] == [
        "actions/checkout",
        "actions/setup-python",
    ]
    # YAML 1.1 takes `on` for true.
    assert set(workflow[True]) == {"push", "pull_request"}


def test_what_is_to_be_installed_must_be_there(broken, tmp_path):
    broken.write_text(WORKFLOW)
    with pytest.raises(StepFailed, match="wrangler-py-nobody-has is not installed here"):
        run_workflow("broken", tmp_path / "new")


def test_a_step_that_fails_ends_the_workflow_and_the_gate(broken, tmp_path, capsys):
    broken.write_text("jobs: {one: {steps: [{run: touch a}, {run: 'ls; exit 3'}, {run: touch b}]}}")
    with pytest.raises(StepFailed, match=r"(?s)^ls; exit 3\na\n.*exit code 3$"):
        run_workflow("broken", tmp_path / "new")
    assert not (tmp_path / "new" / "b").exists()
    assert main() == 1
    assert capsys.readouterr().out.startswith("FAIL  broken: ls; exit 3\n")


def test_a_template_without_a_workflow_fails_the_gate(broken, capsys):
    assert main() == 1
    assert capsys.readouterr().out.startswith("FAIL  broken has no workflow\n")
