"""The endpoints that set off a cron trigger, under wrangler's names too.

Source: https://developers.cloudflare.com/workers/configuration/cron-triggers/#test-cron-triggers
"""

from __future__ import annotations

import json
import math
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

from ..runtime.cron import run_cron
from .local_endpoints import LocalEndpoints, LocalRequest, Reply

if TYPE_CHECKING:
    from ..runtime.worker import Worker

__all__ = ["offer_scheduled"]

PATHS = ("/cdn-cgi/local/scheduled", "/cdn-cgi/handler/scheduled", "/cdn-cgi/mf/scheduled")
TEST_PATH = "/__scheduled"
_LAST_MS = 8.64e15
"""What a Date can hold."""


class Host(Protocol):
    """Who has the worker."""

    @property
    def worker(self) -> Worker | None:
        """The current code."""


def offer_scheduled(endpoints: LocalEndpoints, host: Host, *, test: bool = False) -> None:
    """Answer at these names; ``test``: as `--test-scheduled` does, outside of /cdn-cgi/ too."""
    for path in (*PATHS, *([TEST_PATH] if test else [])):
        endpoints.on_path(path, partial(_scheduled, host))


async def _scheduled(host: Host, request: LocalRequest) -> Reply:
    worker = host.worker
    if worker is None:
        return Reply(HTTPStatus.SERVICE_UNAVAILABLE, b"The worker is not loaded yet.\n")
    try:
        ms = _time(request.query.get("time", ""))
    except ValueError:
        return Reply(HTTPStatus.BAD_REQUEST, b"`time` is milliseconds since 1970.\n")
    crons = worker.config.crons
    usual = crons[0] if len(crons) == 1 else ""
    came = await run_cron(worker, request.query.get("cron") or usual, ms)
    status = HTTPStatus.OK if came.outcome == "ok" else HTTPStatus.INTERNAL_SERVER_ERROR
    if request.query.get("format") == "json":
        facts = {"outcome": came.outcome, "noRetry": came.no_retry}
        return Reply(status, json.dumps(facts).encode(), "application/json")
    return Reply(status, came.outcome.encode())


def _time(text: str) -> float | None:
    if not text:
        return None
    ms = float(text)
    if not (math.isfinite(ms) and abs(ms) <= _LAST_MS):
        raise ValueError(text)
    return ms
