"""The `worker` fixture for pytest, thin over `wrangler_py.testing`.

It works in each mode of pytest-asyncio, and beside pytest-aiohttp.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import pytest

from .config.load import CONFIG_NAMES

if TYPE_CHECKING:
    from .testing import RunningWorker

_MARKER = "worker(script=None, **options): what the `worker` fixture runs; see run_worker"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("worker_entry", "The script that the `worker` fixture runs.", default="")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", _MARKER)
    if config.getini("worker_entry") or _has_configuration(config):
        # A test may import a module of the worker, which imports `js` and `workers`.
        from .testing.modules import offer_runtime

        offer_runtime()


def _has_configuration(config: pytest.Config) -> bool:
    return any((config.rootpath / name).is_file() for name in CONFIG_NAMES)


async def _worker(request: pytest.FixtureRequest) -> AsyncIterator[RunningWorker]:
    """The project's Worker, running: `main` of its configuration, or `worker_entry`.

    `@pytest.mark.worker("other.py", vars={...})` runs another, or with other options.
    """
    # Imported late: projects without a Worker need not wait for it.
    from .testing import run_worker

    marker = request.node.get_closest_marker("worker")
    script = marker.args[0] if marker and marker.args else request.config.getini("worker_entry")
    options = {"folder": request.config.rootpath, **(marker.kwargs if marker else {})}
    async with run_worker(script or None, **options) as running:
        yield running


def _no_worker() -> None:
    """The project's Worker, running; needs pytest-asyncio."""
    raise pytest.UsageError("the `worker` fixture needs pytest-asyncio: install it")


try:
    from pytest_asyncio import fixture
except ImportError:
    # Whoever has this package and no asynchronous test must be able to run pytest.
    worker: Any = pytest.fixture(_no_worker, name="worker")
else:
    worker = fixture(_worker, name="worker")
