"""A folder, how it is served, and what is asked of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DATE = "2026-11-01"

Asked = str | tuple[str, Mapping[str, str]]
"""A method and a path, with headers; `<etag>` in one stands for what the path was answered with."""


@dataclass(frozen=True)
class Link:
    """A symbolic link, to a path from the folder that holds it."""

    target: str


@dataclass(frozen=True)
class Site:
    """One folder of files, and the requests to it."""

    files: Mapping[str, str | int | Link]
    """By path: text, a number of bytes, or a link."""
    requests: Sequence[Asked] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    """As in `assets` of a configuration."""
    has_worker: bool = True
    date: str = DATE
    flags: tuple[str, ...] = ()


def lay_out(site: Site, folder: Path) -> Path:
    """Write the files of ``site`` below ``folder``; the directory that is served."""
    directory = folder / "public"
    directory.mkdir(parents=True)
    for name, content in site.files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Link):
            path.symlink_to(content.target)
        elif isinstance(content, int):
            with path.open("wb") as file:
                file.truncate(content)
        else:
            path.write_bytes(content.encode("utf-8"))
    return directory


def parts_of(asked: Asked) -> tuple[str, str, dict[str, str]]:
    """Method, path and headers of a request."""
    line, headers = (asked, {}) if isinstance(asked, str) else asked
    method, _, path = line.partition(" ")
    return method, path, dict(headers)


def gets(*paths: str) -> list[Asked]:
    return [f"GET {path}" for path in paths]
