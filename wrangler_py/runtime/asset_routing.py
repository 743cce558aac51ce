"""What decides whether a request is answered with a file or by the Worker's code.

Implements: https://developers.cloudflare.com/workers/static-assets/routing/worker-script/
Source: workers-sdk, the router Worker that stands before every Worker with assets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ada_url import URL

from ..bindings.assets import AssetWorker
from ..config.assets import Routing
from ..web.fetch import close_body
from ..web.response import Response

if TYPE_CHECKING:
    from ..context import IoContext
    from ..web.request import Request
    from .worker import Answer, Worker

__all__ = ["answer_with_assets"]


def answer_with_assets(worker: Worker) -> Answer:
    """The way of the requests to ``worker``, whose configuration has assets."""
    assets = worker.config.bindings.assets
    assert assets is not None
    service = AssetWorker(worker.config)
    service.directory.look()
    if worker.config.is_assets_only:
        return _OnlyAssets(service).answer
    if assets.run_worker_first is True:
        return _Guarded(worker).answer
    return _AssetsFirst(worker, service, assets.run_worker_first or Routing(())).answer


class _OnlyAssets:
    """There is no code."""

    def __init__(self, service: AssetWorker) -> None:
        self._service = service

    async def answer(self, request: Request, owner: IoContext) -> Response:
        owner.answering = True
        # A rule that cannot be followed is shown here; `fetch` makes a bare 500 of it.
        return self._service.match(request) or await self._service.fetch(request)


class _Guarded:
    """The code, without what makes a proxy of routes that frameworks have for images."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def answer(self, request: Request, owner: IoContext) -> Response:
        if "image" not in request._url:
            return await self._worker.fetch(request, owner)
        return await self._answer_image(request, owner)

    async def _answer_image(self, request: Request, owner: IoContext) -> Response:
        url = URL(request._url)
        if url.pathname == "/_image" and _is_elsewhere(url) and not _is_for_an_image(request):
            return _blocked()
        is_suspicious = url.pathname.endswith("/_next/image") and _proxies(url, request)
        response = await self._worker.fetch(request, owner)
        if is_suspicious and response._status != 304 and not _is_harmless(response):
            await close_body(response)
            return _blocked()
        return response


class _AssetsFirst(_Guarded):
    """A file, if there is one; or the code, for the paths that a configuration names."""

    def __init__(self, worker: Worker, service: AssetWorker, routing: Routing) -> None:
        super().__init__(worker)
        self._service = service
        self._to_assets = _any_of(routing.to_assets)
        self._to_worker = _any_of(routing.to_worker)

    async def answer(self, request: Request, owner: IoContext) -> Response:
        if self._to_worker is not None:
            path = URL(request._url).pathname
            if self._to_assets is not None and self._to_assets.fullmatch(path):
                owner.answering = True
                return await self._service.fetch(request)
            if self._to_worker.fullmatch(path):
                return await super().answer(request, owner)
        response = self._service.match(request)
        if response is None:
            return await super().answer(request, owner)
        owner.answering = True
        return response


def _any_of(globs: Iterable[str]) -> re.Pattern[str] | None:
    """Paths of these forms, `*` standing for anything; None: there are none."""
    each = [".*".join(map(re.escape, glob.split("*"))) for glob in globs]
    return re.compile("|".join(each)) if each else None


# Routes for images.


def _blocked() -> Response:
    response = Response("Blocked")
    response._status = 403
    return response


def _is_elsewhere(url: URL) -> bool:
    """Whether `/_image` is asked for the image of another host."""
    href = _parameter(url, "href")
    if len(href) <= 2 or not href.startswith("//"):
        return False
    try:
        return bool(URL(f"https:{href}").hostname != url.hostname)
    except ValueError:
        return False


def _proxies(url: URL, request: Request) -> bool:
    """Whether `/_next/image` is asked for another host's image, and not by an `<img>`."""
    source = _parameter(url, "url")
    if not source or source.startswith("/"):
        return False
    return request._method != "GET" or not _is_for_an_image(request)


def _is_for_an_image(request: Request) -> bool:
    return request.headers._find("sec-fetch-dest") == "image"


def _is_harmless(response: Response) -> bool:
    kind = response.headers._find("content-type") or ""
    if "," in kind:
        return False
    return kind.startswith("image/") or kind.partition(";")[0] == "text/plain"


def _parameter(url: URL, name: str) -> str:
    from ada_url import URLSearchParams  # rare

    return URLSearchParams(url.search).get(name)
