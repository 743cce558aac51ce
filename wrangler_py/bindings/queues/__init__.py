"""Queues: `env.QUEUE`, and who consumes what is sent there."""

from __future__ import annotations

from .broker import Broker, Consumed
from .producer import bindings, rows

__all__ = ["Broker", "Consumed", "bindings", "rows"]
