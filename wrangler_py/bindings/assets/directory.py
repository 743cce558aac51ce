"""The directory of static assets: what is in it now.

Nothing is read beforehand and nothing about a file is remembered, so that each change is served
at once. What the directory says about itself is parsed again when its file is another.

Source: https://developers.cloudflare.com/workers/static-assets/
Differs: a file's ETag follows from its path, size and time, as in `wrangler dev`; on Cloudflare it
follows from the content.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Generic, TypeVar

from ...errors import ConfigError
from ...log import Level, log
from . import headers, ignore, redirects
from .content_types import content_type
from .headers import HeaderRules
from .redirects import Redirects

__all__ = ["MAX_COUNT", "MAX_SIZE", "Asset", "Directory"]

MAX_SIZE = 25 * 1024 * 1024
"""Bytes; a larger file cannot be deployed."""
MAX_COUNT = 100_000
_PIECE = 256 * 1024
_WHOLE = 64 * 1024
"""Bytes; a file up to this size is read at once."""
_METAFILE_LIMIT = 8 * 1024 * 1024
_PRIVATE = """
    .dev.vars .env .git/config wrangler.json wrangler.jsonc wrangler.toml pyproject.toml
""".split()
"""What lies in a project and is not for everybody."""
_NEVER_IN_A_NAME = frozenset("/\0") | {os.sep} | ({os.altsep} if os.altsep else set())
_T = TypeVar("_T")


@dataclass(frozen=True)
class Asset:
    """One file, as it is now."""

    path: str
    """As in a URL's path, decoded; it begins with a slash."""
    file: str
    status: os.stat_result

    @property
    def size(self) -> int:
        return self.status.st_size

    @cached_property
    def etag(self) -> str:
        """Without quotes."""
        state = (self.path, self.size, self.status.st_mtime_ns, self.status.st_ino)
        return hashlib.blake2b(repr(state).encode(), digest_size=16).hexdigest()

    @property
    def content_type(self) -> str | None:
        return content_type(self.path)

    def check(self) -> None:
        """Refuse what a deployment refuses.

        Raises: ConfigError.
        """
        if self.size > MAX_SIZE:
            raise ConfigError(
                "Asset too large.\nCloudflare Workers supports assets with sizes of up to 25 MiB. "
                f"We found a file {self.file} with a size of {self.size / 2**20:.3g} MiB.",
                hint="keep it in R2, or name it in .assetsignore",
            )

    def content(self) -> bytes | AsyncGenerator[bytes, None]:
        """All of it, or, of a large file, piece by piece.

        Raises:
            OSError: it is gone, or nobody may read it.
        """
        if self.size <= _WHOLE:
            with open(self.file, "rb") as file:
                return file.read()
        return self._pieces()

    async def _pieces(self) -> AsyncGenerator[bytes, None]:
        left = self.size
        with open(self.file, "rb", buffering=0) as file:  # noqa: ASYNC230 - here, and in pieces
            while left and (piece := file.read(min(left, _PIECE))):
                left -= len(piece)
                yield piece


class Directory:
    """The files of one directory."""

    def __init__(self, root: Path, *, handles_html: bool = True) -> None:
        self.root = root
        self._prefix = os.fspath(root)
        self._is_exact = _spelling_matters(root)
        self._handles_html = handles_html
        self._ignored = _Metafile(root / ignore.NAME, ignore.Ignored)
        self._headers = _Metafile(root / headers.NAME, self._read_headers)
        self._redirects = _Metafile(root / redirects.NAME, self._read_redirects)

    def find(self, path: str) -> Asset | None:
        """The asset at a decoded ``path``; None: there is none."""
        steps = path.split("/")[1:]
        if not all(map(_is_a_name, steps)):
            return None
        file = os.sep.join((self._prefix, *steps))
        try:
            status = os.stat(file)  # links lead where they lead: what is there would be deployed
        except (OSError, ValueError):
            return None
        if not stat.S_ISREG(status.st_mode) or self._ignored.content.covers(path[1:]):
            return None
        if not self._is_exact and not self._is_spelled(steps):
            return None
        return Asset(path, file, status)

    def _is_spelled(self, steps: list[str]) -> bool:
        """Whether the names are spelled so, where the file system takes other spellings too."""
        folder = os.fspath(self.root)
        for step in steps:
            try:
                if step not in os.listdir(folder):
                    return False
            except OSError:
                return False
            folder = os.path.join(folder, step)
        return True

    @property
    def headers(self) -> HeaderRules:
        return self._headers.content

    @property
    def redirects(self) -> Redirects:
        return self._redirects.content

    def look(self) -> None:
        """Say what is to be said about the directory as it is now."""
        if not self.root.is_dir():
            log.warn_once(f"the assets directory does not exist (yet): {self.root}")
        _ = self.redirects, self.headers, self._ignored.content
        if private := [asset.path[1:] for asset in self.private()]:
            log.warn_once(
                f"the assets are for everybody, and {', '.join(private)} is among them\n"
                "hint: serve a directory of its own, or name such files in .assetsignore"
            )

    def private(self) -> list[Asset]:
        """The assets that nobody means to publish."""
        found = (self.find(f"/{name}") for name in _PRIVATE)
        return [asset for asset in found if asset is not None]

    def _read_headers(self, text: str) -> HeaderRules:
        found = headers.parse(text)
        _tell(found, self.root / headers.NAME)
        return found

    def _read_redirects(self, text: str) -> Redirects:
        found = redirects.parse(text, handles_html=self._handles_html)
        _tell(found, self.root / redirects.NAME)
        return found


_said: dict[Path, list[tuple[Level, str]]] = {}
"""What was said of a file last: a reload of the code alone does not repeat it."""


def _tell(rules: HeaderRules | Redirects, path: Path) -> None:
    here = os.path.relpath(path) if path.is_relative_to(Path.cwd()) else os.fspath(path)
    said = list(rules.said(here)) if path.is_file() else []
    if _said.get(path, []) != said:
        _said[path] = said
        for level, text in said:
            log.warn(text) if level is Level.WARN else log.info(text)


class _Metafile(Generic[_T]):
    """A file about the directory, parsed once for each state; one that is not there is empty."""

    def __init__(self, path: Path, parse: Callable[[str], _T]) -> None:
        self._path = os.fspath(path)
        self._parse = parse
        self._state: object = ()
        self._content: _T

    @property
    def content(self) -> _T:
        try:
            status = os.stat(self._path)
            state: object = (status.st_mtime_ns, status.st_size, status.st_ino)
        except OSError:
            state = None
        if state != self._state:
            self._content = self._parse("" if state is None else self._read())
            self._state = state
        return self._content

    def _read(self) -> str:
        try:
            with open(self._path, encoding="utf-8", errors="replace", newline="") as file:
                return file.read(_METAFILE_LIMIT)
        except OSError as exc:
            log.warn(f"{self._path} cannot be read: {exc.strerror}")
            return ""


def _is_a_name(step: str) -> bool:
    return step not in ("", ".", "..") and _NEVER_IN_A_NAME.isdisjoint(step)


def _spelling_matters(root: Path) -> bool:
    """Whether the file system keeps `A` and `a` apart."""
    if sys.platform in ("win32", "darwin"):
        return False  # it may be otherwise, but looking costs no more than a listing
    try:
        other = root.with_name(root.name.swapcase())
        return other == root or not os.path.samefile(root, other)
    except (OSError, ValueError):  # it is not there; it is the root of all
        return True
