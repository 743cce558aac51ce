"""What a Worker's tail consumers are told of its events."""

from __future__ import annotations

from .delivery import Tails
from .trace import Trace

__all__ = ["Tails", "Trace"]
