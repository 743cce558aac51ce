"""Where a running dev server can be found: a small file in its project, `.wrangler/dev/PORT.json`.

Other commands look for it from the folder that they are started in upward, so they need no
address, whatever port the server got.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ..log import log
from .ready_file import ReadyFile

__all__ = ["Announcement", "Running", "find_running"]

_CONNECT_SECONDS = 0.5


class Announcement:
    """The file of one server, from when it listens until it ends."""

    def __init__(self, root: Path) -> None:
        self._folder = root / ".wrangler" / "dev"
        self._root = root
        self._file = ReadyFile(None)

    def write(self, url: str, port: int, worker: str, certificate: Path | None = None) -> None:
        """Tell that the server listens; a folder that is read-only is served all the same."""
        self._file = ReadyFile(self._folder / f"{port}.json")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            facts = {} if certificate is None else {"certificate": str(certificate)}
            self._file.write(url, port, worker, root=str(self._root), started=time.time(), **facts)
        except OSError as error:
            log.debug(f"`pywrangler ws` will need the port: {error}")

    def remove(self) -> None:
        """Take it back, and the folders that were only there for it."""
        self._file.remove()
        with suppress(OSError):
            self._folder.rmdir()
            self._folder.parent.rmdir()


@dataclass(frozen=True, slots=True)
class Running:
    """A dev server that answers."""

    url: str
    port: int
    pid: int
    worker: str
    root: Path
    started: float
    """When, in seconds since the epoch."""
    certificate: Path | None = None
    """What a client has to trust; None: http."""


def find_running(here: Path, port: int | None = None) -> Running | None:
    """The server of the nearest project at or above ``here``; of several, the one started last.

    ``port``: only the one that listens there.
    """
    for folder in (here, *here.parents):
        found = [s for s in _announced(folder) if port in (None, s.port) and _answers(s)]
        if found:
            return max(found, key=lambda server: server.started)
    return None


def _announced(root: Path) -> Iterator[Running]:
    for path in (root / ".wrangler" / "dev").glob("*.json"):
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
            trusted = facts.get("certificate")
            yield Running(
                facts["url"],
                facts["port"],
                facts["pid"],
                facts["worker"],
                root,
                facts["started"],
                None if trusted is None else Path(trusted),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue  # half of a file, or not one of ours


def _answers(server: Running) -> bool:
    """Whether it is still there: a server that was killed leaves its file behind."""
    if os.name == "posix":  # elsewhere `kill` really kills
        try:
            os.kill(server.pid, 0)
        except ProcessLookupError:
            return False
        except (PermissionError, OverflowError):
            pass
    host = urlsplit(server.url).hostname or "localhost"
    try:
        socket.create_connection((host, server.port), _CONNECT_SECONDS).close()
    except OSError:
        return False
    return True
