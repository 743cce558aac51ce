"""Every public member of the SDK, called in a served worker, at the dates of three Pyodides."""

from __future__ import annotations

import textwrap

import pytest

from tests.sdk.members import DATES, TABLE, Row

WORKER = """
import asyncio
from http import HTTPMethod, HTTPStatus
from urllib.parse import urlsplit

import workers
from js import JSON, Promise, Uint8Array
from pyodide.ffi import create_proxy, to_js
from workers import *
from workers import import_from_javascript

def post():
    headers = [("content-type", "application/json"), ("x-y", "1"), ("x-y", "2")]
    headers += [("set-cookie", "a=1"), ("set-cookie", "b=2")]
    return Request("http://x/", method="POST", body='{"a": [1]}', headers=headers)

def page():
    headers = {"content-type": "text/x", "x-y": "1"}
    return Response('[1, "é"]', status=203, status_text="Mine", headers=headers)

def form():
    return FormData({"a": "1", "b": Blob("2"), "c": File("3", "f.txt")})

def here(request):
    parts = urlsplit(request.url)
    return f"{parts.scheme}://{parts.netloc}/plain"

def failure(function):
    try:
        function()
    except Exception as exc:
        return f"{type(exc).__name__}: {exc}"

async def failed(awaitable):
    try:
        await awaitable
    except Exception as exc:
        return f"{type(exc).__name__}: {exc}"

def shown(value):
    if isinstance(value, tuple):
        return "(" + ", ".join(map(shown, value)) + ")"
    if isinstance(value, list) and any(isinstance(v, type) for v in value):
        return "[" + ", ".join(map(shown, value)) + "]"
    return value.__name__ if isinstance(value, type) else repr(value)

def public(cls):
    return [f"{cls.__name__}.{n}" for n in dir(cls) if not n.startswith("_")]

CASES = []
%(cases)s

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        path = urlsplit(request.url).path
        if path == "/plain":
            body = await request.text() if request.method == "PUT" else ""
            return Response(f"{request.method.value} plain {body}")
        if path == "/members":
            classes = [Request, Response, FormData, Blob, File]
            return Response.json([n for cls in classes for n in public(cls)] + workers.__all__)
        answers = []
        for case in CASES:
            try:
                answers.append(shown(await case(request, self.env._env)))
            except Exception as exc:
                answers.append(f"raised {type(exc).__name__}: {exc}")
        return Response.json(answers)

    on_fetch = fetch  # its name at the oldest date

    async def add(self, a, b):
        return a + b

    async def counter(self):
        total = 0
        def count(n):
            nonlocal total
            total += n
            return total
        return count
"""


def script(rows: list[Row]) -> str:
    """A worker with a case for each row."""
    cases = []
    for row in rows:
        lines = [line for part in row.body.split("; ") for line in part.splitlines()]
        body = textwrap.indent(textwrap.dedent("\n".join(lines)).strip(), "    ")
        cases.append(f"@CASES.append\nasync def case(request, raw_env):\n{body}\n")
    return WORKER.replace("%(cases)s", "\n".join(cases))


@pytest.mark.parametrize("date", DATES)
async def test_each_member_answers_as_in_production(serve, date):
    rows = [row for row in TABLE if date in row.dates]
    async with serve(script(rows), date) as worker, worker.get("/") as response:
        answers = await response.json()
    wrong = [
        f"{row.members}: {row.body}\n  gave {answer}\n  not  {row.answer}"
        for row, answer in zip(rows, answers, strict=True)
        if answer != row.answer
    ]
    assert not wrong, "\n".join(wrong)


NOT_CALLED = {
    "Body", "BlobValue", "Context", "FetchKwargs", "FormDataValue", "Headers", "JSBody",
    "RequestInitCfProperties",  # types
    "DurableObject", "WorkerEntrypoint", "WorkflowEntrypoint",  # bases, not calls
}  # fmt: skip


async def test_no_public_member_is_left_out(serve):
    async with serve(script([])) as worker, worker.get("/members") as response:
        members = set(await response.json())
    called = {name for row in TABLE for name in row.members.split()}
    called |= {name.partition(".")[0] for name in called} | NOT_CALLED
    assert not members - called


LEGACY = """
from js import Object, Response
from pyodide.ffi import to_js
from workers import Response as Answer, handler

%s

@handler
async def with_sdk(request, env):
    return Answer(f"{request.method.value} {env.GREETING}", headers={"x": "1"})
"""
LEGACY_HANDLERS = [
    ("async def on_fetch(request):\n    return Response.new(request.method)", "GET"),
    ("def on_fetch(request, env):\n    return Response.new(env.GREETING)", "hi"),
    ("async def on_fetch(request, env, ctx):\n    return Answer('sdk')", "sdk"),
    ("async def on_fetch(request, env):\n    return await with_sdk(request, env)", "GET hi"),
    (
        "def on_fetch(request):\n    return Response.new(str(request.headers.get('nope')))",
        "None",
    ),
]


@pytest.mark.parametrize(("handler", "answer"), LEGACY_HANDLERS)
async def test_a_module_level_on_fetch_answers_at_an_old_date(serve, handler, answer):
    async with serve(LEGACY % handler, "2025-06-01") as worker, worker.get("/") as response:
        assert (response.status, await response.text()) == (200, answer)
