"""The file that tells a waiting script or CI job that the worker answers, and where."""

from __future__ import annotations

import json
import os
from pathlib import Path

from ..errors import UsageError


class ReadyFile:
    """Appears in one step after the first good load, and goes when the server does."""

    def __init__(self, path: Path | None) -> None:
        """``path`` None: nobody asked for one."""
        self._path = path

    def check(self) -> None:
        """Before anything else happens: is there a place for it?

        Raises:
            UsageError: there is none.
        """
        if self._path is None:
            return
        if not os.access(self._path.parent, os.W_OK | os.X_OK):
            missing = not self._path.parent.is_dir()
            why = "there is no such folder" if missing else "its folder cannot be written to"
        elif self._path.is_dir():
            why = "it is a folder"
        else:
            return
        raise UsageError(f"cannot write {self._path}: {why}", where="--ready-file")

    def write(self, url: str, port: int, worker: str, **more: object) -> None:
        if self._path is None:
            return
        facts = {"url": url, "port": port, "pid": os.getpid(), "worker": worker, **more}
        draft = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        draft.write_text(json.dumps(facts) + "\n")
        draft.replace(self._path)

    def remove(self) -> None:
        """Leave no address behind at which nobody answers; another server's file stays."""
        if self._path is None:
            return
        try:
            if json.loads(self._path.read_text())["pid"] == os.getpid():
                self._path.unlink()
        except (OSError, ValueError, KeyError):
            return
