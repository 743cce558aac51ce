"""What stands behind `env.ASSETS`, and before the Worker: a request in, a file out.

Implements: https://developers.cloudflare.com/workers/static-assets/routing/
Differs: `CF-Cache-Status` is always HIT, as in `wrangler dev`. As there, and on Cloudflare, a range
is answered with the whole.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from ada_url import URL

from ... import compat
from ...config.assets import Assets, Routing
from ...config.model import Config
from ...js.errors import JsException, type_error
from ...js.uri import decodeURIComponent, encodeURIComponent
from ...log import log
from ...web.headers import Headers
from ...web.request import Request
from ...web.response import Response, fetched
from ...web.status_text import status_text
from .directory import Asset, Directory
from .html_handling import Found, Moved, resolve
from .redirects import Redirect

__all__ = ["AssetWorker"]

_CACHE_CONTROL = "public, max-age=0, must-revalidate"
_NAVIGATION = "assets_navigation_prefers_asset_serving"
_FALLBACK = (
    "a page for what is missing (`not_found_handling`) answered, and the Worker was not asked: the "
    "request is a browser's navigation, or `run_worker_first` does not name its path"
)


class _Answer(NamedTuple):
    """What to answer, before the rules of `_headers`."""

    status: int
    location: str | None = None
    asset: Asset | None = None
    is_fallback: bool = False


class AssetWorker:
    """Answers requests with the files of a configuration's directory."""

    def __init__(self, config: Config) -> None:
        assets = config.bindings.assets
        assert assets is not None
        self._assets = assets
        self._is_alone = config.is_assets_only
        self._without_pages = replace(assets, not_found_handling="none")
        flags = compat.resolve(config.compatibility_date, config.compatibility_flags)
        self._navigation_counts = flags.has(_NAVIGATION)
        self.directory = Directory(
            config.root / assets.directory, handles_html=assets.html_handling != "none"
        )

    async def fetch(self, request: Request) -> Response:
        """The file that ``request`` names, or what is said where there is none.

        Raises: ConfigError: the file could not be deployed.
        """
        url = URL(request._url)
        if not _is_below(_decoded(url.pathname), self._assets.base_path):
            return fetched(404, status_text(404), [])
        try:
            answer = self._find(request, url, self._assets) or _Answer(404)
        except JsException as exc:
            log.warn(f"{url.pathname}: {exc.message}\n{''.join(exc.__notes__)}")
            return fetched(500, status_text(500), [])
        return self._respond(answer, request, url)

    def match(self, request: Request) -> Response | None:
        """The same where code could answer as well; None: it has to.

        Raises: ConfigError: as above.
        """
        url = URL(request._url)
        if not _is_below(_decoded(url.pathname), self._assets.base_path):
            return None
        assets = self._assets if self._shows_pages(request) else self._without_pages
        answer = self._find(request, url, assets)
        if answer is None:
            return None
        if answer.is_fallback and not self._is_alone:
            log.info_once(_FALLBACK)
        return self._respond(answer, request, url)

    def _shows_pages(self, request: Request) -> bool:
        """Whether the page for what is missing goes before the code."""
        if isinstance(self._assets.run_worker_first, Routing):
            return True
        navigates = request.headers._find("sec-fetch-mode") == "navigate"
        return navigates and self._navigation_counts

    def _find(self, request: Request, url: URL, assets: Assets) -> _Answer | None:
        """What to answer; None: nothing here is called so."""
        path = str(url.pathname)
        redirect = self.directory.redirects.find(url.hostname, path)
        if redirect is not None:
            target = _resolved(redirect, url)
            if redirect.status != 200:
                return _redirected(redirect.status, target, url)
            path = str(target.pathname)
        decoded = _decoded(path)
        found = self._look_up(decoded, assets, is_shown_instead=redirect is not None)
        if found is None:
            return None if redirect is None else _Answer(404)
        if request._method not in ("GET", "HEAD"):
            return _Answer(405)
        there = _encoded(found.path if isinstance(found, Moved) else decoded)
        if isinstance(found, Moved) or there != path:
            return _Answer(307, f"{there}{url.search}")
        return _Answer(found.status, asset=found.asset, is_fallback=found.is_fallback)

    def _look_up(
        self, decoded: str, assets: Assets, *, is_shown_instead: bool
    ) -> Found | Moved | None:
        base, find = assets.base_path, self.directory.find
        if not _is_below(decoded, base):
            return None
        root = None if is_shown_instead else _canonical_root(decoded, assets)
        if root is not None and find("/index.html"):
            return Moved(root)
        found = resolve(decoded[len(base) - 1 :] or "/", assets, find)
        if isinstance(found, Moved):
            return Moved(base if found.path == "/" else base[:-1] + found.path)
        return found

    def _respond(self, answer: _Answer, request: Request, url: URL) -> Response:
        asset = answer.asset
        headers = Headers._of([] if answer.location is None else [("Location", answer.location)])
        if asset is not None:
            asset.check()
            headers = Headers._of(_headers_of(asset, request))
        status = answer.status
        if asset is not None and _is_known(asset, request):
            status, asset = 304, None
        try:
            self.directory.headers.apply(url.hostname, str(url.pathname), headers)
        except JsException as exc:
            log.warn(f"{url.pathname}: a rule of _headers cannot be applied: {exc.message}")
            return fetched(500, status_text(500), [])
        content = None if asset is None or request._method == "HEAD" else asset.content()
        response = fetched(status, status_text(status), headers._pairs, content)
        if asset is not None and response._source is not None:
            response._source_length = asset.size
        return response


def _headers_of(asset: Asset, request: Request) -> list[tuple[str, str]]:
    pairs = [("ETag", f'"{asset.etag}"')]
    if asset.content_type is not None:
        pairs.append(("Content-Type", asset.content_type))
    asked = request.headers._find
    if asked("authorization") is None and asked("range") is None:
        pairs.append(("Cache-Control", _CACHE_CONTROL))
    return [*pairs, ("CF-Cache-Status", "HIT")]


def _is_known(asset: Asset, request: Request) -> bool:
    """The client has the file as it is; a list of tags counts as none of them, as there."""
    return request.headers._find("if-none-match") in (f'"{asset.etag}"', f'W/"{asset.etag}"')


def _resolved(redirect: Redirect, url: URL) -> URL:
    """Where a rule leads from ``url``.

    Raises:
        JsException: a TypeError, with nowhere: what a placeholder stands for makes no URL.
    """
    try:
        return URL(redirect.to, url.href)
    except ValueError:
        exc = type_error("Invalid URL string.")
        exc.add_note(f"hint: a rule of _redirects leads to {redirect.to}")
        raise exc from None


def _redirected(status: int, there: URL, url: URL) -> _Answer:
    search = there.search or url.search
    if there.origin == url.origin:
        return _Answer(status, f"{there.pathname}{search}{there.hash}")
    bare = there.href[: len(there.href) - len(there.search) - len(there.hash)]
    return _Answer(status, f"{bare}{search}{there.hash}")


# Paths.


def _decoded(path: str) -> str:
    """As file names are spelled; what is no percent-encoding stays."""
    if "%" in path:
        path = "/".join(map(_decoded_step, path.split("/")))
    return re.sub(r"/+", "/", path) if "//" in path else path


def _decoded_step(step: str) -> str:
    try:
        return decodeURIComponent(step)
    except JsException:
        return step


def _encoded(path: str) -> str:
    """The one spelling under which a file is served."""
    return "/".join(map(encodeURIComponent, path.split("/")))


def _is_below(path: str, base: str) -> bool:
    return path.startswith(base) or path == base[:-1]


def _canonical_root(path: str, assets: Assets) -> str | None:
    """How the base path itself is to be spelled; None: so, or it is another path."""
    base, mode = assets.base_path, assets.html_handling
    if base == "/" or mode == "none":
        return None
    if mode == "drop-trailing-slash":
        return base[:-1] if path == base else None
    return base if path == base[:-1] else None
