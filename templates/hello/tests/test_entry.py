"""The Worker as a client meets it: a real server, no mocks."""

import pytest


async def test_everybody_is_greeted(worker):
    async with worker.get("/") as response:
        assert response.status == 200
        assert await response.text() == "Hello, World!\n"


async def test_a_name_is_greeted_as_json(worker):
    async with worker.get("/json", params={"name": "Ada"}) as response:
        assert await response.json() == {"greeting": "Hello, Ada!", "name": "Ada"}


@pytest.mark.worker(vars={"GREETING": "Good morning"})
async def test_the_greeting_is_a_variable(worker):
    async with worker.get("/") as response:
        assert await response.text() == "Good morning, World!\n"


async def test_what_is_posted_comes_back(worker):
    async with worker.post("/echo", json={"a": [1, None]}) as response:
        assert await response.json() == {"you_sent": {"a": [1, None]}}


async def test_other_paths_are_not_found(worker):
    async with worker.get("/nowhere") as response:
        assert response.status == 404
