"""Workers that use the unmodified SDK, behind a real server on a port of its own."""

from __future__ import annotations

import textwrap
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

import pytest

from wrangler_py.testing import RunningWorker, run_worker


class Serve(Protocol):
    def __call__(
        self, source: str, date: str = ...
    ) -> AbstractAsyncContextManager[RunningWorker]: ...


@pytest.fixture
def serve(tmp_path: Path) -> Serve:
    """``async with serve(source) as worker``: the script's text, served."""

    def serve(source: str, date: str = "2026-11-01") -> AbstractAsyncContextManager[RunningWorker]:
        (tmp_path / "entry.py").write_text(textwrap.dedent(source))
        (tmp_path / "wrangler.jsonc").write_text(
            '{"name": "sdk", "main": "entry.py", "vars": {"GREETING": "hi"},'
            f' "compatibility_date": "{date}",'
            ' "services": [{"binding": "SELF", "service": "sdk"}]}'
        )
        return run_worker(folder=tmp_path)

    return serve
