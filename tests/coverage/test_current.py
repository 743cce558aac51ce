"""COVERAGE.md says what the code does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .ours import State, class_state, member_state

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_current():
    # In a process of its own: every module is imported for it.
    done = subprocess.run(
        [sys.executable, "-m", "tests.coverage", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_a_member_that_works_one_that_refuses_and_one_that_is_missing_are_told_apart():
    assert class_state("KvNamespace", "get") is State.WORKS
    assert class_state("D1PreparedStatement", "statement") is State.WORKS
    assert class_state("DurableObjectState", "facets") is State.REFUSES
    assert class_state("KvNamespace", "none") is State.ABSENT
    assert class_state("NoSuchClass", "get") is State.ABSENT
    assert member_state(str, "none") is State.ABSENT
