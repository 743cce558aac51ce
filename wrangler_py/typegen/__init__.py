"""Stubs for type checkers: what `js`, `pyodide` and `workers` offer, and a project's own `env`."""

from __future__ import annotations

from wrangler_py.typegen.checkers import Advice, advice
from wrangler_py.typegen.files import DEFAULT_FOLDER, STUBS, generate
from wrangler_py.typegen.folder import Change, changes, write

__all__ = ["DEFAULT_FOLDER", "STUBS", "Advice", "Change", "advice", "changes", "generate", "write"]
