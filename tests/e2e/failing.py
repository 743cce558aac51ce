"""A Worker in which everything fails that can: each failure under a name of its own."""

# ruff: noqa: RUF006 - a task that nobody keeps is one of the ways to fail

import asyncio
import gc
import sys

import js
from js import WebSocketPair
from pyodide.ffi import create_proxy, to_js
from workers import DurableObject, Response, WorkerEntrypoint, WorkflowEntrypoint


class Boom(Exception):
    pass


def upgrade(listen):
    client, server = WebSocketPair.new().object_values()
    server.accept()
    listen(server)
    return Response(None, status=101, web_socket=client)


def on(kind, function):
    return upgrade(lambda server: server.addEventListener(kind, create_proxy(function)))


async def later(name):
    await asyncio.sleep(0.01)
    raise Boom(name)


async def at_once(name):
    raise Boom(name)


def fail(name):
    raise Boom(name)


class Room(DurableObject):
    async def fetch(self, request):
        name = request.url.rpartition("/")[2]
        if name == "hibernating-socket":
            client, server = WebSocketPair.new().object_values()
            self.ctx.acceptWebSocket(server)
            return Response(None, status=101, web_socket=client)
        if name == "object-socket":
            return on("message", lambda event: fail(name))
        raise Boom(name)

    async def rpc(self, name):
        raise Boom(name)

    async def reset(self, name):
        await self.ctx.blockConcurrencyWhile(lambda: at_once(name))

    async def background(self, name):
        self.ctx.waitUntil(later(name))

    async def timer(self, name):
        js.setTimeout(create_proxy(lambda: fail(name)), 1)

    async def ring(self):
        await self.ctx.storage.setAlarm(1)

    async def alarm(self, info):
        if not info.isRetry:
            raise Boom("alarm")

    async def webSocketMessage(self, ws, message):
        if message == "exit":
            sys.exit("hibernating-exit")
        raise Boom("hibernating-socket")

    async def webSocketClose(self, ws, code, reason, was_clean):
        ws.close(code, reason)


class Broken(DurableObject):
    def __init__(self, ctx, env):
        raise Boom("constructor")


class Flow(WorkflowEntrypoint):
    async def run(self, event, step):
        if event.instanceId == "step":

            @step.do("fails", config={"retries": {"limit": 0, "delay": 0}})
            async def fails():
                fail("workflow-step")

            await fails()
        fail("workflow")


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        name = request.url.rpartition("/")[2]
        answer = getattr(self, name.replace("-", "_"))(name)
        answer = await answer if asyncio.iscoroutine(answer) else answer
        return answer or Response("ok")

    def ok(self, name):
        gc.collect()

    def handler(self, name):
        fail(name)

    async def handler_after_a_task(self, name):
        await asyncio.gather(asyncio.create_task(later(name)), asyncio.sleep(0))

    def handler_exit(self, name):
        sys.exit(name)

    def handler_interrupt(self, name):
        raise KeyboardInterrupt(name)

    def listener(self, name):
        return on("message", lambda event: fail(name))

    def async_listener(self, name):
        async def listen(event):
            await later(name)

        return on("message", listen)

    def close_listener(self, name):
        return on("close", lambda event: fail(name))

    def attribute_listener(self, name):
        def listen(server):
            server.onmessage = lambda event: fail(name)

        return upgrade(listen)

    def exit_listener(self, name):
        return on("message", lambda event: sys.exit(name))

    def exit_async_listener(self, name):
        async def listen(event):
            sys.exit(name)

        return on("message", listen)

    async def task(self, name):
        asyncio.create_task(at_once(name))
        await asyncio.sleep(0)

    def socket_task(self, name):
        async def start(event):
            asyncio.create_task(at_once(name))

        return on("message", start)

    def exit_task(self, name):
        async def leave():
            sys.exit(name)

        return upgrade(lambda server: asyncio.create_task(leave()))

    def exit_callback(self, name):
        asyncio.get_running_loop().call_soon(sys.exit, name)

    async def timer(self, name):
        js.setTimeout(create_proxy(lambda: fail(name)), 1)
        await asyncio.sleep(0.02)

    async def async_timer(self, name):
        js.setTimeout(create_proxy(lambda: later(name)), 1)
        await asyncio.sleep(0.05)

    async def microtask(self, name):
        js.queueMicrotask(create_proxy(lambda: fail(name)))
        await asyncio.sleep(0.01)

    async def promise(self, name):
        js.Promise.resolve(1).then(lambda value: fail(name))
        await asyncio.sleep(0.01)

    def rejected(self, name):
        js.Promise.reject(js.Error.new(name))

    async def caught(self, name):
        try:
            await self.env.ROOM.getByName("lobby").rpc(name)
        except Exception:
            pass

    def background(self, name):
        self.ctx.waitUntil(later(name))

    async def abort_listener(self, name):
        controller = js.AbortController.new()
        controller.signal.addEventListener("abort", create_proxy(lambda event: fail(name)))
        controller.abort()

    def stream(self, name):
        async def pull(controller):
            fail(name)

        return Response(js.ReadableStream.new(to_js({"pull": create_proxy(pull)})))

    def unsent(self, name):
        return f"{name} is no Response"

    def report(self, name):
        js.reportError(js.Error.new(name))

    async def object(self, name):
        await self.env.ROOM.getByName("lobby").fetch(f"http://do/{name}")

    async def object_rpc(self, name):
        await self.env.ROOM.getByName("lobby").rpc(name)

    def object_unheard(self, name):
        self.env.ROOM.getByName("lobby").rpc(name)

    async def object_reset(self, name):
        await self.env.ROOM.getByName("lobby").reset(name)

    async def object_background(self, name):
        await self.env.ROOM.getByName("lobby").background(name)

    async def object_timer(self, name):
        await self.env.ROOM.getByName("lobby").timer(name)

    async def alarm(self, name):
        await self.env.ROOM.getByName("lobby").ring()

    async def constructor(self, name):
        await self.env.BROKEN.getByName("b").anything()

    async def hibernating_socket(self, name):
        return await self.env.ROOM.getByName("lobby").fetch(f"http://do/{name}")

    object_socket = hibernating_socket

    async def hibernating_exit(self, name):
        return await self.env.ROOM.getByName("lobby").fetch("http://do/hibernating-socket")

    async def workflow(self, name):
        await self.env.FLOW.create(id="run")

    async def workflow_step(self, name):
        await self.env.FLOW.create(id="step")

    async def scheduled(self, controller, env, ctx):
        fail("scheduled")

    def never_awaited(self, name):
        at_once(name)
