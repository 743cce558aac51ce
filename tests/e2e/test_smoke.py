"""`pywrangler smoke` as a process: what it prints, and with which code it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .processes import dev, environ, run_pywrangler

pytestmark = pytest.mark.once

WORKER = """
import asyncio
from urllib.parse import urlsplit

from js import WebSocketPair, console
from pyodide.ffi import create_proxy
from workers import DurableObject, Response, WorkerEntrypoint


class Counter(DurableObject):
    async def fetch(self, request):
        count = (await self.ctx.storage.get("count") or 0) + 1
        await self.ctx.storage.put("count", count)
        return Response(str(count))


async def fail():
    raise ValueError("in the background")


def boom():
    raise ValueError("no such luck")


def open_socket():
    client, server = WebSocketPair.new().object_values()
    server.accept()
    clicks = 0

    def on_message(event):
        nonlocal clicks
        if event.data == "BOOM":
            boom()
        clicks += event.data == "CLICK"
        server.send('{"type": "count", "count": %d}' % clicks)

    server.send("welcome")
    server.addEventListener("message", create_proxy(on_message))
    return Response(None, status=101, web_socket=client)


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        match urlsplit(request.url).path:
            case "/":
                print("somebody is here")
                return Response("Hello", headers={"X-Color": "Red"})
            case "/echo":
                kind = request.headers.get("Content-Type")
                return Response.json({"body": await request.text(), "type": kind})
            case "/ws":
                if request.headers.get("Upgrade") != "websocket":
                    return Response("Expected Upgrade: websocket", status=426)
                return open_socket()
            case "/count":
                return await self.env.COUNTER.getByName("c").fetch(request)
            case "/boom":
                boom()
            case "/background":
                self.ctx.waitUntil(fail())
                return Response("fine so far")
            case "/never":
                await asyncio.sleep(60)
            case "/endless":
                while True:
                    pass
        return Response("Not found", status=404)
"""

Smoke = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "worker.py").write_text(WORKER)
    return tmp_path


@pytest.fixture
def smoke(folder: Path) -> Smoke:
    def smoke(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return run_pywrangler("smoke", *arguments, cwd=folder, seconds=20, **variables)

    return smoke


def verdicts(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Each check's line without its time, and what was missed."""
    lines = [line.partition(" (")[0] for line in done.stdout.splitlines()]
    return [line for line in lines if line and "  | " not in line]


def test_nobody_asks_for_anything_and_a_426_leads_to_the_websocket(smoke, folder):
    done = smoke("worker.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert verdicts(done) == [
        "ok    GET / 200",
        "ok    WS /ws 101",
        "2 checks, all ok",
    ]
    assert not (folder / ".wrangler").exists()


def test_checks_are_run_in_their_order_against_one_new_state(smoke):
    line = """
        --get /count --contains 1 --get / --status 200 --contains Hello --expect-header x-color:red
        --post /echo --data {"a":1} --contains {"type":"application/json","body":"{\\"a\\":1}"}
        --ws /ws --send CLICK --expect "count":1 --send CLICK --send DANCE --expect {"count":2}
        --put /echo --header Content-Type:text/x --data b --contains text/x
        --get /count --contains 2 --get /boom --status 500 --get /nope --status 404
    """
    for _ in range(2):
        done = smoke("worker.py", *line.split())
        assert (done.returncode, done.stderr) == (0, "")
    assert [each.split()[1:3] for each in verdicts(done)[:-1]] == [
        ["GET", "/count"],
        ["GET", "/"],
        ["POST", "/echo"],
        ["WS", "/ws"],
        ["PUT", "/echo"],
        ["GET", "/count"],
        ["GET", "/boom"],
        ["GET", "/nope"],
    ]


def test_what_fails_says_what_was_expected_and_what_the_worker_said(smoke, folder):
    line = """
        --get / --contains Bye --expect-header X-Color:blue --get /nope --get /background
        --ws /ws --expect welcome --send BOOM --expect "count" --ws /nope
        --timeout 0.5 --get /never --ws /ws --send CLICK --expect "count":7
    """
    done = smoke("worker.py", *line.split())
    assert done.returncode == 1
    came = 'what came: "welcome", "{\\"type\\": \\"count\\", \\"count\\": 1}"'
    boom = WORKER.splitlines().index('    raise ValueError("no such luck")') + 1
    assert verdicts(done) == [
        "FAIL  GET / 200",
        '      expected the header X-Color with "blue", got "Red"',
        '      expected "Bye" in the answer, got "Hello"',
        "FAIL  GET /nope 404",
        "      expected a status below 400, got 404",
        '      with "Not found"',
        "FAIL  GET /background 200",
        "      uncaught ValueError: in the background",
        "FAIL  WS /ws 101",
        '      expected a message with "\\"count\\"", but it was closed with 1006',
        "      uncaught ValueError: no such luck",
        "FAIL  WS /nope 404",
        "      expected status 101, got 404",
        "FAIL  GET /never",
        "      expected an answer within 0.5 s",
        "FAIL  WS /ws 101",
        f'      expected a message with "\\"count\\":7", but none came within 0.5 s; {came}',
        "7 checks, 7 failed",
    ]
    assert f"uncaught ValueError: no such luck (worker.py:{boom})" in done.stdout
    said = [line.strip() for line in done.stdout.splitlines() if line.startswith("      | ")]
    assert said[0] == "| somebody is here"
    assert f'|   File "{folder}/worker.py", line {boom}, in boom' in said


def test_code_that_never_gives_way_fails_its_check_and_no_other(smoke):
    done = smoke("worker.py", *"--timeout 1 --get /endless --get / --status 200".split())
    assert done.returncode == 1
    assert "expected an answer within 1 s" in done.stdout
    assert "\nok    GET / 200" in done.stdout


def test_a_table_in_the_project_is_used_when_nothing_is_asked_for(smoke, folder):
    (folder / "pyproject.toml").write_text(
        "[tool.pywrangler.smoke]\ntimeout = 5\n"
        "[[tool.pywrangler.smoke.checks]]\nget = '/'\ncontains = 'Bye'\n"
        "[[tool.pywrangler.smoke.checks]]\nws = '/ws'\nsend = 'CLICK'\nexpect = { count = 1 }\n"
    )
    done = smoke("worker.py", GITHUB_ACTIONS="true")
    assert done.returncode == 1
    assert [line.split()[:3] for line in verdicts(done) if line[0] != " "] == [
        ["FAIL", "GET", "/"],
        ["ok", "WS", "/ws"],
        ["2", "checks,", "1"],
    ]
    missed = 'expected "Bye" in the answer, got "Hello"'
    assert done.stderr == f"::error file=pyproject.toml,line=3,title=smoke%3A GET /::{missed}\n"
    assert smoke("worker.py", "--get", "/").returncode == 0


def test_json_is_an_object_for_each_check_and_one_for_all(smoke):
    done = smoke("worker.py", "--json", *"--get / --get /boom".split())
    assert done.returncode == 1
    first, second, result = map(json.loads, done.stdout.splitlines())
    assert (first["event"], first["check"], first["ok"]) == ("check", "GET /", True)
    assert (second["status"], second["problems"][0]) == (
        500,
        "expected a status below 400, got 500",
    )
    assert "ValueError: no such luck" in second["worker"]
    assert {key: result[key] for key in ("event", "ok", "checks", "failed")} == {
        "event": "result",
        "ok": False,
        "checks": 2,
        "failed": 1,
    }


def test_github_gets_annotations_at_the_users_line_and_a_summary(smoke, folder):
    summary = folder / "summary.md"
    facts = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    done = smoke("worker.py", "--get", "/", "--get", "/background", **facts)
    assert done.returncode == 1
    line = WORKER.splitlines().index('    raise ValueError("in the background")') + 1
    said = f"uncaught ValueError: in the background (worker.py:{line})"
    title = "smoke%3A GET /background"
    assert done.stderr == f"::error file=worker.py,line={line},title={title}::{said}\n"
    assert summary.read_text().splitlines()[2:] == [
        "|  | check | what came |",
        "| --- | --- | --- |",
        "| ✅ | GET / | 200 |",
        f"| ❌ | GET /background | {said} |",
        "",
    ]


@pytest.mark.parametrize("style", [[], ["--json"]])
def test_a_worker_that_does_not_load_is_a_failure(smoke, folder, style):
    (folder / "bad.py").write_text("x = 1\n1 / 0\n")
    done = smoke("bad.py", *style, GITHUB_ACTIONS="true")
    assert done.returncode == 1
    assert 'bad.py", line 2' in (json.loads(done.stdout)["message"] if style else done.stderr)
    assert "::error file=bad.py,line=2,title=bad.py could not be loaded::" in done.stderr


def test_a_worker_that_is_not_ready_in_time_has_its_own_code(smoke, folder):
    (folder / "slow.py").write_text("while True: pass")
    done = smoke("slow.py", "--timeout", "0.2")
    assert (done.returncode, done.stdout) == (4, "")
    assert "the Worker was not ready within 0.2 s\n    at " in done.stderr


WRONG = [
    (["worker.py", "--status", "200"], "--status stands before the check"),
    (["worker.py", "--gte", "/"], "there is no option --gte"),
    (["worker.py", "--get"], "option '--get' requires an argument"),
    (["worker.py", "--url", "localhost"], 'a server is http://... or https://..., not "localhost"'),
    (["nope.py"], "there is no script nope.py"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG)
def test_what_is_wrong_with_the_line_is_a_usage_error(smoke, arguments, said):
    done = smoke(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr.lower() if said.islower() else said in done.stderr


def test_a_table_that_is_wrong_is_a_usage_error_with_its_line(smoke, folder):
    (folder / "pyproject.toml").write_text("[tool.pywrangler.smoke]\nchecks = 1\n")
    done = smoke("worker.py", GITHUB_ACTIONS="true")
    assert done.returncode == 2
    assert "::error file=pyproject.toml,line=2::checks are written as" in done.stderr


def test_a_server_that_is_already_there_is_asked(smoke, folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    with dev("worker.py", cwd=folder, folder=elsewhere) as running:
        done = smoke("--url", running.url, *"--get / --ws /ws --expect welcome --get /x".split())
    assert done.returncode == 1
    assert verdicts(done)[:3] == ["ok    GET / 200", "ok    WS /ws 101", "FAIL  GET /x 404"]
    done = smoke("--url", running.url, "--timeout", "0.2")
    assert (done.returncode, done.stdout) == (4, "")
    assert f"nobody answers at {running.url} within 0.2 s" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
def test_a_signal_ends_it(folder):
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "wrangler_py",
            "smoke",
            "worker.py",
            "--get",
            "/",
            "--get",
            "/never",
        ],
        cwd=folder,
        env=environ(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline().startswith("ok    GET /")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=2) == 128 + signal.SIGINT
    finally:
        process.kill()
        process.communicate()
