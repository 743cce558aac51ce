"""D1 databases: `env.DB`."""

from __future__ import annotations

from .database import bindings, rows

__all__ = ["bindings", "rows"]
