"""HTTP: hello, and an echo of what is posted."""

from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.method == "POST":
            return Response(await request.text())
        return Response("Hello, world!")
