"""The yardstick: the same service as a bare aiohttp application, on the same kind of loop."""

from __future__ import annotations

import asyncio
import sys

from aiohttp import WSMsgType, web

SOCKETS = web.AppKey("SOCKETS", list[web.WebSocketResponse])


async def hello(request: web.Request) -> web.StreamResponse:
    if request.headers.get("Upgrade", "").lower() != "websocket":
        return web.Response(text="Hello, world!")
    socket = web.WebSocketResponse(compress=False)
    await socket.prepare(request)
    async for message in socket:
        if message.type is WSMsgType.TEXT:
            await socket.send_str(message.data)
    return socket


async def room(request: web.Request) -> web.StreamResponse:
    """Everybody hears what anybody says."""
    sockets = request.app[SOCKETS]
    socket = web.WebSocketResponse(compress=False)
    await socket.prepare(request)
    sockets.append(socket)
    async for message in socket:
        if message.type is WSMsgType.TEXT:
            for each in sockets:
                await each.send_str(message.data)
    sockets.remove(socket)
    return socket


async def echo(request: web.Request) -> web.StreamResponse:
    return web.Response(text=await request.text())


async def serve(port: int) -> None:
    app = web.Application()
    app.router.add_get("/", hello)
    app.router.add_post("/", echo)
    app[SOCKETS] = []
    app.router.add_get("/room", room)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=2048).start()
    await asyncio.Event().wait()


def main() -> None:
    try:
        import uvloop
    except ImportError:
        factory = None
    else:
        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(serve(int(sys.argv[1])))


if __name__ == "__main__":
    main()
