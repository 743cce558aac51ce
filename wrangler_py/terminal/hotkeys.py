"""What a single key does while `pywrangler dev` runs."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from ..durable.objects import Objects
from ..log import log
from ..server.app import Server
from .browser import open_page
from .listing import hibernated, sockets

__all__ = ["Host", "Hotkeys"]

_CLEAR = "\033[2J\033[3J\033[H"


class Host(Protocol):
    """What the keys act on."""

    server: Server

    @property
    def objects(self) -> Sequence[Objects]:
        """The Durable Objects of each Worker."""

    @property
    def url(self) -> str:
        """Where the Worker answers."""

    def reload_anyway(self) -> None:
        """Load the code again, changed or not."""


class _Key(NamedTuple):
    key: str
    label: str
    short: str
    """For narrow terminals."""


_KEYS = (
    _Key("b", "open a browser", "browser"),
    _Key("c", "clear console", "clear"),
    _Key("r", "reload", "reload"),
    _Key("s", "list sockets", "sockets"),
    _Key("h", "hibernate objects", "hibernate"),
    _Key("x", "to exit", "exit"),
)


class Hotkeys:
    """The keys, and the line that names them."""

    def __init__(self, host: Host, quit: Callable[[], None]) -> None:
        self._host = host
        self._actions: dict[str, Callable[[], None]] = {
            "b": self._open_browser,
            "c": self._clear,
            "r": host.reload_anyway,
            "s": lambda: log.answer(sockets(host.server.sockets)),
            "h": lambda: log.answer(hibernated(host.objects)),
            "x": quit,
            "q": quit,
            "\r": lambda: log.answer(""),
            "\n": lambda: log.answer(""),
        }

    def press(self, key: str) -> None:
        """Do what ``key`` stands for; what stands for nothing is answered with what does."""
        action = self._actions.get(key.lower())
        if action is not None:
            action()
        elif key.isprintable():
            self.show()

    def show(self) -> None:
        """The line that names the keys."""
        columns = shutil.get_terminal_size().columns
        labels = [key.label for key in _KEYS]
        if sum(len(label) + 6 for label in labels) > columns:
            labels = [key.short for key in _KEYS]
        pairs = zip(_KEYS, labels, strict=True)
        log.answer("  ".join(f"{log.bold(f'[{k.key}]')} {log.dimmed(text)}" for k, text in pairs))

    def _clear(self) -> None:
        log.answer(_CLEAR, end="")
        self.show()

    def _open_browser(self) -> None:
        url = self._host.url

        def run() -> None:
            if not open_page(url, os.environ):
                log.answer(f"there is no browser to open {url} with; BROWSER may name one")

        # To look for one takes a while, and some wait until they are closed.
        threading.Thread(target=run, name="wrangler-py-browser", daemon=True).start()
