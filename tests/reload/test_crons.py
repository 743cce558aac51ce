"""Cron triggers: set off by hand, and on time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.reload.conftest import Project
from wrangler_py.clock import Clock
from wrangler_py.log import Settings, log
from wrangler_py.reload.crons import Crons

SCRIPT = """
    from js import console
    from workers import Response, WorkerEntrypoint

    seen = []

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            return Response.json(seen)

        async def scheduled(self, controller, env, ctx):
            seen.append([controller.cron, controller.scheduledTime])
            if controller.cron == "bad":
                controller.noRetry()
                raise ValueError("it went wrong")
    """
PATHS = [
    "/cdn-cgi/local/scheduled",
    "/cdn-cgi/handler/scheduled",
    "/cdn-cgi/mf/scheduled",
    "/__scheduled",
]


async def start(project: Project, *crons: str, **options: bool) -> None:
    project.save(SCRIPT)
    await project.start(**options)
    worker = project.server.worker
    assert worker is not None
    worker.config = project.server.primary.config = replace(project.server.config, crons=crons)


async def ask(
    project: Project, path: str, query: str = "", method: str = "GET", **headers: str
) -> tuple[int, str]:
    url = f"{project.server.url}{path}?{query}"
    async with project.client.request(method, url, headers=headers) as answer:
        return answer.status, await answer.text()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_request_sets_a_trigger_off(project, path, method, capsys):
    await start(project, test_scheduled=True)
    answer = await ask(project, path, "cron=*/5+*+*+*+*&time=1000", method)
    assert answer == (200, "ok")
    assert json.loads(await project.get()) == [["*/5 * * * *", 1000]]
    assert '[wrangler:info] CRON "*/5 * * * *" ok (' in capsys.readouterr().out


async def test_a_failure_is_shown_and_answered(project, capsys):
    await start(project)
    assert await ask(project, PATHS[0], "cron=bad") == (500, "exception")
    assert "it went wrong" in capsys.readouterr().err
    status, body = await ask(project, PATHS[0], "cron=bad&format=json")
    assert (status, json.loads(body)) == (500, {"outcome": "exception", "noRetry": True})


async def test_json_says_the_outcome_and_the_event_is_an_object(project, capsys, monkeypatch):
    await start(project)
    monkeypatch.setattr(log, "settings", Settings(json=True))
    status, body = await ask(project, PATHS[0], "cron=x&format=json")
    assert (status, json.loads(body)) == (200, {"outcome": "ok", "noRetry": False})
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line[0] == "{"]
    [event] = [line for line in lines if line["event"] == "cron"]
    assert (event["cron"], event["outcome"]) == ("x", "ok")
    assert event["ms"] >= 0


@pytest.mark.parametrize(
    ("crons", "told"), [(["1 * * * *"], "1 * * * *"), ([], ""), (["1 * * * *", "2 * * * *"], "")]
)
async def test_the_only_configured_cron_is_meant_when_none_is_named(project, crons, told):
    await start(project, *crons)
    assert await ask(project, PATHS[0]) == (200, "ok")
    [[cron, _]] = json.loads(await project.get())
    assert cron == told


@pytest.mark.parametrize("time", ["soon", "nan", "inf", "1e17"])
async def test_a_time_that_is_none_is_refused(project, time):
    await start(project)
    assert (await ask(project, PATHS[0], f"time={time}"))[0] == 400
    assert await project.get() == "[]"


@pytest.mark.parametrize("path", PATHS)
async def test_another_site_sets_nothing_off(project, path):
    await start(project, test_scheduled=True)
    for headers in (
        {"Origin": "https://evil.example"},
        {"Host": "evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        for method in ("GET", "POST"):
            assert (await ask(project, path, "", method, **headers))[0] == 403
    assert (await ask(project, path, "", "HEAD"))[0] == 405
    assert (await ask(project, path, "", "PUT"))[0] == 405
    assert await project.get() == "[]"


async def test_the_short_name_is_the_workers_own_unless_it_was_asked_for(project):
    await start(project)
    assert await ask(project, "/__scheduled") == (200, "[]")


# On time.


class JustBefore(Clock):
    """A clock that shows a moment before a full minute when it is made."""

    def __init__(self) -> None:
        self.moved = -(self.time() % 60) - 0.05


class Host:
    """What a dev server has."""

    def __init__(self, server) -> None:
        self.config, self.worker = server.config, server.worker


async def until(condition: Callable[[], bool]) -> None:
    """The test's timeout is the limit."""
    while not condition():  # noqa: ASYNC110 - what it waits for is other tasks' doing
        await asyncio.sleep(0)


@pytest.fixture
async def fired(project, monkeypatch):
    """Start crons a moment before the minute; what has fired."""
    await start(project)
    host, made, seen = Host(project.server), [], []

    async def note(worker, cron, ms):
        assert worker is host.worker
        seen.append((cron, ms))

    monkeypatch.setattr("wrangler_py.reload.crons.run_cron", note)

    def begin(*crons: str):
        host.config = replace(host.config, crons=crons)
        made.append(Crons(host, JustBefore()))
        made[0].start()
        return host, made[0], seen

    yield begin
    await made[0].close()


async def test_what_is_due_fires_once_and_with_its_time(fired):
    _, crons, seen = fired("* * * * *", "*/1 * * * *", "0 0 29 2 *")
    await until(lambda: len(seen) == 2)
    minute = crons._clock.time() // 60 * 60 * 1000
    assert sorted(seen) == [("* * * * *", minute), ("*/1 * * * *", minute)]
    for _ in range(20):
        await asyncio.sleep(0)
    assert len(seen) == 2


async def test_a_changed_configuration_has_its_own_crons_fired(fired):
    host, crons, seen = fired("0 0 29 2 *")
    await asyncio.sleep(0)
    host.config = replace(host.config, crons=("* * * * *",))
    crons.look_again()
    await until(lambda: len(seen) == 1)
    assert seen[0][0] == "* * * * *"


async def test_what_was_slept_through_does_not_happen(fired, monkeypatch):
    monkeypatch.setattr("wrangler_py.reload.crons.LOOK", 0.001)
    _, crons, seen = fired("* * * * *")
    await asyncio.sleep(0)
    crons._clock.moved += 600
    await until(lambda: len(seen) == 1)
    assert crons._clock.now_ms() - seen[0][1] < 120_000


async def test_the_server_fires_them_when_it_was_told_to(project, capsys):
    project.save(SCRIPT)
    await project.start(crons=True)
    server = project.server
    await server._crons[0].close()
    server.primary.config = replace(server.config, crons=("* * * * *",))
    server._crons[0] = Crons(server.primary, JustBefore())
    server._crons[0].start()
    await project.until("* * * * *")
    assert "by themselves" not in capsys.readouterr().out


async def test_it_is_said_that_crons_do_not_fire_by_themselves(project, capsys, tmp_path):
    await start(project, "* * * * *")
    log.say_again()
    project.server._tell_ready()
    project.server._tell_ready()
    said = capsys.readouterr().out
    assert said.count("crons do not fire by themselves: `dev --cron`") == 1
    assert f"{project.server.url}/cdn-cgi/local/scheduled" in said
