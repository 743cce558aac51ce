"""EventSource gives what it gives in workerd (`recorded.json`, made by `record.py`)."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.bindings.steps import value
from wrangler_py import compat, context
from wrangler_py.js.callbacks import create_proxy
from wrangler_py.js.convert import to_string
from wrangler_py.js.errors import JsException
from wrangler_py.js.null import jsnull
from wrangler_py.web.event_source import EventSource
from wrangler_py.web.response import Response, fetched

from .record import DATE, RECORDED
from .table import CASES

RECORDS: dict[str, Any] = json.loads(RECORDED.read_text())


class Server:
    """Answers from a list."""

    def __init__(self, answers):
        self.answers = list(answers)
        self.requests: list[list[str | None]] = []

    async def fetch(self, request):
        names = ("accept", "cache-control", "last-event-id")
        self.requests.append([request.headers._find(name) for name in names])
        answer = dict(self.answers.pop(0)) if self.answers else {"status": 500}
        status, body = answer.pop("status", 200), answer.pop("body", None)
        pairs = list(answer.items())
        return fetched(status, "", pairs, (body or "").encode())


class StandIn:
    """As much of a worker as an EventSource asks for."""

    def __init__(self, transport):
        self.transport = transport

    def forget(self, owner): ...


def test_every_case_is_recorded():
    assert list(RECORDS) == list(CASES)


@pytest.mark.parametrize("name", CASES)
async def test_a_stream_gives_what_it_gives_in_workerd(name, monkeypatch):
    case = json.loads(json.dumps(CASES[name]))
    server = Server(case.get("answers", ()))
    owner = context.IoContext(StandIn(server), "a test", compat.resolve(DATE, ()))
    owner.answering = True
    waits: list[float] = []
    sleep = asyncio.sleep

    async def at_once(delay):
        waits.append(delay)
        await sleep(0)

    monkeypatch.setattr("wrangler_py.web.event_source.asyncio.sleep", at_once)
    with owner.entered():
        log = await noted(case)
    owner.close()
    assert {"log": log, "requests": server.requests} == RECORDS[name]
    assert waits == ([1.0] if name == "again" else [])


async def noted(case):
    log: list[Any] = []
    over = asyncio.Event()

    def note(event):
        if source.readyState != 2 or len(log) < case["until"]:
            said = getattr(event, "data", None)
            if event.type == "error":
                said = f"{event.message}{event.error}"
            known = getattr(event, "lastEventId", None)
            log.append([event.type, said, known, source.readyState, event.constructor.name])
        if len(log) >= case["until"]:
            source.close()
            over.set()

    try:
        source = made(case)
        log.append(["made", source.url, source.withCredentials, source.readyState])
        for kind in ("open", "message", "error", "custom"):
            source.addEventListener(kind, create_proxy(note))
        source.onmessage = create_proxy(lambda event: log.append("onmessage"))
        if "late" in case:
            source.onopen = create_proxy(lambda event: None)
            source.onopen = jsnull
            log.append(to_string(source.onopen))
        await over.wait()
        log.append(["closed", source.url, source.readyState])
    except JsException as exc:
        log.append(str(exc))
    return log


def made(case):
    constructor = EventSource.constructor
    if "stream" not in case:
        return constructor.new(*map(value, case["arguments"]))
    response = Response()
    response._source = chunks(case["stream"])
    return constructor.from_(response.body)


async def chunks(texts):
    for each in texts:
        yield each.encode("latin-1")
