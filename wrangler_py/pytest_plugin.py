"""The `worker` fixture for pytest, thin over `wrangler_py.testing`.

It works in each mode of pytest-asyncio, and beside pytest-aiohttp. Whoever has no Worker pays
for this module alone: everything else is imported when a Worker is there.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Generator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .testing import RunningWorker

_MARKER = "worker(script=None, **options): what the `worker` fixture runs; see run_worker"
_CONFIGURATION = "wrangler.*"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("worker_entry", "The script that the `worker` fixture runs.", default="")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", _MARKER)
    config.pluginmanager.register(_fixtures(), "wrangler_py_fixtures")
    if config.getini("worker_entry") or _has_configuration(config.rootpath):
        # A test may import a module of the Worker, which imports `js` and `workers`.
        from .testing.modules import importable_worker

        config.add_cleanup(importable_worker(config.getini("worker_entry"), config.rootpath))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """A test that passed fails if the Worker did meanwhile."""
    __tracebackhide__ = True
    result = yield
    running = getattr(item, "funcargs", {}).get("worker")
    if running is not None and "wrangler_py.testing" in sys.modules:
        from .testing import RunningWorker

        if isinstance(running, RunningWorker):
            running.raise_errors()
    return result


def _has_configuration(folder: Path) -> bool:
    return any(folder.glob(_CONFIGURATION))


async def _worker(request: pytest.FixtureRequest) -> AsyncIterator[RunningWorker]:
    """The project's Worker, running: `main` of its configuration, or `worker_entry`.

    `@pytest.mark.worker("other.py", vars={...})` runs another, or with other options.
    """
    from .testing import run_worker

    __tracebackhide__ = True
    root = request.config.rootpath
    marker = request.node.get_closest_marker("worker")
    script = marker.args[0] if marker and marker.args else request.config.getini("worker_entry")
    folder = root if script else _nearest_configuration(request.path.parent, root)
    options = {"folder": folder, **(marker.kwargs if marker else {})}
    async with run_worker(script or None, **options) as running:
        yield running


def _nearest_configuration(folder: Path, root: Path) -> Path:
    """The folder at or above a test's that has a configuration: a repository may hold several."""
    inside = [each for each in (folder, *folder.parents) if each.is_relative_to(root)]
    return next(filter(_has_configuration, inside), root)


def _no_worker() -> None:
    """The project's Worker, running; needs pytest-asyncio."""
    raise pytest.UsageError("the `worker` fixture needs pytest-asyncio: install it")


def _fixtures() -> ModuleType:
    """The fixtures as a plugin of its own, made when it is known who runs asynchronous tests."""
    plugin: Any = ModuleType("wrangler_py_fixtures")
    # Not imported here for those who do without it.
    if "pytest_asyncio" in sys.modules:
        from pytest_asyncio import fixture

        plugin.worker = fixture(_worker, name="worker")
    else:
        plugin.worker = pytest.fixture(_no_worker, name="worker")
    return plugin  # type: ignore[no-any-return]
