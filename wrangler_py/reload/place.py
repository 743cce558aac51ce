"""Where one Worker of the process runs: its configuration, its code, its objects.

Code is replaced; what a place holds besides outlives it. The first place is the primary one,
which the port belongs to; the others are reached by bindings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from ..config import DevOptions, load_config
from ..config.model import Config
from ..config.options import Overrides
from ..durable.objects import Objects
from ..errors import ConfigError, WranglerError
from ..log import log
from ..runtime.worker import OnError, Surroundings, Worker
from ..server.app import Server
from ..server.outgoing import Network
from ..stores.stores import Stores
from .swap import RELOADED, files_of, swap, tell, waiting

__all__ = ["Building", "LocalWorker", "check_names"]


class Building:
    """What all Workers of one process share."""

    def __init__(self, options: DevOptions) -> None:
        self.options = options
        self.network = Network()
        self.stores = Stores(options.state_path)
        self.on_error: OnError = tell
        self.workers: list[LocalWorker] = []
        self.server: Server

    @property
    def several(self) -> bool:
        """Whether there is more than the primary Worker."""
        return len(self.workers) > 1

    async def close(self) -> None:
        """End the Workers, when nobody is served any more."""
        for each in self.workers:
            each.objects.close()
        self.stores.close()
        for each in self.workers:
            if each.worker is not None:
                each.worker.close()
        await self.network.close()


class LocalWorker:
    """One Worker of the process; a reload puts other code here."""

    def __init__(self, building: Building, config: Config, overrides: Overrides) -> None:
        """``overrides``: what to lay over the file when it is read again."""
        self.config = config
        self.worker: Worker | None = None
        self.error: BaseException | None = None
        """Why the latest code did not load; None when it did."""
        self._building, self._overrides = building, overrides
        options = building.options
        self.objects = Objects(options.state_path, options.hibernate_after)
        self.objects.on_replace = lambda owner: building.server.close_sockets_of(owner, *RELOADED)

    @property
    def root(self) -> Path:
        return self.config.root

    @property
    def files(self) -> set[Path]:
        """Every file whose change means new code, those of a failed load included."""
        return files_of(self)

    @property
    def title(self) -> str | None:
        """What tells it from others; None: there are no others."""
        return self.config.name if self._building.several else None

    @property
    def surroundings(self) -> Surroundings:
        building = self._building
        return Surroundings(
            building.network,
            building.on_error,
            self.objects,
            stores=building.stores,
            workers=building.workers,
        )

    @property
    def is_watched(self) -> bool:
        return self._building.options.reload

    @property
    def open_sockets(self) -> int:
        return sum(not each.is_closing for each in self._building.server.sockets)

    def close_sockets(self, worker: Worker, code: int, reason: str) -> int:
        return self._building.server.close_sockets(worker, code, reason)

    def load(self, config: Config, changed: Iterable[Path] = ()) -> bool:
        """Put the code of ``config`` in charge, as ``changed`` was saved; whether it loaded."""
        return swap(self, config, changed)

    def read_again(self, changed: set[Path], *, anyway: bool = False) -> Config | None:
        """The configuration, read again if its file changed, or ``anyway``; None: it is wrong."""
        if not anyway and changed.isdisjoint(self.config.files):
            return self.config
        try:
            config = load_config(self._overrides, Path.cwd(), rebuild=True)
            others = [each.config for each in self._building.workers if each is not self]
            check_names([*others, config])
        except WranglerError as error:
            log.failure(error)
            log.info(waiting(serving=self.worker is not None))
            return None
        return config


def check_names(configs: Sequence[Config]) -> None:
    """
    Raises:
        ConfigError: two Workers of one process have the same name.
    """
    known: dict[str, Config] = {}
    for config in configs:
        twin = known.setdefault(config.name, config)
        if twin is not config:
            raise ConfigError(
                f'two Workers are called "{config.name}"',
                where=", ".join(str(each.path or each.main) for each in (twin, config)),
                hint="bindings name a Worker by its `name`: give one of them another",
            )
