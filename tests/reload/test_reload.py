"""Saving a file swaps the code; a broken save never takes the server down."""

from __future__ import annotations

import json
import os
import time

import aiohttp
import pytest

BROKEN = {
    "a syntax error": "def fetch(:\n",
    "a failing import": "import nowhere\n",
    "a raising top level": "raise ValueError('top level')\n",
    "an exit": "import sys\nsys.exit(3)\n",
}


@pytest.fixture
async def running(project):
    project.save_version("one")
    await project.start()
    return project


async def test_saved_code_answers_the_next_requests(running):
    assert await running.get() == "one"
    running.save_version("two")
    await running.until("two")


async def test_a_plain_socket_of_the_old_code_is_closed_with_1012(running):
    socket = await running.client.ws_connect(running.server.url)
    await socket.send_str("a")
    assert await socket.receive_str() == "one a"
    running.save_version("two")
    closing = await socket.receive()
    assert (closing.type, closing.data) == (aiohttp.WSMsgType.CLOSE, 1012)


@pytest.mark.parametrize("source", BROKEN.values(), ids=BROKEN)
async def test_broken_code_leaves_the_last_good_version_serving(running, capsys, source):
    socket = await running.client.ws_connect(running.server.url)
    running.save(source)
    while running.server.error is None:
        assert await running.get() == "one"
    await socket.send_str("still here")
    assert await socket.receive_str() == "one still here"
    assert "entry.py could not be loaded" in capsys.readouterr().err
    running.save_version("two")
    await running.until("two")
    assert running.server.error is None


async def test_the_error_is_on_the_page_of_a_browser(running):
    running.save("raise ValueError('top level')\n")
    while running.server.error is None:
        await running.get()
    # The old code answers text/plain, so the page stays the worker's own.
    async with running.client.get(running.server.url, headers={"Accept": "text/html"}) as answer:
        assert await answer.text() == "one"


async def test_code_that_never_loaded_shows_its_error_and_recovers(project):
    project.save("import nowhere\n")
    await project.start()
    async with project.client.get(project.server.url) as answer:
        assert answer.status == 500
        assert "No module named 'nowhere'" in await answer.text()
    project.save_version("one")
    await project.until("one")


async def test_an_atomic_rename_is_a_save(running):
    draft = running.main.with_name(".draft")
    draft.write_text(running.main.read_text().replace("one", "two"))
    os.replace(draft, running.main)
    await running.until("two")


async def test_a_deleted_file_that_comes_back_was_never_missed(running, capsys):
    source = running.main.read_text()
    running.main.unlink()
    assert await running.get() == "one"
    running.main.write_text(source.replace("one", "two"))
    await running.until("two")
    assert "could not be loaded" not in capsys.readouterr().err


async def test_a_save_in_two_steps_is_one(running, capsys):
    source = running.main.read_text()
    with running.main.open("w") as file:  # empty from here on
        before = time.monotonic()
        while time.monotonic() - before < 0.05:
            assert await running.get() == "one"
        file.write(source.replace("one", "two"))
    await running.until("two")
    assert "has no handler" not in capsys.readouterr().err


async def test_a_burst_of_saves_ends_with_the_last_one(running):
    for number in range(20):
        running.save_version(f"draft {number}")
    running.save_version("final")
    await running.until("final")
    running.save_version("and one more")
    await running.until("and one more")


async def test_a_sibling_that_was_missing_is_waited_for(running):
    running.save("from helper import Default\n")
    while running.server.error is None:
        await running.get()
    source = running.main.with_name("helper.py")
    source.write_text(
        "from workers import Response, WorkerEntrypoint\n"
        "class Default(WorkerEntrypoint):\n"
        "    async def fetch(self, request):\n"
        "        return Response('from helper')\n"
    )
    # The class comes from another module, and is exported all the same.
    await running.until("from helper")


async def test_the_ready_file_is_written_once_the_code_loads(project, tmp_path):
    ready = tmp_path / "ready.json"
    project.save("import nowhere\n")
    await project.start(ready_file=ready)
    assert not ready.exists()
    project.save_version("one")
    await project.until("one")
    facts = json.loads(ready.read_text())
    assert facts["url"] == project.server.url
    assert facts["pid"] == os.getpid()
    await project.server.close()
    assert not ready.exists()


async def test_an_endless_loop_is_named_and_broken_off_by_the_next_save(running, capsys):
    from concurrent.futures import ThreadPoolExecutor
    from time import monotonic, sleep

    running.save(
        "from workers import Response, WorkerEntrypoint\n"
        "class Default(WorkerEntrypoint):\n"
        "    async def fetch(self, request):\n"
        "        if request.url.endswith('/loop'):\n"
        "            while True:\n"
        "                pass\n"
        "        return Response('loops')\n"
    )
    await running.until("loops")
    fixed = running.main.read_text().replace("'loops'", "'fixed'").replace("while True", "if 1")

    def save_when_blocked() -> None:
        sleep(1.6)
        running.main.write_text(fixed)

    started = monotonic()
    with ThreadPoolExecutor(1) as pool:
        saving = pool.submit(save_when_blocked)
        async with running.client.get(running.server.url + "/loop") as answer:
            assert answer.status == 500
        saving.result()
    assert monotonic() - started < 5
    assert await running.get() == "fixed"
    warning = capsys.readouterr().err
    assert "without giving way" in warning
    assert f"{running.main}:" in warning
