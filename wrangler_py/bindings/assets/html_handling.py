"""Which file a path is answered with, or which path it is redirected to.

Implements: https://developers.cloudflare.com/workers/static-assets/routing/advanced/html-handling/

Each mode is a list of things to try, in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from ...config.assets import Assets, HtmlHandling
from .directory import Asset

__all__ = ["Found", "Moved", "resolve"]

Find: TypeAlias = Callable[[str], Asset | None]


class Found(NamedTuple):
    """The file, and the status to answer with."""

    asset: Asset
    status: int = 200
    is_fallback: bool = False
    """It is the page for what is missing."""


class Moved(NamedTuple):
    """The path at which the file is served."""

    path: str


class _Serve(NamedTuple):
    """Answer with ``file``."""

    file: str


class _Move(NamedTuple):
    """Redirect to ``path``, if that is where ``file`` is served."""

    file: str
    path: str


_Steps: TypeAlias = Iterator[_Serve | _Move]


def resolve(path: str, assets: Assets, find: Find, *, moves: bool = True) -> Found | Moved | None:
    """What to answer to a decoded ``path``; None: nothing here is.

    ``moves``: whether redirects count.
    """
    for step in _MODES[assets.html_handling](path):
        if isinstance(step, _Serve):
            if asset := find(step.file):
                return Found(asset)
        elif moves and _leads_there(step, assets, find):
            return Moved(step.path)
    return _not_found(path, assets, find)


def _leads_there(step: _Move, assets: Assets, find: Find) -> bool:
    wanted = find(step.file)
    if wanted is None or find(step.path):
        return False
    there = resolve(step.path, assets, find, moves=False)
    return isinstance(there, Found) and there.asset.path == wanted.path


def _not_found(path: str, assets: Assets, find: Find) -> Found | None:
    if assets.not_found_handling == "single-page-application":
        page = find("/index.html")
        return Found(page, 200, is_fallback=True) if page else None
    if assets.not_found_handling == "404-page":
        while path:
            path = path.rpartition("/")[0]
            if page := find(f"{path}/404.html"):
                return Found(page, 404, is_fallback=True)
    return None


def _auto(path: str) -> _Steps:
    if path.endswith("/index"):
        folder = path.removesuffix("index")
        yield _Serve(path)
        yield _Move(f"{path}.html", folder)
        yield _Move(f"{folder[:-1]}.html", folder[:-1])
    elif path.endswith("/index.html"):
        folder = path.removesuffix("index.html")
        yield _Move(path, folder)
        yield _Move(f"{folder[:-1]}.html", folder[:-1])
    elif path.endswith("/"):
        yield _Serve(f"{path}index.html")
        yield _Move(f"{path[:-1]}.html", path[:-1])
    elif path.endswith(".html"):
        page = path.removesuffix(".html")
        yield _Move(path, page)
        yield _Move(f"{page}/index.html", f"{page}/")
    yield _Serve(path)
    yield _Serve(f"{path}.html")
    yield _Move(f"{path}/index.html", f"{path}/")


def _force(path: str) -> _Steps:
    if path.endswith("/index"):
        folder = path.removesuffix("index")
        yield _Serve(path)
        yield _Move(f"{path}.html", folder)
        yield _Move(f"{folder[:-1]}.html", folder)
    elif path.endswith("/index.html"):
        folder = path.removesuffix("index.html")
        yield _Move(path, folder)
        yield _Move(f"{folder[:-1]}.html", folder)
    elif path.endswith("/"):
        yield _Serve(f"{path}index.html")
        yield _Serve(f"{path[:-1]}.html")
    elif path.endswith(".html"):
        page = path.removesuffix(".html")
        yield _Move(path, f"{page}/")
        yield _Serve(path)
        yield _Move(f"{page}/index.html", f"{page}/")
    yield _Serve(path)
    yield _Move(f"{path}.html", f"{path}/")
    yield _Move(f"{path}/index.html", f"{path}/")


def _drop(path: str) -> _Steps:
    if path in ("/index", "/index.html", "/"):
        # Its slash is all that the root has.
        if path != "/index.html":
            yield _Serve("/index.html" if path == "/" else path)
        if path != "/":
            yield _Move("/index.html", "/")
    elif path.endswith("/index"):
        page = path.removesuffix("/index")
        yield _Serve(path)
        yield _Move(f"{page}.html", page)
        yield _Move(f"{path}.html", page)
    elif path.endswith("/index.html"):
        page = path.removesuffix("/index.html")
        yield _Move(path, page)
        yield _Serve(path)
        yield _Move(f"{page}.html", page)
    elif path.endswith("/"):
        yield _Move(f"{path[:-1]}.html", path[:-1])
        yield _Move(f"{path}index.html", path[:-1])
    elif path.endswith(".html"):
        page = path.removesuffix(".html")
        yield _Move(path, page)
        yield _Move(f"{page}/index.html", page)
    yield _Serve(path)
    yield _Serve(f"{path}.html")
    yield _Serve(f"{path}/index.html")


def _none(path: str) -> _Steps:
    yield _Serve(path)


_MODES: dict[HtmlHandling, Callable[[str], _Steps]] = {
    "auto-trailing-slash": _auto,
    "force-trailing-slash": _force,
    "drop-trailing-slash": _drop,
    "none": _none,
}
