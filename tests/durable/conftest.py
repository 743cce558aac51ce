"""Storages in a temporary folder, closed when their test is done."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from wrangler_py.durable.alarm_store import AlarmIndex
from wrangler_py.durable.storage import DurableObjectStorage, StorageRules, close, open_storage
from wrangler_py.facades import install
from wrangler_py.runtime import modules
from wrangler_py.runtime.loop import instrument

from .world import World

OBJECT = "ab" * 32

OpenStorage = Callable[..., DurableObjectStorage]


@pytest.fixture(scope="session", autouse=True)
def installed_facades() -> None:
    install()


@pytest.fixture
def index(tmp_path: Path) -> Iterator[AlarmIndex]:
    index = AlarmIndex(tmp_path / "metadata.sqlite")
    yield index
    index.close()


@pytest.fixture
def opened(tmp_path: Path, index: AlarmIndex) -> Iterator[OpenStorage]:
    """Opens the storage of an object; again after a restart."""
    storages: list[DurableObjectStorage] = []

    def open_one(actor_id: str = OBJECT, **options: object) -> DurableObjectStorage:
        storage = open_storage(tmp_path, actor_id, index, **options)
        storages.append(storage)
        return storage

    yield open_one
    for storage in storages:
        close(storage, commit=False)


@pytest.fixture
def storage(opened: OpenStorage) -> DurableObjectStorage:
    return opened()


@pytest.fixture
def legacy(opened: OpenStorage) -> DurableObjectStorage:
    """The storage of a class that was declared with `new_classes`."""
    return opened(rules=StorageRules(sqlite=False))


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A place to load scripts with Durable Objects in."""
    instrument(asyncio.get_running_loop())
    modules.provide()
    path, meta_path = list(sys.path), list(sys.meta_path)
    made = World(tmp_path)
    yield made
    made.close()
    sys.path[:], sys.meta_path[:] = path, meta_path
    sys.modules.pop("entry", None)
