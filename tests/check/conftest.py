"""A project out of a few texts, checked in this process."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from wrangler_py.check import Report, check
from wrangler_py.config import Overrides, load_config
from wrangler_py.testing.modules import worker_modules

HANDLER = """
from workers import WorkerEntrypoint as _Base, Response as _Response
class Default(_Base):
    async def fetch(self, request):
        return _Response("ok")
"""
"""Lines below a snippet that make a Worker of it."""

CONFIG = {
    "name": "checked",
    "main": "entry.py",
    "compatibility_date": "2026-11-01",
    "compatibility_flags": ["python_workers"],
}

Checked = Callable[..., Report]


@pytest.fixture
def checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Checked]:
    """Check a main module: its source, other files by name, and changes of the configuration."""
    monkeypatch.chdir(tmp_path)

    def run(
        source: str,
        files: dict[str, str] | None = None,
        *,
        handler: str = HANDLER,
        ignored: tuple[str, ...] = (),
        **config: Any,
    ) -> Report:
        for name, text in {"entry.py": source + handler, **(files or {})}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (tmp_path / "wrangler.json").write_text(json.dumps({**CONFIG, **config}, indent=2))
        return check(lambda: load_config(Overrides(), tmp_path), ignored)

    with worker_modules(tmp_path):
        yield run


@pytest.fixture
def places() -> Callable[[Report], list[tuple[str, str, int]]]:
    """What a report found, as (rule, file, line)."""

    def of(report: Report) -> list[tuple[str, str, int]]:
        return [(one.code, one.path.name, one.line) for one in report.findings]

    return of
