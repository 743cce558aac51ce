"""Values as files: written whole or not at all, and never changed afterwards.

A blob's id is what wrangler calls its files: 32 random bytes and the time, in hex.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

__all__ = ["Blobs"]


class Blobs:
    """The blobs of one namespace, in ``folder``; None: in memory."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._memory: dict[str, bytes] = {}

    def write(self, data: bytes | Iterator[bytes]) -> str:
        """Keep ``data``; the blob's id. On disk for sure when this returns.

        Raises: OSError.
        """
        chunks = (data,) if isinstance(data, bytes) else data
        with self.writing() as (name, write):
            for chunk in chunks:
                write(chunk)
        return name

    @contextmanager
    def writing(self) -> Iterator[tuple[str, Callable[[bytes], object]]]:
        """A new blob's id, and what takes its bytes; nothing is left if the block fails.

        Raises: OSError.
        """
        name = f"{secrets.token_hex(32)}{time.time_ns() // 1_000_000:016x}"
        if self._folder is None:
            held: list[bytes] = []
            yield name, held.append
            self._memory[name] = b"".join(held)
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / name
        try:
            with path.open("xb") as file:
                yield name, file.write
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        _sync_folder(self._folder)

    def open(self, name: str) -> BinaryIO:
        """Read a blob; a reader goes on when it is deleted meanwhile.

        Raises: FileNotFoundError.
        """
        if self._folder is None:
            if name not in self._memory:
                raise FileNotFoundError(name)
            return BytesIO(self._memory[name])
        return (self._folder / name).open("rb")

    def read(self, name: str) -> bytes:
        """The whole of a blob.

        Raises: FileNotFoundError.
        """
        with self.open(name) as file:
            return file.read()

    def delete(self, name: str) -> None:
        """Forget a blob, if it is there."""
        self._memory.pop(name, None)
        if self._folder is not None:
            with suppress(OSError):  # on Windows while somebody reads it: garbage, no harm
                (self._folder / name).unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make a new file's name durable, too; Windows has no such call."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
