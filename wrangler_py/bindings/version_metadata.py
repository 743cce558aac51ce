"""Version metadata: which version of the Worker runs; here each load is one.

Implements: https://developers.cloudflare.com/workers/runtime-apis/bindings/version-metadata/
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from ..config.model import Config
from ..js.object import JsObject

__all__ = ["bindings", "rows"]


def bindings(config: Config, worker: Any) -> Iterator[tuple[str, Any]]:
    """An id, an empty tag, and when the code was loaded."""
    asked = config.bindings.version_metadata
    if asked is not None:
        now = datetime.fromtimestamp(worker.clock.time(), UTC)
        stamp = f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03}Z"
        version = {"id": str(uuid.uuid4()), "tag": "", "timestamp": stamp}
        yield asked.binding, JsObject(version)


def rows(config: Config, _classes: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """The name alone."""
    asked = config.bindings.version_metadata
    if asked is not None:
        yield f"env.{asked.binding}", "Worker Version Metadata", "local"
