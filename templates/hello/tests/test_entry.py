"""The Worker as a client meets it: a real server, no mocks."""

import pytest


async def test_everybody_is_greeted(worker):
    response = await worker.fetch("/")
    assert response.status == 200
    assert await response.text() == "Hello, World!\n"


async def test_a_name_is_greeted_as_json(worker):
    response = await worker.fetch("/json", params={"name": "Ada"})
    assert await response.json() == {"greeting": "Hello, Ada!", "name": "Ada"}


@pytest.mark.worker(vars={"GREETING": "Good morning"})
async def test_the_greeting_is_a_variable(worker):
    assert await (await worker.fetch("/")).text() == "Good morning, World!\n"


async def test_what_is_posted_comes_back(worker):
    response = await worker.fetch("/echo", json={"a": [1, None]})
    assert await response.json() == {"you_sent": {"a": [1, None]}}


async def test_other_paths_are_not_found(worker):
    assert (await worker.fetch("/nowhere")).status == 404
