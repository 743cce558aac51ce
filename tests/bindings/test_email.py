"""Where mail is kept that a Worker sends."""

from __future__ import annotations

import pytest

from wrangler_py import compat, context
from wrangler_py.bindings.email import EmailMessage, Outbox, mime
from wrangler_py.bindings.email.send import SendEmail
from wrangler_py.config.bindings import SendEmail as Settings
from wrangler_py.js.array import JsArray
from wrangler_py.js.object import JsObject
from wrangler_py.js.typed_array import Uint8Array
from wrangler_py.stores.stores import Stores

RAW = "From: me@x.test\r\nTo: you@x.test\r\nMessage-ID: <old@x.test>\r\nSubject: Hi\r\n\r\nHello"


class StandIn:
    def forget(self, owner): ...


@pytest.fixture
def owner():
    made = context.IoContext(StandIn(), "a test", compat.resolve("2026-11-01", ()))
    made.answering = True
    with made.entered():
        yield made


async def test_a_message_is_a_file_that_the_terminal_names(owner, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sender = SendEmail(Stores(tmp_path / "v3"), Settings("MAIL"))
    sent = await sender.send(EmailMessage("me@x.test", "you@x.test", RAW))
    [file] = (tmp_path / "v3" / "email" / "email").iterdir()
    assert file.stem == sent.messageId.strip("<>")
    assert file.read_bytes() == RAW.replace("<old@x.test>", sent.messageId).encode()
    assert str(file.relative_to(tmp_path)) in capsys.readouterr().out


async def test_each_part_of_an_object_is_a_file(owner, tmp_path):
    sender = SendEmail(Stores(tmp_path), Settings("MAIL"))
    attached = JsObject({"filename": "a/../b.txt", "content": Uint8Array._of(b"\0\1")})
    given = {"from": "me@x.test", "to": "you@x.test", "text": "T", "html": "<p>"}
    await sender.send(JsObject(given | {"attachments": JsArray([attached])}))
    found = {path.parent.name: path for path in (tmp_path / "email").rglob("*.*")}
    assert {name: path.read_bytes() for name, path in found.items()} == {
        "email-text": b"T",
        "email-html": b"<p>",
        "email-attachment": b"\0\1",
    }
    assert found["email-attachment"].name.endswith("-1.txt")


async def test_a_test_sees_what_was_sent_and_no_file(owner):
    stores = Stores()
    await SendEmail(stores, Settings("MAIL")).send(EmailMessage("me@x.test", "you@x.test", RAW))
    [sent] = stores.keep(Outbox).sent
    assert (sent.how, sent.sender, sent.to) == ("send", "me@x.test", ("you@x.test",))


ADDRESSES = [
    ("me@x.test", "x.test"),
    ("me@[10.0.0.1]", "[10.0.0.1]"),
    ("me@b\u00fccher.test", "xn--bcher-kva.test"),
    ("nobody", "localhost"),
    ("me@x/y", "localhost"),
]


@pytest.mark.parametrize(("address", "domain"), ADDRESSES)
def test_an_id_is_of_the_senders_domain(address, domain):
    made = mime.message_id(address)
    assert made.endswith(f"@{domain}>")
    assert len(made) == len(domain) + 39


MESSAGES = [
    (b"A: 1\r\n\r\nx", b"Message-ID: <n>\r\nA: 1\r\n\r\nx"),
    (b"A: 1\n\nx", b"Message-ID: <n>\nA: 1\n\nx"),
    (b"message-id: <o>\r\nA: 1\r\n\r\nx", b"Message-ID: <n>\r\nA: 1\r\n\r\nx"),
    (b"A: 1\r\nMessage-Id:\r\n <o>\r\n\r\nx", b"A: 1\r\nMessage-ID: <n>\r\n\r\nx"),
    (b"Message-ID: <o>\r\nA: 1\r\nMessage-ID: <p>\r\n\r\n", b"Message-ID: <n>\r\nA: 1\r\n\r\n"),
]


@pytest.mark.parametrize(("raw", "wanted"), MESSAGES)
def test_a_message_gets_the_id_of_who_sent_it(raw, wanted):
    assert mime.with_message_id(raw, "<n>") == wanted


def test_nobody_sees_who_got_a_blind_copy():
    raw = b"A: 1\r\nBcc: a@x.test,\r\n b@x.test\r\nB: 2\r\n\r\nBcc: not a header\r\n"
    assert mime.without_bcc(raw) == b"A: 1\r\nB: 2\r\n\r\nBcc: not a header\r\n"


HOSTILE = ["me@[../../../../x]", f"me@{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 50}.test"]


@pytest.mark.parametrize("sender", HOSTILE)
async def test_no_address_leads_out_of_the_folder(owner, tmp_path, sender):
    mail = SendEmail(Stores(tmp_path / "a" / "b" / "c" / "v3"), Settings("MAIL"))
    given = {"from": sender, "to": "you@x.test", "text": "T"}
    await mail.send(JsObject(given))
    [file] = (path for path in tmp_path.rglob("*") if path.is_file())
    assert file.parent == tmp_path / "a" / "b" / "c" / "v3" / "email" / "email-text"


@pytest.mark.timeout(5)
@pytest.mark.parametrize("value", ["(" * 100_000, "a:" * 50_000, "=?a?q?b?= " * 100_000])
def test_a_hostile_header_is_no_addresses_and_takes_no_time(value):
    mail = mime.parse(f"From: {value}\nTo: {value}\nMessage-ID: {value}\n\n".encode())
    assert mail.message_id == value.strip()
    assert mail.sender is None or mail.recipients
