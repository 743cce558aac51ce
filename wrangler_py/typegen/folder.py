"""The folder that stubs are written to: what differs there, and what is somebody's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from wrangler_py.errors import UsageError
from wrangler_py.typegen.files import MARK

__all__ = ["Change", "Kind", "changes", "write"]


class Kind(Enum):
    """What is not as it should be."""

    MISSING = "is missing"
    STALE = "is out of date"
    LEFT_OVER = "is no longer written"


class Change(NamedTuple):
    """One file that `write` would touch."""

    name: str
    kind: Kind


def changes(folder: Path, files: Mapping[str, str]) -> list[Change]:
    """What differs between ``folder`` and ``files``.

    Raises: UsageError where a file stands that we did not write.
    """
    found: list[Change] = []
    strangers: list[Path] = []
    for name, text in files.items():
        path = folder / name
        present = _read(path)
        if present is None:
            found.append(Change(name, Kind.MISSING))
        elif not present.startswith(MARK):
            strangers.append(path)
        elif present != text:
            found.append(Change(name, Kind.STALE))
    if strangers:
        raise UsageError(
            f"{strangers[0]} was not written by this command, so it is not overwritten",
            hint="move it away, or write elsewhere: --path DIR",
        )
    found += (Change(name, Kind.LEFT_OVER) for name in _left_over(folder, files))
    return found


def write(folder: Path, files: Mapping[str, str]) -> list[Change]:
    """Make ``folder`` hold ``files``; what had to be changed. Raises: UsageError."""
    found = changes(folder, files)
    try:
        for name, kind in found:
            path = folder / name
            if kind is Kind.LEFT_OVER:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[name], encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"cannot write {error.filename}: {error.strerror}") from None
    return found


def _left_over(folder: Path, files: Mapping[str, str]) -> Iterator[str]:
    """Ours, of an earlier version, in the packages that we write."""
    for package in sorted({name.partition("/")[0] for name in files}):
        for path in sorted((folder / package).rglob("*.pyi")):
            name = path.relative_to(folder).as_posix()
            if name not in files and (_read(path) or "").startswith(MARK):
                yield name


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot read {path}: {error}") from None
