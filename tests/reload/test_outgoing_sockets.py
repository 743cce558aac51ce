"""A connection that a Worker has opened ends with the code that opened it."""

from __future__ import annotations

import asyncio

WORKER = """
    import asyncio
    from workers import Response, WorkerEntrypoint, import_from_javascript

    sockets = import_from_javascript("cloudflare:sockets")

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            if "connect" in request.url:
                socket = sockets.connect("127.0.0.1:PORT")
                await socket.opened
                self.ctx.waitUntil(self.listen(socket))
            return Response("VERSION")

        async def listen(self, socket):
            await socket.readable.getReader().read()
    """


async def test_a_reload_ends_it(project):
    opened, ended = asyncio.Event(), asyncio.Event()

    async def listen(reader, writer):
        opened.set()
        await reader.read()
        writer.close()
        ended.set()

    peer = await asyncio.start_server(listen, "127.0.0.1", 0)
    source = WORKER.replace("PORT", str(peer.sockets[0].getsockname()[1]))
    try:
        project.save(source.replace("VERSION", "one"))
        await project.start()
        async with project.client.get(f"{project.server.url}/connect") as answer:
            assert await answer.text() == "one"
        await asyncio.wait_for(opened.wait(), 5)
        assert not ended.is_set()
        project.save(source.replace("VERSION", "two"))
        await project.until("two")
        await asyncio.wait_for(ended.wait(), 5)
    finally:
        peer.close()
