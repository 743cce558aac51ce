"""A FastAPI application through `workers.asgi`, over real sockets."""

from __future__ import annotations

import asyncio
import json

import aiohttp
import pytest

pytest.importorskip("fastapi", reason="the `dev` extra has it")

APP = """
import asyncio
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import BackgroundTasks, Cookie, FastAPI, Form, HTTPException, Request, UploadFile
from fastapi import WebSocket, WebSocketDisconnect
from fastapi.responses import RedirectResponse, StreamingResponse
from pydantic import BaseModel
from workers import asgi

events = []

@asynccontextmanager
async def lifespan(app):
    events.append("up")
    yield {"resource": "open"}
    events.append("down")

app = FastAPI(lifespan=lifespan)

class Item(BaseModel):
    name: str
    price: float

@app.get("/items/{number}")
async def read(number: int, q: str | None = None):
    return {"number": number, "q": q}

@app.post("/items", status_code=201)
async def write(item: Item):
    return item

@app.post("/form")
async def form(name: Annotated[str, Form()], age: Annotated[int, Form()]):
    return {"name": name, "age": age}

@app.post("/files")
async def files(files: list[UploadFile], note: Annotated[str, Form()] = ""):
    read = [(f.filename, f.content_type, len(await f.read())) for f in files]
    return {"files": read, "note": note}

@app.get("/sync")
def sync():
    return {"ran": "in a plain function"}

@app.get("/env")
async def env(request: Request, env=asgi.env):
    return {"greeting": env.GREETING, "same": env is request.scope["env"]}

@app.get("/state")
async def state(request: Request):
    return {"resource": request.state.resource, "events": events}

@app.get("/stream")
async def stream(request: Request, chunks: int):
    async def body():
        for i in range(chunks):
            yield f"{i}\\n"
            await asyncio.sleep(0)
    return StreamingResponse(body(), media_type="text/plain")

@app.post("/echo")
async def echo(request: Request):
    # Before the answer begins: while it streams, Starlette listens for the client to leave,
    # by the same `receive` that the body comes from.
    chunks = [chunk async for chunk in request.stream()]
    async def body():
        for chunk in chunks:
            yield chunk
    return StreamingResponse(body(), media_type="application/octet-stream")

@app.get("/cookies")
async def cookies(mine: Annotated[str | None, Cookie()] = None):
    response = RedirectResponse("/items/1", status_code=307)
    response.set_cookie("a", mine or "none")
    response.set_cookie("b", "2")
    return response

@app.get("/teapot")
async def teapot():
    raise HTTPException(418, {"why": "tea"}, headers={"X-Why": "tea"})

@app.get("/broken")
async def broken():
    raise ValueError("boom in a route")

@app.get("/background")
async def background(tasks: BackgroundTasks):
    tasks.add_task(events.append, "background")
    return {}

@app.websocket("/ws/{room}")
async def ws(socket: WebSocket, room: str):
    await socket.accept()
    try:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                events.append(f"left {message['code']}")
                return
            if message.get("text") == "bye":
                await socket.close(4001, "as asked")
                return
            if message.get("text") is not None:
                await socket.send_text(f"{room}: {message['text']}")
            else:
                await socket.send_bytes(message["bytes"][::-1])
    except WebSocketDisconnect:
        events.append("gone")

Default = asgi.entrypoint(app)
"""


@pytest.fixture
async def worker(serve):
    async with serve(APP) as worker:
        yield worker


ANSWERS = [
    ("/items/5?q=x", 200, {"number": 5, "q": "x"}),
    ("/items/5", 200, {"number": 5, "q": None}),
    ("/sync", 200, {"ran": "in a plain function"}),
    ("/env", 200, {"greeting": "hi", "same": True}),
    ("/teapot", 418, {"detail": {"why": "tea"}}),
    ("/nowhere", 404, {"detail": "Not Found"}),
]


@pytest.mark.parametrize(("path", "status", "answer"), ANSWERS)
async def test_routes_answer_in_json(worker, path, status, answer):
    async with worker.get(path) as response:
        assert (response.status, await response.json()) == (status, answer)
        assert response.headers["content-type"] == "application/json"


async def test_a_model_is_validated(worker):
    async with worker.post("/items", json={"name": "n", "price": "1.5"}) as response:
        assert (response.status, await response.json()) == (201, {"name": "n", "price": 1.5})
    async with worker.post("/items", json={"name": "n"}) as response:
        assert response.status == 422
        assert (await response.json())["detail"][0]["loc"] == ["body", "price"]


async def test_a_form_is_read(worker):
    async with worker.post("/form", data={"name": "é & co", "age": "7"}) as response:
        assert await response.json() == {"name": "é & co", "age": 7}


async def test_files_are_uploaded(worker):
    form = aiohttp.FormData()
    form.add_field("note", "two files")
    form.add_field("files", b"\x00\xff" * 500_000, filename="a.bin", content_type="image/x")
    form.add_field("files", b"", filename="empty.txt", content_type="text/plain")
    async with worker.post("/files", data=form) as response:
        assert await response.json() == {
            "files": [["a.bin", "image/x", 1_000_000], ["empty.txt", "text/plain", 0]],
            "note": "two files",
        }


async def test_an_answer_is_streamed_and_nothing_is_said_about_it(worker):
    async with worker.get("/stream?chunks=2000") as response:
        assert response.headers.get("content-length") is None
        assert await response.text() == "".join(f"{i}\n" for i in range(2000))
    assert worker.logs == []


async def test_a_request_is_streamed_back(worker):
    async def body():
        for i in range(200):
            yield bytes([i]) * 10_000

    async with worker.post("/echo", data=body()) as response:
        assert await response.read() == b"".join(bytes([i]) * 10_000 for i in range(200))


async def test_a_client_that_leaves_a_stream_early_leaves_the_worker_alive(worker):
    response = await worker.get("/stream?chunks=100000")
    await response.content.readany()
    response.close()
    async with worker.get("/items/1") as answer:
        assert answer.status == 200


async def test_lifespan_runs_around_each_request(worker):
    async with worker.get("/state") as response:
        assert await response.json() == {"resource": "open", "events": ["up"]}
    async with worker.get("/state") as response:
        assert (await response.json())["events"] == ["up", "down", "up"]


async def test_two_cookies_stay_two_headers(worker):
    async with worker.get("/cookies", cookies={"mine": "1"}, allow_redirects=False) as response:
        assert (response.status, response.headers["location"]) == (307, "/items/1")
        cookies = [c.partition(";")[0] for c in response.headers.getall("set-cookie")]
        assert cookies == ["a=1", "b=2"]


async def test_headers_of_an_error_go_along(worker):
    async with worker.get("/teapot") as response:
        assert (response.headers["x-why"], response.reason) == ("tea", "I'm a teapot")


async def test_an_exception_in_a_route_is_a_500_and_is_logged(worker, caplog):
    async with worker.get("/broken") as response:
        assert (response.status, await response.text()) == (500, "Internal Server Error")
    logged = [r for r in caplog.records if r.name == "asgi" and r.exc_info]
    assert str(logged[0].exc_info[1]) == "boom in a route"


async def test_a_background_task_runs(worker):
    async with worker.get("/background") as response:
        assert response.status == 200
    async with worker.get("/state") as response:
        assert "background" in (await response.json())["events"]


async def test_a_websocket_talks_in_text_and_bytes(worker):
    async with worker.ws_connect("/ws/room") as socket:
        await socket.send_str("hello")
        await socket.send_bytes(b"abc")
        assert await socket.receive_str() == "room: hello"
        assert await socket.receive_bytes() == b"cba"


async def test_the_application_closes_a_websocket(worker):
    async with worker.ws_connect("/ws/room") as socket:
        await socket.send_str("bye")
        message = await socket.receive()
        assert (message.type, message.data, message.extra) == (
            aiohttp.WSMsgType.CLOSE,
            4001,
            "as asked",
        )


async def test_the_application_hears_that_a_client_left(worker):
    async with worker.ws_connect("/ws/room") as socket:
        await socket.close(code=4005)
    for _ in range(100):
        async with worker.get("/state") as response:
            if "left 4005" in (await response.json())["events"]:
                return
        await asyncio.sleep(0.01)
    raise AssertionError("it never heard")


PLAIN_ROUTES = """
import asyncio, threading
from fastapi import FastAPI
from pyodide.ffi import run_sync
from workers import asgi

app = FastAPI()

async def soon():
    await asyncio.sleep(0)
    return threading.current_thread() is threading.main_thread()

@app.get("/")
def plain():
    return {"main thread": run_sync(soon())}

Default = asgi.entrypoint(app)
"""


async def test_a_plain_route_runs_where_it_can_wait_for_promises(serve):
    async with serve(PLAIN_ROUTES) as worker, worker.get("/") as response:
        assert await response.json() == {"main thread": True}


FETCH = """
import json
from js import Object
from workers import WorkerEntrypoint, asgi
import asgi as old_name

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        raise ValueError("not mine")
    message = await receive()
    head = [(b"content-type", b"application/json"), (b"x-path", scope["raw_path"])]
    await send({"type": "http.response.start", "status": 202, "headers": head})
    answer = {"method": scope["method"], "path": scope["path"], "body": message["body"].decode()}
    await send({"type": "http.response.body", "body": json.dumps(answer).encode()})

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if "/raw" in request.url:
            return await old_name.fetch(app, request.js_object, self.env)
        return await asgi.fetch(app, request, self.env, self.ctx)
"""


@pytest.mark.parametrize("date", ["2025-10-01", "2026-11-01"])
@pytest.mark.parametrize("path", ["/sdk/a%20b", "/raw/a%20b"])
async def test_a_bare_asgi_application_takes_either_kind_of_request(serve, date, path):
    async with serve(FETCH, date) as worker, worker.post(path, data="x") as response:
        decoded = path.replace("%20", " ")
        answer = {"method": "POST", "path": decoded, "body": "x"}
        assert json.loads(await response.text()) == answer
        assert (response.status, response.headers["x-path"]) == (202, path)
