"""Static assets: files that are served beside the Worker."""

from __future__ import annotations

from .binding import bindings, rows
from .serving import AssetWorker

__all__ = ["AssetWorker", "bindings", "rows"]
