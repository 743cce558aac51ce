"""What a worker is given when its code is loaded, and what outlives that code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from ..clock import MACHINE, Clock
from ..config.model import Config
from ..stores.stores import Stores
from ..web.transport import Outside

if TYPE_CHECKING:
    from ..durable.objects import Objects
    from .worker import Worker

__all__ = ["OnError", "Place", "Surroundings"]

OnError = Callable[["Worker", BaseException, str], None]
"""Hears of an exception that nobody caught: whose it is, and what failed."""


class Place(Protocol):
    """Where one Worker of the process runs; a reload puts other code there."""

    @property
    def config(self) -> Config:
        """What the Worker is called, among other things."""

    @property
    def worker(self) -> Worker | None:
        """The code that runs; None before the first good load."""

    @property
    def objects(self) -> Objects:
        """The Durable Objects of its classes."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A worker's surroundings."""

    transport: Outside
    """Carries its requests to the outside world."""
    on_error: OnError
    objects: Objects | None = None
    """Its Durable Objects; None: the code has its own, in a temporary folder."""
    clock: Clock = MACHINE
    stores: Stores = field(default_factory=Stores)
    """What its bindings keep."""
    replaced: Mapping[str, Any] = field(default_factory=dict)
    """What stands on `env` instead of what the configuration puts there."""
    workers: Sequence[Place] = ()
    """All Workers of the process, itself among them, the primary one first; it may grow."""

    def place_of(self, name: str) -> Place | None:
        """Where the Worker ``name`` runs; None: not in this process."""
        return next((each for each in self.workers if each.config.name == name), None)

    @property
    def several(self) -> bool:
        """Whether another Worker may run beside this one."""
        return len(self.workers) > 1
