"""The steps of `table.py` with our cache, answered as `record.mjs` answers them."""

from __future__ import annotations

from typing import Any

from tests.bindings.steps import value
from wrangler_py.js.convert import to_string
from wrangler_py.js.errors import JsException
from wrangler_py.web.cache import caches
from wrangler_py.web.request import Request
from wrangler_py.web.response import Response
from wrangler_py.web.streams_fixed import FixedLengthStream
from wrangler_py.web.websocket import WebSocketPair

from .table import Step

UNDEFINED = {"$undefined": True}


class Player:
    def __init__(self, clock: Any) -> None:
        self.clock = clock

    async def answer(self, step: Step) -> dict[str, Any]:
        try:
            return {"ok": await self._once(step)}
        except JsException as exc:
            return {"error": str(exc)}

    async def _once(self, step: Step) -> Any:
        name = f"_{step['op']}"
        if hasattr(self, name):
            return await getattr(self, name)(step)
        cache = await self._cache(step)
        given = (_request(step.get("request")), value(step.get("options", {"$undefined": 1})))
        return await show(await getattr(cache, step["op"])(*given[: step.get("args", 2)]))

    async def _cache(self, step: Step) -> Any:
        return caches.default if "cache" not in step else await caches.open(step["cache"])

    async def _wait(self, step: Step) -> Any:
        self.clock.moved += step["ms"] / 1000
        return {}

    async def _open(self, step: Step) -> Any:
        return (await caches.open(*map(value, step["args"]))).constructor.name

    async def _storage(self, step: Step) -> Any:
        return await getattr(caches, step["method"])(*step.get("args", []))

    async def _same(self, _step: Step) -> Any:
        return [
            caches.default is caches.default,
            await caches.open("x") is await caches.open("x"),
            to_string(caches),
            to_string(caches.default),
        ]

    async def _put(self, step: Step) -> Any:
        response = _response(step["response"])
        given = (_request(step["request"]), response)
        result = await (await self._cache(step)).put(*given[: step.get("args", 2)])
        used = response.bodyUsed if isinstance(response, Response) else None
        return {"result": await show(result), "used": used}

    async def _fill(self, step: Step) -> Any:
        body = value({"$fill": [120, step["length"]]})
        await caches.default.put(step["request"], Response(body, value(step["init"])))
        kept = await caches.default.match(step["request"])
        return (await kept.arrayBuffer()).byteLength

    async def _twice(self, step: Step) -> Any:
        response = _response(step["response"])
        await caches.default.put(step["request"], response)
        return await show(await caches.default.put(step["request"], response))


def _request(given: Any) -> Any:
    if isinstance(given, dict) and "url" in given:
        return Request(given["url"], value(given["init"]))
    return None if given == "$undefined" else value(given)


def _response(given: Any) -> Any:
    if not isinstance(given, dict):
        return value(given)
    if given.get("kind") == "error":
        return Response.error()
    if given.get("kind") == "websocket":
        return _upgrade(WebSocketPair())
    init = value(given.get("init", {"$undefined": 1}))
    return Response(_body(given["body"]), init)


def _upgrade(ends: Any) -> Response:
    init = value({"status": 101})
    init.webSocket = ends.object_values()[0]
    return Response(None, init)


def _body(given: Any) -> Any:
    if not isinstance(given, dict):
        return given
    ((kind, content),) = given.items()
    if kind == "stream":
        return Response(content).body
    if kind == "bytes":
        return value({"$bytes": content})
    if kind == "fixed":
        ends = FixedLengthStream(len(content))
        writer = ends.writable.getWriter()
        writer.write(value({"$bytes": list(content.encode())}))
        writer.close()
        return ends.readable
    source = Response()
    source._source = _chunks(content) if kind == "chunks" else _failing(content)
    return source.body


async def _chunks(texts: list[str]) -> Any:
    for each in texts:
        yield each.encode()


async def _failing(text: str) -> Any:
    raise JsException("TypeError", text)
    yield b""


async def show(found: Any) -> Any:
    if found is None:
        return UNDEFINED
    if not isinstance(found, Response):
        return found
    shown = {
        "status": found.status,
        "statusText": found.statusText,
        "url": found.url,
        "type": found.type,
        "null_body": getattr(found.body, "constructor", None) is None,
        "headers": [list(pair) for pair in found.headers._sorted()],
    }
    try:
        found.headers.set("x-own", "1")
        shown["mutable"] = True
    except JsException as exc:
        shown["mutable"] = exc.message
    shown["body"] = await found.text()
    return shown
