"""Every way to fail reaches the terminal once, with the user's lines and whose it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
import pytest

from .processes import Dev, dev, wait_for

pytestmark = pytest.mark.once

FAILING = Path(__file__).parent / "failing.py"


class Failure(NamedTuple):
    """How something fails, and whose the terminal says it is."""

    name: str
    where: str
    sends: str | None = None
    """What a client says on the WebSocket there; None: it is no WebSocket. Empty: it closes."""


HTTP = [
    Failure("handler", "fetch of GET /handler"),
    Failure("handler-after-a-task", "fetch of GET /handler-after-a-task"),
    Failure("handler-exit", "fetch of GET /handler-exit"),
    Failure("handler-interrupt", "fetch of GET /handler-interrupt"),
    Failure("task", "the task at_once of /task"),
    Failure("exit-callback", "a callback"),
    Failure("timer", "a setTimeout callback of /timer"),
    Failure("async-timer", "a setTimeout callback of /async-timer"),
    Failure("microtask", "a microtask of /microtask"),
    Failure("promise", "a promise that nobody awaited of /promise"),
    Failure("rejected", "a promise that nobody awaited of /rejected"),
    Failure("background", "waitUntil of /background"),
    Failure("abort-listener", 'a "abort" listener of /abort-listener'),
    Failure("stream", "response body of /stream"),
    Failure("report", "reportError of /report"),
    Failure("object", "fetch of GET /object"),
    Failure("object-rpc", "fetch of GET /object-rpc"),
    Failure("object-unheard", "a promise that nobody awaited of /object-unheard"),
    Failure("object-reset", 'blockConcurrencyWhile or a write of Room "lobby", which was reset'),
    Failure("object-background", 'waitUntil of Room "lobby"'),
    Failure("object-timer", 'a setTimeout callback of Room "lobby"'),
    Failure("alarm", 'alarm (retried 6 more times) of Room "lobby"'),
    Failure("constructor", "fetch of GET /constructor"),
    Failure("workflow", "run of flow run"),
    Failure("workflow-step", "run of flow step"),
]
SOCKETS = [
    Failure("listener", 'a "message" listener of the WebSocket /listener', "x"),
    Failure("async-listener", 'a "message" listener of the WebSocket /async-listener', "x"),
    Failure("attribute-listener", 'a "message" listener of the WebSocket /attribute-listener', "x"),
    Failure("close-listener", 'a "close" listener of the WebSocket /close-listener', ""),
    Failure("exit-listener", 'a "message" listener of the WebSocket /exit-listener', "x"),
    Failure(
        "exit-async-listener", 'a "message" listener of the WebSocket /exit-async-listener', "x"
    ),
    Failure("exit-task", "the task Default.exit_task.<locals>.leave of /exit-task", "x"),
    Failure("socket-task", "the task at_once of /socket-task", "x"),
    Failure("hibernating-socket", 'webSocketMessage of Room "lobby"', "x"),
    Failure("hibernating-exit", 'webSocketMessage of Room "lobby"', "exit"),
    Failure("object-socket", 'a "message" listener of a WebSocket of Room "lobby"', "x"),
]


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Dev]:
    folder = tmp_path_factory.mktemp("failing")
    (folder / "failing.py").write_text(FAILING.read_text())
    with dev("failing.py", "--json", cwd=folder, folder=folder) as running:
        yield running


def errors(served: Dev) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in served.said.splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == "error"]


async def settle(served: Dev, client: aiohttp.ClientSession) -> None:
    """What comes twice has come: garbage is collected, and the loop has turned."""
    for _ in range(2):
        async with client.get(f"{served.url}/ok") as answer:
            assert answer.status == 200


async def happens(served: Dev, failure: Failure) -> list[dict[str, Any]]:
    """The errors that ``failure`` brings about."""
    before = len(errors(served))
    async with aiohttp.ClientSession() as client:
        url = f"{served.url}/{failure.name}"
        if failure.sends is None:
            try:
                async with client.get(url) as answer:
                    await answer.read()
            except aiohttp.ClientPayloadError:
                assert failure.name == "stream"
        else:
            async with client.ws_connect(url) as socket:
                if failure.sends:
                    await socket.send_str(failure.sends)
                    await settle(served, client)
        await settle(served, client)
        wait_for(lambda: len(errors(served)) > before, served, 5)
        await settle(served, client)
    return errors(served)[before:]


@pytest.mark.parametrize("failure", [*HTTP, *SOCKETS], ids=lambda failure: failure.name)
async def test_it_is_told_once_with_whose_it_is_and_the_users_lines(served, failure):
    (told,) = await happens(served, failure)
    assert told["where"] == failure.where
    assert told["message"].startswith(f"Uncaught exception in {failure.where}\n")
    assert failure.name.split("-")[0] in told["message"].rpartition("\n")[2]
    files = [line for line in told["message"].splitlines() if line.startswith('  File "')]
    assert [line for line in files if "failing.py" not in line] == []


async def test_what_the_script_catches_is_not_told(served):
    before = errors(served)
    async with aiohttp.ClientSession() as client:
        async with client.get(f"{served.url}/caught") as answer:
            assert answer.status == 200
        await settle(served, client)
    assert errors(served) == before


async def test_a_coroutine_that_nobody_awaits_is_pointed_out(served):
    url = f"{served.url}/never-awaited"
    async with aiohttp.ClientSession() as client, client.get(url) as answer:
        assert answer.status == 200
    line = 1 + FAILING.read_text().splitlines().index("        at_once(name)")
    served.wait_said(rf"failing\.py:{line}: coroutine 'at_once' was never awaited")
    assert "RuntimeWarning" not in served.said


async def test_the_server_goes_on_and_says_nothing_but_json(served):
    async with aiohttp.ClientSession() as client:
        await settle(served, client)
    assert [line for line in served.said.splitlines() if not line.startswith("{")] == []
