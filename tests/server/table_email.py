"""Messages that are handed in, here and to miniflare: what the Worker then does is in the message.

Its header `X-Do` is JSON: a list of calls of the message, `["raise", text]`, or `["shown"]`; the
argument `{"$email": [from, to, raw]}` is an EmailMessage, `{"$headers": {...}}` are Headers.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

ENVELOPE = "?from=me@x.test&to=you@x.test"
JSON = f"{ENVELOPE}&format=json"
HEAD = "From: Me <me@x.test>\r\nTo: You <you@x.test>, z@x.test\r\nMessage-ID: <1@x.test>\r\n"
ANSWER = "From: you@x.test\r\nMessage-ID: <2@x.test>\r\nIn-Reply-To: <1@x.test>\r\n"


class Case(NamedTuple):
    query: str
    body: str = ""


def asked(*calls: Any, query: str = JSON, head: str = HEAD) -> Case:
    return Case(query, f"{head}X-Do: {json.dumps(calls)}\r\n\r\nHello\r\n")


def reply(raw: str = f"{ANSWER}\r\nHi", sender: str = "you@x.test") -> list[Any]:
    return ["reply", {"$email": [sender, "me@x.test", raw]}]


def built(**members: Any) -> list[Any]:
    given = {"from": "you@x.test", "subject": "Re", "text": "T"} | members
    return ["reply", {name: value for name, value in given.items() if value is not None}]


CASES: dict[str, Case] = {
    "nothing": Case(ENVELOPE),
    "no recipient": Case("?from=me@x.test", f"{HEAD}\r\n"),
    "no sender": Case("?from=&to=you@x.test", f"{HEAD}\r\n"),
    "no id": Case(ENVELOPE, "From: me@x.test\r\n\r\n"),
    "no headers": Case(ENVELOPE, "Hello"),
    "no From": Case(ENVELOPE, "To: you@x.test\r\nMessage-ID: <1@x.test>\r\n\r\n"),
    "another envelope": asked(["shown"], query="?from=other@x.test&to=else@x.test&format=json"),
    "no calls": asked(query=ENVELOPE),
    "shown": asked(["shown"]),
    "headers": asked(["shown"], head=f"{HEAD}X-A: 1\r\nx-a: 2\r\nX-B: a\r\n  b\r\nBcc: z\r\n"),
    "header that is none": asked(["shown"], head=f"{HEAD}Wrong name: 1\r\n"),
    "rejected": asked(["setReject", "Unknown \u00e4ddress"], query=ENVELOPE),
    "rejected twice": asked(["setReject", "one"], ["setReject", "two"]),
    "rejected with a number": asked(["setReject", 5]),
    "forwarded": asked(
        ["forward", "a@x.test"], ["forward", "b@x.test", {"$headers": {"X-B": "2", "x-a": "1"}}]
    ),
    "raises": asked(["raise", "no"], query=ENVELOPE),
    "raises after a reply": asked(reply(), ["raise", "no"]),
    "replied": asked(reply()),
    "replied with references": asked(reply(f"{ANSWER}References: <1@x.test>\r\n\r\nHi")),
    "reply with wrong references": asked(reply(f"{ANSWER}References: <7@x.test>\r\n\r\nHi")),
    "reply of another": asked(reply(sender="z@x.test")),
    "reply without id": asked(reply(ANSWER.replace("Message-ID: <2@x.test>\r\n", "") + "\r\n")),
    "reply with an empty id": asked(reply(ANSWER.replace("<2@x.test>", "") + "\r\n")),
    "reply to nothing": asked(reply("From: you@x.test\r\nMessage-ID: <2@x.test>\r\n\r\n")),
    "reply to another": asked(reply(ANSWER.replace("<1@", "<9@") + "\r\n")),
    "reply that was received": asked(reply(f"{ANSWER}Received: x\r\n\r\n")),
    "reply in a thread": asked(
        reply(), head=f"{HEAD}In-Reply-To: <0@x.test>\r\nReferences: <0@x.test>\r\n"
    ),
    "reply without the thread": asked(reply(), head=f"{HEAD}In-Reply-To: <0@x.test>\r\n"),
    "reply to a long thread": asked(
        reply(),
        head=f"{HEAD}In-Reply-To: <0@x.test>\r\nReferences: {'<0@x> ' * 100}\r\n",
    ),
    "reply to a machine": asked(reply(), head=f"{HEAD}Auto-Submitted: auto-replied\r\n"),
    "reply to no machine": asked(reply(), head=f"{HEAD}Auto-Submitted: NO\r\n"),
    "reply suppressed": asked(reply(), head=f"{HEAD}X-Auto-Response-Suppress: All\r\n"),
    "built reply": asked(built()),
    "built reply with a name": asked(
        built(**{"from": {"name": 'A "b"', "email": "you@x.test"}, "replyTo": "z@x.test"})
    ),
    "built reply in HTML": asked(built(text=None, html="<p>T</p>")),
    "built reply with headers": asked(
        built(headers={"X-A": "1", "Subject": "no", "References": "no", "To": "no"})
    ),
    "built reply with a line in it": asked(built(subject="a\nb")),
    "built reply with a line in a header": asked(built(headers={"X-A": "a\nb"})),
    "built reply that was received": asked(built(headers={"Received": "x"})),
    "built reply with a wrong file": asked(
        built(attachments=[{"filename": "a", "type": "text", "content": "aGk="}])
    ),
    "built reply with a broken file": asked(
        built(attachments=[{"filename": "a", "type": "text/plain", "content": "?"}])
    ),
    "replied and forwarded": asked(
        reply(), ["forward", "a@x.test"], ["setReject", "all the same"], query=JSON
    ),
}
