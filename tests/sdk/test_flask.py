"""A Flask application through `workers.wsgi`, over real sockets."""

from __future__ import annotations

import aiohttp
import pytest

pytest.importorskip("flask", reason="the `dev` extra has it")

APP = """
import time
from flask import Flask, Response, abort, jsonify, redirect, request, session
from workers import wsgi

app = Flask(__name__)
app.secret_key = "for the test only"

@app.get("/hello/<name>")
def hello(name):
    return jsonify(name=name, q=request.args.get("q"), agent="User-Agent" in request.headers)

@app.post("/json")
def json():
    return jsonify(got=request.get_json()), 201

@app.post("/form")
def form():
    return jsonify(form=request.form.to_dict(), raw=request.content_length)

@app.post("/files")
def files():
    read = {name: [f.filename, f.mimetype, len(f.read())] for name, f in request.files.items()}
    return jsonify(files=read, note=request.form["note"])

@app.post("/echo")
def echo():
    stream = request.stream
    return Response(iter(lambda: stream.read(4096), b""), mimetype="x/y")

@app.get("/stream")
def stream():
    n, path = request.args.get("n", type=int), request.path
    return Response((f"{path} {i}\\n" for i in range(n)), mimetype="text/plain")

@app.get("/env")
def env():
    return request.environ["workers.env"].GREETING

@app.get("/login")
def login():
    session["user"] = "me"
    return redirect("/who")

@app.get("/who")
def who():
    return session.get("user", "nobody")

@app.get("/teapot")
def teapot():
    abort(418)

@app.get("/broken")
def broken():
    raise ValueError("boom in a view")

@app.get("/empty")
def empty():
    return "", 204

Default = wsgi.entrypoint(app)
"""


@pytest.fixture
async def worker(serve):
    async with serve(APP) as worker:
        yield worker


async def test_a_view_answers_in_json(worker):
    async with worker.get("/hello/Zo%C3%AB?q=1") as response:
        assert await response.json() == {"name": "Zoë", "q": "1", "agent": True}


async def test_a_body_is_read_though_the_view_is_not_async(worker):
    async with worker.post("/json", json={"a": [1, "é"]}) as response:
        assert (response.status, await response.json()) == (201, {"got": {"a": [1, "é"]}})


async def test_a_form_is_read(worker):
    async with worker.post("/form", data={"a": "1 2", "b": "é"}) as response:
        assert await response.json() == {"form": {"a": "1 2", "b": "é"}, "raw": 14}


async def test_files_are_uploaded(worker):
    form = aiohttp.FormData()
    form.add_field("note", "n")
    form.add_field("f", b"\x00" * 1_000_000, filename="a.bin", content_type="image/x")
    async with worker.post("/files", data=form) as response:
        files = {"f": ["a.bin", "image/x", 1_000_000]}
        assert await response.json() == {"files": files, "note": "n"}


async def test_a_request_is_streamed_back(worker):
    async def body():
        for i in range(50):
            yield bytes([i]) * 10_000

    data = b"".join(bytes([i]) * 10_000 for i in range(50))
    async with worker.post("/echo", data=data) as response:
        assert await response.read() == data
    async with worker.post("/echo", data=body()) as response:  # WSGI reads a length, or nothing
        assert await response.read() == b""


async def test_an_answer_is_streamed(worker):
    async with worker.get("/stream?n=500") as response:
        assert await response.text() == "".join(f"/stream {i}\n" for i in range(500))
    assert worker.logs == []


async def test_the_environment_is_at_hand(worker):
    async with worker.get("/env") as response:
        assert await response.text() == "hi"


async def test_a_session_is_kept_in_its_cookie(worker):
    async with worker.get("/who") as response:
        assert await response.text() == "nobody"
    async with worker.get("/login") as response:
        assert await response.text() == "me"


@pytest.mark.parametrize(("path", "status"), [("/teapot", 418), ("/x", 404), ("/empty", 204)])
async def test_statuses_are_passed_on(worker, path, status):
    async with worker.get(path) as response:
        assert response.status == status


async def test_an_exception_in_a_view_is_a_500_and_is_logged(worker, caplog):
    async with worker.get("/broken") as response:
        assert response.status == 500
        assert "Internal Server Error" in await response.text()
    assert any("boom in a view" in str(r.exc_info and r.exc_info[1]) for r in caplog.records)


RAISES = """
from workers import WorkerEntrypoint, wsgi

def app(environ, start_response):
    raise ValueError("boom before the answer")

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await wsgi.fetch(app, request, self.env)
"""


async def test_an_application_that_raises_is_an_uncaught_exception(serve):
    async with (
        serve(RAISES) as worker,
        worker.raises(ValueError, "boom before the answer"),
        worker.get("/") as response,
    ):
        assert response.status == 500
