"""R2 buckets: `env.BUCKET`."""

from __future__ import annotations

from .bucket import bindings, rows

__all__ = ["bindings", "rows"]
