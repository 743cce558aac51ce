"""Workflows: `env.WORKFLOW`, and the engine that runs its instances."""

from __future__ import annotations

from .binding import bind_exported, bindings, rows
from .life import KEEPS_MESSAGES
from .steps import Steps
from .workflows import Workflows

__all__ = ["KEEPS_MESSAGES", "Steps", "Workflows", "bind_exported", "bindings", "rows"]
