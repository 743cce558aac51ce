from __future__ import annotations

import pytest

from wrangler_py.testing import run_worker

WORKER = """
from workers import DurableObject, Response, WorkerEntrypoint

class Room(DurableObject):
    async def fetch(self, request):
        return Response(f"{request.method.value} {await request.text()} {self.env.GREETING}")

    async def add(self, a, b=0):
        return {"sum": a + b}

    async def fail(self):
        raise ValueError("no")

    async def ask(self):
        return await (await self.env.OTHER.fetch("http://other/x", method="POST", body="q")).text()

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.url.endswith("/get"):
            return Response.json({"found": await self.env.STORE.get("key")})
        if request.url.endswith("/data"):
            return Response.json([self.env.DATA.to_py(), self.env.GREETING])
        if request.url.endswith("/other"):
            return await self.env.OTHER.fetch("http://other/x", method="POST", body="hello")
        return Response(self.env.GREETING)
"""


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "a_worker.py"
    path.write_text(WORKER)
    return path


@pytest.fixture
async def worker(script):
    async with run_worker(script, vars={"GREETING": "Hello"}) as running:
        yield running


async def text(worker, path: str) -> str:
    return await (await worker.fetch(path)).text()


async def test_variables_are_read(worker):
    assert worker.env.GREETING == "Hello"
    assert set(dir(worker.env)) == {"GREETING", "ROOM"}
    with pytest.raises(AttributeError, match="NOPE"):
        _ = worker.env.NOPE


async def test_objects_are_fetched_and_called(worker):
    room = worker.env.ROOM.getByName("lobby")
    response = await room.fetch("http://room/", method="PUT", body="a body")
    assert (response.status, await response.text()) == (200, "PUT a body Hello")
    assert await room.add(1, 2) == {"sum": 3}
    with pytest.raises(Exception, match="ValueError: no"):
        await room.fail()
    same = worker.env.ROOM.get(worker.env.ROOM.idFromName("lobby"))
    assert await same.add(1) == {"sum": 1}


async def test_a_variable_is_replaced_for_a_while(worker):
    room = worker.env.ROOM.getByName("lobby")
    await room.fetch("http://room/")  # the object has looked the variable up
    with worker.override(GREETING="Hi", DATA={"a": [1, None]}):
        assert await text(worker, "/data") == '[{"a": [1, null]}, "Hi"]'
        assert (await (await room.fetch("http://room/")).text()).endswith(" Hi")
    assert await text(worker, "/") == "Hello"
    assert (await (await room.fetch("http://room/")).text()).endswith(" Hello")
    assert "DATA" not in dir(worker.env)


async def test_a_variable_is_replaced_for_good(worker):
    worker.override(GREETING="Hi")
    assert await text(worker, "/") == "Hi"


async def test_any_object_can_stand_for_a_binding(script):
    class Store:
        async def get(self, key):
            return f"the {key}"

    async with run_worker(script, env={"STORE": Store()}) as worker:
        assert await text(worker, "/get") == '{"found": "the key"}'


async def test_a_function_stands_for_a_service(worker):
    from workers import Response

    async def other(request):
        return Response(f"{request.method.value} {request.url} {await request.text()}", status=201)

    worker.override(OTHER=other)
    response = await worker.fetch("/other")
    assert (response.status, await response.text()) == (201, "POST http://other/x hello")
    assert await worker.env.ROOM.getByName("lobby").ask() == "POST http://other/x q"


@pytest.mark.parametrize(
    ("answer", "body"), [("text", "text"), ({"a": 1}, '{"a": 1}'), ([1], "[1]"), (b"b", "b")]
)
async def test_a_function_may_answer_with_less_than_a_response(script, answer, body):
    async with run_worker(script, env={"OTHER": lambda request: answer}) as worker:
        assert await text(worker, "/other") == body


async def test_a_mistake_in_a_function_fails_the_test(worker):
    def other(request):
        assert request.url == "http://elsewhere/"

    worker.override(OTHER=other)
    async with worker.raises(AssertionError), worker.raises(Exception, match="of the test failed"):
        assert (await worker.fetch("/other")).status == 500


async def test_an_answer_that_is_none_is_told(worker):
    worker.override(OTHER=lambda request: 7)
    failed = worker.raises(Exception, match="of the test failed")
    async with worker.raises(Exception, match="was answered with 7"), failed:
        await worker.fetch("/other")
