"""A greeting, as text and as JSON."""

from urllib.parse import parse_qs, urlsplit

from workers import Request, Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request: Request) -> Response:
        url = urlsplit(request.url)
        name = parse_qs(url.query).get("name", ["World"])[0]
        match url.path:
            case "/":
                return Response(f"{self.greeting(name)}\n")
            case "/json":
                return Response.json({"greeting": self.greeting(name), "name": name})
            case "/echo" if request.method == "POST":
                return Response.json({"you_sent": await request.json()})
        return Response("Not found\n", status=404)

    def greeting(self, name: str) -> str:
        # GREETING is a variable in wrangler.jsonc.
        return f"{self.env.GREETING}, {name}!"
