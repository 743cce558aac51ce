"""Messages that are handed in end as with miniflare (`recorded/email.json`)."""

from __future__ import annotations

import io
import json

import pytest

from wrangler_py.runtime.email import NO_HANDLER
from wrangler_py.server.email import offer_email
from wrangler_py.testing import run_worker

from .record_email import RECORDED, facts
from .table_email import CASES, ENVELOPE, asked

WORKER = """
import json
from js import Headers, Object, Response as JsResponse
from pyodide.ffi import JsException, to_js
from workers import Response, WorkerEntrypoint, import_from_javascript

seen = []

def value(x):
    if not isinstance(x, dict):
        return x
    if "$email" in x:
        return import_from_javascript("cloudflare:email").EmailMessage.new(*x["$email"])
    if "$headers" in x:
        return Headers.new(to_js(x["$headers"], dict_converter=Object.fromEntries))
    return to_js(x, dict_converter=Object.fromEntries)

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        found = seen[:]
        seen.clear()
        return Response.json(found)

    async def email(self, message, env, ctx):
        assert env is None and ctx is None
        for name, *args in json.loads(message.headers.get("x-do") or "[]"):
            if name == "raise":
                raise TypeError(args[0])
            if name == "shown":
                headers = [list(pair) for pair in message.headers if pair[0] != "x-do"]
                text = await JsResponse.new(message.raw).text()
                own = [message.from_, message.to, message.rawSize, message.canBeForwarded]
                seen.append([*own, headers, text])
                continue
            try:
                given = getattr(message, name)(*map(value, args))
                seen.append(None if given is None else {"messageId": (await given).messageId})
            except JsException as exc:
                seen.append(str(exc))
"""

KNOWN = json.loads(RECORDED.read_text())


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "mail.py"
    path.write_text(WORKER)
    return path


async def hand_in(worker, case, path="/cdn-cgi/local/email"):
    response = await worker.fetch(f"{path}{case.query}", method="POST", body=case.body.encode())
    return {
        "status": response.status,
        "type": response.headers["Content-Type"],
        "text": await response.text(),
        "seen": await (await worker.fetch("/")).json(),
    }


@pytest.fixture
async def worker(script):
    async with run_worker(script) as running:
        offer_email(running._server.endpoints, running._host)
        yield running


async def test_every_message_ends_as_with_miniflare(worker):
    wrong = []
    for name, case in CASES.items():
        ours = facts(await hand_in(worker, case))
        if ours != KNOWN[name]:
            wrong.append({"case": name, "ours": ours, "theirs": KNOWN[name]})
    assert not wrong, "\n".join(map(str, wrong))
    assert [str(exc) for exc in worker.errors] == ["no", "no"]
    worker.errors.clear()


async def test_wranglers_other_name_answers_too(worker):
    answer = await hand_in(worker, asked(query=ENVELOPE), "/cdn-cgi/handler/email")
    assert (answer["status"], answer["text"]) == (200, "Worker successfully processed email")


async def test_a_message_that_is_too_large_is_refused(worker):
    body = io.BytesIO(b"x" * (25 * 2**20 + 1))
    answer = await worker.post(f"/cdn-cgi/local/email{ENVELOPE}", data=body)
    assert answer.status == 400
    assert (await answer.text()).endswith("bigger than the production size limit of 25 MiB.")


async def test_a_get_says_what_is_missing(worker):
    response = await worker.fetch(f"/cdn-cgi/local/email{ENVELOPE}")
    assert (response.status, (await response.text())[:14]) == (400, "Invalid email.")


async def test_a_worker_without_a_handler_says_so(tmp_path, capsys):
    path = tmp_path / "silent.py"
    path.write_text("def on_fetch(*args):\n    pass\n\ndef on_email(*args):\n    pass\n")
    async with run_worker(path, compatibility_date="2025-01-01") as running:
        offer_email(running._server.endpoints, running._host)
        case = asked(query=ENVELOPE)
        where = f"/cdn-cgi/local/email{case.query}"
        answer = await running.fetch(where, method="POST", body=case.body)
        assert (answer.status, await answer.text()) == (500, NO_HANDLER)
        as_json = await running.fetch(f"{where}&format=json", method="POST", body=case.body)
        assert [each["type"] for each in (await as_json.json())["events"]] == ["unhandled"]
        assert any("on_email() is never called" in entry.message for entry in running.logs)
        running.errors.clear()
