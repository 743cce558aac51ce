from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wrangler_py.config import Config, Overrides, load_config


@pytest.fixture
def config(tmp_path, capsys) -> Callable[..., Config]:
    """A project with this configuration and this source, loaded."""

    def load(source: str = "", files: dict[str, str] | None = None, **more: Any) -> Config:
        flags = {"compatibility_flags": ["python_workers"]}
        text = {"name": "mine", "main": "src/entry.py", "compatibility_date": "2026-11-17"}
        for name, content in {"src/entry.py": source, **(files or {})}.items():
            path: Path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        (tmp_path / "wrangler.json").write_text(json.dumps({**text, **flags, **more}))
        return load_config(Overrides(config=tmp_path / "wrangler.json"), tmp_path)

    return load
