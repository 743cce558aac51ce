"""Analytics Engine: `env.DATASET.writeDataPoint(...)`, checked and shown to who wants to see it.

Implements: https://developers.cloudflare.com/analytics/analytics-engine/
Differs: nothing is kept; with `--log-level debug` each point is a line. What Cloudflare would
refuse later, silently, is a warning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..config.model import Config
from ..js import json
from ..js.callbacks import member
from ..js.null import is_nullish
from ..js.proxy import JsProxy
from ..log import log

__all__ = ["LocalAnalyticsEngineDataset", "bindings", "rows"]

_MOST = {"blobs": 20, "doubles": 20, "indexes": 1}


class LocalAnalyticsEngineDataset(JsProxy):
    """One dataset."""

    def __init__(self, dataset: str) -> None:
        self._dataset = dataset

    def writeDataPoint(self, event: Any = None) -> None:
        for name, most in _MOST.items():
            values = None if is_nullish(event) else member(event, name)
            size = getattr(values, "length", None)
            if size is not None and size > most:
                log.warn_once(
                    f"writeDataPoint(): {name} holds {size} values, Analytics Engine takes {most}"
                )
        log.debug(f"{self._dataset}: {json.stringify(event)}")


def bindings(config: Config, _worker: Any) -> Iterator[tuple[str, Any]]:
    """The datasets of ``config``."""
    for each in config.bindings.analytics_engine_datasets:
        yield each.binding, LocalAnalyticsEngineDataset(each.dataset)


def rows(config: Config, _classes: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Each dataset by its name."""
    for each in config.bindings.analytics_engine_datasets:
        yield f"env.{each.binding} ({each.dataset})", "Analytics Engine Dataset", "local"
