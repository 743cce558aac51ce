"""As `worker.mjs`: answers in words where no asset does, or tells of `env.ASSETS`."""

import js
from pyodide.ffi import JsException, to_js
from workers import Response, WorkerEntrypoint


def seen(response):
    pairs = js.Array.from_(response.headers.entries()).to_py()
    headers = [pair for pair in pairs if pair[0] != "etag"]
    about = [response.status, response.statusText, response.url, response.redirected]
    return [*about, response.type, response.body is None, headers]


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        url = js.URL.new(request.url)
        kind, rest = "", ""
        if url.pathname.startswith("/~"):
            kind, slash, rest = url.pathname[2:].partition("/")
            rest = slash + rest
        there = js.URL.new((rest or "/") + url.search, request.url)
        assets = self.env.ASSETS
        raw = assets._binding if hasattr(assets, "_binding") else assets
        again = js.Request.new(there.href, request.js_object)
        try:
            match kind:
                case "fetch":
                    return await raw.fetch(again)
                case "string":
                    return await raw.fetch(there.href)
                case "url":
                    return await raw.fetch(there)
                case "manual":
                    return await raw.fetch(there.href, redirect="manual")
                case "host":
                    return await raw.fetch(f"https://elsewhere.example{rest}")
                case "seen":
                    return js.Response.json(to_js(seen(await raw.fetch(again))))
                case "relative":
                    return await raw.fetch("/note.txt")
                case "nothing":
                    return await raw.fetch()
                case "rpc":
                    return await raw.missing()
                case "keys":
                    return js.Response.json(to_js([raw.constructor.name, "function", str(raw)]))
                case "twice":
                    first = await raw.fetch(there.href)
                    second = first.clone()
                    return Response(await first.text() + await second.text())
        except JsException as error:
            return Response(f"{error.name}: {error.message}")
        kind = url.searchParams.get("type")
        headers = {} if not isinstance(kind, str) else {"content-type": kind}
        method = request.js_object.method  # the SDK knows not every method
        return Response(f"worker {method} {url.pathname}{url.search}", headers=headers)
