"""The command line: it parses, prints and gives an exit code."""

from __future__ import annotations

from wrangler_py.cli.main import run

__all__ = ["run"]
