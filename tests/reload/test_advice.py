"""What is told about a project before it is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from wrangler_py.config.model import Config
from wrangler_py.reload import advice

pytestmark = pytest.mark.once


@pytest.fixture
def told(monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(advice.log, "warn_once", said.append)

    def told(*flags: str) -> list[str]:
        advice.tell_unknown_flags([Config("w", Path("w.py"), "2026-11-01", flags)])
        return said

    return told


def test_a_flag_that_exists_is_not_spoken_of(told):
    assert told("python_workers", "nodejs_compat", "python_workers_314") == []


def test_a_slip_is_told_with_what_was_meant(told):
    assert told("python_workrs") == [
        'No such compatibility flag is known here: python_workrs (did you mean "python_workers"?)'
    ]


def test_a_flag_that_is_like_none_may_be_newer(told):
    (text,) = told("zzz")
    assert text.startswith("No such compatibility flag is known here: zzz (if the runtime has none")
