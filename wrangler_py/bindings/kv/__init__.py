"""KV namespaces: `env.KV`."""

from __future__ import annotations

from .namespace import bindings, rows

__all__ = ["bindings", "rows"]
