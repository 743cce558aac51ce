"""Shared by every test; fixtures of one layer live beside its tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from wrangler_py.log import Settings, log


@pytest.fixture(autouse=True)
def default_log(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test starts from the log's default settings, whatever the terminal of the run wants."""
    for name in ("FORCE_COLOR", "WRANGLER_LOG", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    log.settings = Settings()
    yield
    log.settings = Settings()
