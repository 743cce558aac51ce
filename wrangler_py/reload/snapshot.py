"""What watched files held when they were last looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

_Mark = tuple[int, int, bytes]


class Snapshot:
    """File contents by digest, so that a save without a change is told from a change."""

    def __init__(self, files: Iterable[Path] = ()) -> None:
        self._marks: dict[Path, _Mark | None] = {}
        self.take(files)

    def take(self, files: Iterable[Path]) -> None:
        """Remember ``files`` as they are now, and no others."""
        self._marks = {file: _mark(file, None) for file in files}

    def follow(self, files: Iterable[Path]) -> None:
        """Watch ``files`` and no others; those watched already stay as they were seen."""
        known = self._marks
        self._marks = {f: known[f] if f in known else _mark(f, None) for f in files}

    @property
    def files(self) -> frozenset[Path]:
        return frozenset(self._marks)

    def changed(self) -> set[Path]:
        """The files whose content is another now, or that came or went."""
        return {
            file
            for file, mark in self._marks.items()
            if _digest(_mark(file, mark)) != _digest(mark)
        }

    def touched(self) -> bool:
        """Whether a file's size or time is another; cheap enough to ask often."""
        return any(
            _stat(file) != (mark[:2] if mark else None) for file, mark in self._marks.items()
        )


def _stat(file: Path) -> tuple[int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _mark(file: Path, known: _Mark | None) -> _Mark | None:
    status = _stat(file)
    if status is None:
        return None
    if known is not None and known[:2] == status:
        return known
    try:
        return *status, hashlib.blake2b(file.read_bytes(), digest_size=16).digest()
    except OSError:
        return None


def _digest(mark: _Mark | None) -> bytes | None:
    return None if mark is None else mark[2]
