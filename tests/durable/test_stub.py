"""Calls through a stub: requests, methods, their order, and what they fail with."""

from __future__ import annotations

import asyncio

import pytest

from wrangler_py.js.errors import JsException
from wrangler_py.web.request import Request

ROOM = """
    class Room(DurableObject):
        def __init__(self, ctx, env):
            super().__init__(ctx, env)
            self.count = 0

        async def fetch(self, request):
            self.count += 1
            return Response(f"{request.method.value} {request.url} {await request.text()}")

        async def add(self, n):
            self.count += n
            return self.count

        def sync(self):
            return "sync"

        async def give(self, value):
            LOG.append(type(value).__name__)
            return value

        async def fail(self):
            raise ValueError("no such room")

        async def nothing(self):
            pass

        async def slow(self, n):
            LOG.append(f"start {n}")
            await asyncio.sleep(0)
            LOG.append(f"end {n}")

        async def counter(self):
            total = 0
            def add(n=1):
                nonlocal total
                total += n
                return total
            return add

        async def use(self, function):
            return await function(20)

        async def abort(self):
            self.ctx.abort("told to")

        attribute = 5
    """


async def test_a_request_and_its_body_reach_the_object(world):
    world.load(ROOM)
    response = await world.stub().fetch(
        Request("http://do/path?x=1", {"method": "POST", "body": "hello"})
    )
    assert await response.text() == "POST http://do/path?x=1 hello"


async def test_one_name_is_one_object_and_another_name_another(world):
    world.load(ROOM)
    assert [await world.stub(name=name).add(1) for name in ("a", "a", "b")] == [1, 2, 1]


async def test_a_stub_is_a_durable_object_with_an_id_and_a_name(world):
    world.load(ROOM)
    stub = world.stub(name="lobby")
    assert stub.constructor.name == "DurableObject"
    assert (stub.name, stub.id.name) == ("lobby", "lobby")
    assert len(stub.id.toString()) == 64
    assert not hasattr(stub, "then")


async def test_a_method_that_is_not_async_can_be_called(world):
    world.load(ROOM)
    assert await world.stub().sync() == "sync"


@pytest.mark.parametrize("name", ["nope", "attribute", "dup"])
async def test_a_method_that_is_not_there_is_a_type_error(world, name):
    world.load(ROOM)
    with pytest.raises(JsException, match=f"^TypeError: Method {name} does not exist"):
        await getattr(world.stub(), name)()


async def test_an_exception_of_the_method_carries_its_traceback(world):
    world.load(ROOM)
    with pytest.raises(JsException, match=r"^PythonError: Traceback") as caught:
        await world.stub().fail()
    assert "ValueError: no such room" in str(caught.value)
    assert "wrangler_py" not in str(caught.value)


async def test_before_python_3_14_the_same_exception_is_an_error(world):
    world.load(ROOM, compatibility_date="2026-01-01")
    with pytest.raises(JsException, match=r"^Error: PythonError: Traceback"):
        await world.stub().fail()


async def test_nothing_returned_is_null(world):
    world.load(ROOM)
    assert repr(await world.stub().nothing()) == "jsnull"


async def test_fetch_must_return_a_response(world):
    world.load(
        """
        class Room(DurableObject):
            async def fetch(self, request):
                return None
        """
    )
    with pytest.raises(JsException, match="the Promise did not resolve to 'Response'"):
        await world.stub().fetch("http://do/")


async def test_a_bad_url_rejects_without_reaching_the_object(world):
    world.load(ROOM)
    with pytest.raises(JsException, match="TypeError"):
        await world.stub().fetch("nonsense")


async def test_calls_start_in_order_and_none_waits_for_the_end_of_another(world):
    world.load(ROOM)
    stub = world.stub()
    await asyncio.gather(*(stub.slow(n) for n in range(3)))
    assert world.log == ["start 0", "start 1", "start 2", "end 0", "end 1", "end 2"]


async def test_a_caller_that_gives_up_does_not_stop_the_object(world):
    world.load(ROOM)
    stub = world.stub()
    call = stub.slow(1)
    await asyncio.sleep(0)
    call.cancel()
    await stub.slow(2)
    assert "end 1" in world.log


async def test_arguments_and_results_are_copies(world):
    from js import Object
    from pyodide.ffi import to_js

    world.load(ROOM)
    given = to_js({"n": 1}, dict_converter=Object.fromEntries)
    call = world.stub().give(given)
    given.n = 2
    result = await call
    assert (result.n, result == given) == (1, False)


async def test_what_cannot_be_cloned_is_refused_before_the_call(world):
    world.load(ROOM)
    with pytest.raises(JsException, match=r"^DataCloneError"):
        await world.stub().give(object())
    assert world.log == []


async def test_a_returned_function_is_called_where_it_lives(world):
    world.load(ROOM)
    add = await world.stub().counter()
    assert [await add(2), await add(3), await add.dup()(1)] == [2, 5, 6]


async def test_a_function_may_be_passed_to_a_method(world):
    world.load(ROOM)
    assert await world.stub().use(lambda n: n + 1) == 21


async def test_an_aborted_object_rejects_its_caller_and_every_call_of_that_stub(world):
    world.load(ROOM)
    stub = world.stub()
    assert await stub.add(5) == 5
    for call in (stub.abort, lambda: stub.add(1), lambda: stub.fetch("http://do/")):
        with pytest.raises(JsException, match=r"^Error: told to$"):
            await call()


async def test_a_new_stub_of_an_aborted_object_finds_a_new_instance(world):
    world.load(ROOM)
    stub = world.stub()
    await stub.add(5)
    with pytest.raises(JsException, match="told to"):
        await stub.abort()
    assert await world.stub().add(1) == 1


async def test_a_failing_constructor_rejects_the_call_and_the_next_one_tries_again(world):
    world.load(
        """
        class Room(DurableObject):
            def __init__(self, ctx, env):
                super().__init__(ctx, env)
                LOG.append("constructor")
                if len(LOG) == 1:
                    raise RuntimeError("not yet")

            async def hello(self):
                return "hello"
        """
    )
    stub = world.stub()
    with pytest.raises(JsException, match="RuntimeError: not yet"):
        await stub.hello()
    assert await stub.hello() == "hello"
    assert world.log == ["constructor", "constructor"]
