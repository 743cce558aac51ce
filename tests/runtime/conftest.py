"""Workers loaded from source, without a server."""

from __future__ import annotations

import asyncio
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from wrangler_py.config.bindings import Bindings, ServiceBinding
from wrangler_py.config.model import Config
from wrangler_py.facades import install
from wrangler_py.runtime import modules
from wrangler_py.runtime.loop import instrument
from wrangler_py.runtime.worker import Surroundings, Worker
from wrangler_py.web.request import Request
from wrangler_py.web.response import Response


class Bench:
    """Loads scripts of one folder, one after the other, as a dev server does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.worker: Worker | None = None
        self.errors: list[tuple[BaseException, str]] = []

    def write(self, name: str, source: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(source))
        return path

    def load(self, source: str | None = None, **config: Any) -> Worker:
        if source is not None:
            self.write("entry.py", source)
        config.setdefault("compatibility_date", "2026-11-01")
        settings = Config(name="test", main=self.folder / "entry.py", **config)
        previous = self.worker
        self.worker = Worker.load(settings, Surroundings(_NoNetwork(), self._report), previous)
        if previous is not None:
            previous.retire()
        return self.worker

    def _report(self, _worker: Worker, exc: BaseException, where: str) -> None:
        self.errors.append((exc, where))

    async def fetch(self, path: str = "/", *args: Any) -> Response:
        assert self.worker is not None
        owner = self.worker.new_context("test")
        try:
            return await self.worker.fetch(Request(f"http://test{path}", *args), owner)
        finally:
            owner.answered()

    async def text(self, path: str = "/") -> str:
        return str(await (await self.fetch(path)).text())


class _NoNetwork:
    async def fetch(self, request: Request) -> Response:
        raise AssertionError(f"unexpected fetch of {request.url}")


@pytest.fixture
async def bench(tmp_path: Path) -> Any:
    instrument(asyncio.get_running_loop())
    install()
    modules.provide()
    path, meta_path, names = list(sys.path), list(sys.meta_path), set(sys.modules)
    made = Bench(tmp_path)
    yield made
    if made.worker is not None:
        made.worker.close()
        made.worker.stores.close()
    sys.path[:], sys.meta_path[:] = path, meta_path
    for name in set(sys.modules) - names:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


SELF = Bindings(services=(ServiceBinding("SELF", "test"),))

__all__ = ["SELF", "Bench", "Callable", "Iterator"]
