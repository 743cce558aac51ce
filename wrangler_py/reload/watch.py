"""Tell when files that a worker is made of have changed.

Editors write in place, rename over, or delete and rewrite, and often twice; so an event only
says where to look, and contents decide.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from .snapshot import Snapshot

STEP_MS = 10
"""Quiet time that ends a burst of events."""
DEBOUNCE_MS = 200
"""The longest burst that is waited for."""
LOOK_ANYWAY_MS = 1000
"""How often to look without an event: one may be lost while a watch is being set up."""
REAPPEAR = 0.15
"""Seconds that a deleted file has to come back, and an emptied one to be written."""


async def changes(snapshot: Snapshot) -> AsyncIterator[set[Path]]:
    """Yield the changed files of ``snapshot`` whenever there are some.

    The caller takes a new snapshot before it asks for more; folders follow its files.
    """
    from watchfiles import awatch  # costs 50 ms, after the server is up

    while True:
        folders = _folders(snapshot)
        if changed := snapshot.changed():  # between two watches nobody looked
            yield changed
            continue
        watching = awatch(
            *folders,
            watch_filter=None,
            recursive=False,
            step=STEP_MS,
            debounce=DEBOUNCE_MS,
            ignore_permission_denied=True,
            yield_on_timeout=True,
            rust_timeout=LOOK_ANYWAY_MS,
        )
        async for _events in watching:
            if changed := await _settled(snapshot):
                yield changed
            if _folders(snapshot) != folders:
                break
        else:
            return


def _folders(snapshot: Snapshot) -> set[Path]:
    return {file.parent for file in snapshot.files if file.parent.is_dir()}


async def _settled(snapshot: Snapshot) -> set[Path]:
    """The changed files, after a deleted or emptied one has had its chance to come back."""
    changed = snapshot.changed()
    if any(map(_holds_nothing, changed)):
        await asyncio.sleep(REAPPEAR)
        changed = snapshot.changed()
    return changed


def _holds_nothing(file: Path) -> bool:
    """Whether ``file`` is gone, or empty: an editor may be between two steps of a save."""
    try:
        return file.stat().st_size == 0
    except OSError:
        return True
