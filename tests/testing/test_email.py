"""Mail in tests: what comes in by `worker.email`, and what goes out in `worker.sent_email`."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from wrangler_py.testing import run_worker

WORKER = '''
from js import Object
from pyodide.ffi import to_js
from workers import Response, WorkerEntrypoint, import_from_javascript

REPLY = """From: %s\\r
Message-ID: <2@x.test>\\r
In-Reply-To: %s\\r
Subject: Re\\r
\\r
Thanks"""

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if "raw" in request.url:
            mail = import_from_javascript("cloudflare:email")
            raw = "From: me@x.test\\r\\nMessage-ID: <3@x.test>\\r\\n\\r\\nHi"
            message = mail.EmailMessage.new("me@x.test", "you@x.test", raw)
            sent = await self.env.MAIL.send(message)
        else:
            envelope = {"from": "me@x.test", "to": ["you@x.test"], "subject": "Hi"}
            if "dict" in request.url:
                await self.env.MAIL.send(envelope)
            given = envelope | {"text": "T", "html": "<p>"}
            sent = await self.env.MAIL.send(to_js(given, dict_converter=Object.fromEntries))
        return Response(sent.messageId)

    async def email(self, message, env, ctx):
        if message.headers["subject"] == "spam":
            message.setReject("No spam")
            return
        if message.headers["subject"] == "boom":
            raise ValueError("no such list")
        await message.forward("list@x.test")
        mail = import_from_javascript("cloudflare:email")
        raw = REPLY % (message.to, message.headers["message-id"])
        await message.reply(mail.EmailMessage.new(message.to, message.from_, raw))
'''
CONFIG = '{"name": "w", "main": "mail.py", "send_email": [{"name": "MAIL"}]}'


@pytest.fixture
async def worker(tmp_path):
    (tmp_path / "mail.py").write_text(WORKER)
    (tmp_path / "wrangler.json").write_text(CONFIG)
    async with run_worker(config=tmp_path / "wrangler.json", folder=tmp_path) as running:
        yield running


def message(subject="Hello"):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Ann <ann@x.test>", "list@y.test", subject
    made["Message-ID"] = "<1@x.test>"
    made.set_content("Hi all")
    return made


async def test_a_message_is_forwarded_and_replied(worker):
    came = await worker.email(message())
    assert (came.outcome, came.reject_reason) == ("ok", None)
    assert [each.to for each in came.forwards] == [("list@x.test",)]
    [reply] = came.replies
    assert reply.startswith(b"References: <1@x.test>\r\nFrom: list@y.test")
    assert [(each.how, each.sender, each.to) for each in worker.sent_email] == [
        ("forward", "ann@x.test", ("list@x.test",)),
        ("reply", "list@y.test", ("ann@x.test",)),
    ]


async def test_a_message_is_rejected(worker):
    assert (await worker.email(message("spam"))).reject_reason == "No spam"
    assert worker.sent_email == []


async def test_what_the_handler_raises_is_raised(worker):
    with pytest.raises(ValueError, match="no such list"):
        await worker.email(message("boom"))


async def test_a_message_without_an_id_is_none(worker):
    with pytest.raises(ValueError, match="Message-ID"):
        await worker.email("From: ann@x.test\r\n\r\nHi", to="list@y.test")


async def test_a_worker_sends(worker):
    ids = [await (await worker.fetch(path)).text() for path in ("/raw", "/object")]
    raw, made = worker.sent_email
    assert [raw.message_id, made.message_id] == ids
    assert raw.raw.startswith(b"From: me@x.test\r\nMessage-ID: " + ids[0].encode())
    assert (made.to, made.subject, made.text, made.html) == (("you@x.test",), "Hi", "T", "<p>")


async def test_a_dict_is_no_message(worker):
    async with worker.raises(Exception, match="DataCloneError") as caught:
        await worker.fetch("/dict")
    assert "to_js" in caught[0].__notes__[0]
