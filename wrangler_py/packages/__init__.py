"""What a project depends on: declared in pyproject.toml, installed for the Python that runs it."""

from __future__ import annotations

from .declared import Declared, read_declared
from .installed import Installed, installed

__all__ = ["Declared", "Installed", "installed", "read_declared"]
