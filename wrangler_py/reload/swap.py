"""Replace a worker's code: load the new one first, swap in one assignment, end the old."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from ..config.model import Config
from ..context import is_ctrl_c
from ..durable.objects import Objects
from ..errors import WranglerError
from ..log import log
from ..runtime.tracing import facts_of, user_traceback
from ..runtime.worker import Surroundings, Worker

RELOADED = (1012, "Worker reloaded")
"""The close code and reason that sockets of replaced code get (RFC 6455, section 7.4.1)."""


class Host(Protocol):
    """What the server looks at for each request."""

    worker: Worker | None
    error: BaseException | None
    config: Config
    objects: Objects

    @property
    def title(self) -> str | None:
        """What tells it from other Workers; None: there are none."""

    @property
    def surroundings(self) -> Surroundings:
        """What its code is given."""

    @property
    def is_watched(self) -> bool:
        """Whether a save makes it load again."""

    @property
    def open_sockets(self) -> int:
        """How many WebSockets are open, and not about to close."""

    def close_sockets(self, worker: Worker, code: int, reason: str) -> int:
        """Close the plain sockets that ``worker``'s code accepted; how many there were."""


def swap(host: Host, config: Config, changed: Iterable[Path] = ()) -> bool:
    """Put new code in charge of ``host``, as ``changed`` was saved; whether it loaded.

    When it does not load, the old code goes on serving, and the error is shown.
    """
    started = time.perf_counter()
    old, before = host.worker, host.open_sockets
    try:
        new = Worker.load(config, host.surroundings, old)
    except BaseException as exc:
        if is_ctrl_c(exc):
            raise  # `sys.exit()` at top level is a failed load
        host.error = exc
        serving = old is not None
        tell_failed_load(exc, config, host.title, serving=serving, watched=host.is_watched)
        return False
    host.worker, host.error, host.config = new, None, config
    if old is not None:
        host.objects.keep_deferred(new)
        host.close_sockets(old, *RELOADED)
    host.objects.use(new)
    if old is not None:
        old.retire()
        ms, kept = (time.perf_counter() - started) * 1000, host.open_sockets
        names = sorted(_short(path, config.root) for path in changed)
        _tell_reload(host.title, ms, names, kept, before - kept)
    return True


def _tell_reload(whose: str | None, ms: float, changed: list[str], kept: int, closed: int) -> None:
    counts = [(kept, "kept"), (closed, "closed")]
    noun = "WebSocket" if (kept or closed) == 1 else "WebSockets"
    said = ", ".join(f"{count} {what}" for count, what in counts if count)
    note = f"({said.replace(' ', f' {noun} ', 1)})" if said else ""
    log.reload(ms, changed, note, whose, sockets_kept=kept, sockets_closed=closed)


def _short(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def files_of(host: Host) -> set[Path]:
    """Every file whose change means new code, those of a failed load included."""
    files: set[Path] = {host.config.main}
    files.update(host.config.files)
    if host.worker is not None:
        files |= host.worker.code.files
    if host.error is not None:
        files |= getattr(host.error, "__wrangler_files__", set())
    return files


def tell(worker: Worker, exc: BaseException, where: str) -> None:
    """Show an exception of the script that no request reports."""
    text = user_traceback(exc, worker.config.root)
    log.error(
        f"Uncaught exception in {where}\n{text}", where=where, **facts_of(exc, worker.config.root)
    )


def waiting(*, serving: bool) -> str:
    """What comes of a save that cannot be used; ``serving``: an older one can."""
    now = "the last good version keeps serving" if serving else "nothing is served yet"
    return f"{now}; waiting for the next save"


def tell_failed_load(
    exc: BaseException,
    config: Config,
    whose: str | None = None,
    *,
    serving: bool,
    watched: bool = True,
) -> None:
    """Show why the code did not load, and what is served meanwhile.

    ``whose``: the Worker, if there are several.
    """
    if isinstance(exc, WranglerError):
        head = [exc.render()]  # it says it all: there is no script to trace into
    else:
        main = config.main.name if whose is None else f"{config.main.name} of {whose}"
        head = [f"{main} could not be loaded", user_traceback(exc, config.root)]
    if watched:
        head.append(waiting(serving=serving))
    log.error("\n".join(head), **facts_of(exc, config.root))
