"""What `send_email` is asked, here and in workerd."""

from __future__ import annotations

from typing import Any

from wrangler_py.config.bindings import Bindings, SendEmail

from .steps import Step, do

MINIFLARE = {
    "email": {
        "send_email": [
            {"name": "MAIL"},
            {"name": "ONE", "destination_address": "only@x.test"},
            {"name": "SOME", "allowed_destination_addresses": ["a@x.test", "b@x.test"]},
            {"name": "BY", "allowed_sender_addresses": ["me@x.test"]},
        ]
    }
}
BINDINGS = Bindings(
    send_email=(
        SendEmail("MAIL"),
        SendEmail("ONE", destination_address="only@x.test"),
        SendEmail("SOME", allowed_destination_addresses=("a@x.test", "b@x.test")),
        SendEmail("BY", allowed_sender_addresses=("me@x.test",)),
    )
)
HIDDEN = ("messageId",)

ME, YOU = "me@x.test", "you@x.test"
HEAD = f"From: Me <{ME}>\r\nTo: {YOU}\r\nMessage-ID: <1@x.test>\r\nSubject: Hi\r\n"


def message(raw: Any = f"{HEAD}\r\nHello", sender: Any = ME, to: Any = YOU) -> dict[str, Any]:
    return {"$email": [sender, to, raw]}


def send(*args: Any, by: str = "MAIL") -> Step:
    return do(by, ["send", *args])


def built(**members: Any) -> dict[str, Any]:
    return {"from": ME, "to": YOU, "subject": "S", "text": "T"} | members


SCENARIOS: dict[str, list[Step]] = {
    "messages": [
        send(message()),
        send(message({"$stream": f"{HEAD}\r\nHello"})),
        send(message({"$bytes": list(f"{HEAD}\r\nHello".encode())})),
        send(message(f"{HEAD}Bcc: z@x.test\r\n\r\n")),
        send(message(HEAD.replace("\r\n", "\n") + "\nHello")),
        send(message(f"{HEAD}X-Long: a\r\n b\r\n\r\nHello")),
        send(message(f"{HEAD}Message-ID: <2@x.test>\r\n\r\nHello")),
    ],
    "messages that are none": [
        send(message("")),
        send(message("Hello")),
        send(message(f"From: {ME}\r\n\r\nHello")),
        send(message(f"From: {ME}\r\nMessage-ID:\r\n\r\nHello")),
        send(message("Message-ID: <1@x.test>\r\n\r\nHello")),
        send(message(f"{HEAD}\r\nHello", sender=YOU)),
        send(message(f"{HEAD}From: {YOU}\r\n\r\nHello")),
        send(message(f"From: {YOU}\r\n{HEAD}\r\nHello")),
        send(message(f"{HEAD}Received: by me\r\n\r\nHello")),
        send(message(f"{HEAD}No header\r\n\r\nHello")),
        send(message(f"{HEAD}Wrong name: x\r\n\r\nHello")),
        send(message(f" {HEAD}\r\nHello")),
        send(message(HEAD)),
        send(message({"$undefined": 1})),
        send(message(5)),
    ],
    "objects": [
        send(built()),
        send(built(html="<p>", text={"$undefined": 1})),
        send({"from": {"name": "Me", "email": ME}, "to": [YOU, {"name": "Y", "email": YOU}]}),
        send(built(cc=YOU, bcc=[YOU], replyTo=YOU, headers={"X-A": "1"})),
        send(
            built(
                attachments=[
                    {"disposition": "attachment", "filename": "a.txt", "content": "aGk="},
                    {"filename": "b", "type": "x/y", "content": {"$buffer": [1, 2]}},
                ]
            )
        ),
    ],
    "objects that are none": [
        send(),
        send(None),
        send("x"),
        send(5),
        send({}),
        send({"from": ME}),
        send({"to": YOU}),
        send({"from": None, "to": YOU}),
    ],
    "who may get it": [
        send(message(to="only@x.test"), by="ONE"),
        send(message(), by="ONE"),
        send(built(to="Only <only@x.test>"), by="ONE"),
        send(built(to=["only@x.test", YOU]), by="ONE"),
        send(message(to="a@x.test"), by="SOME"),
        send(message(to="c@x.test"), by="SOME"),
        send(built(to="b@x.test", cc="c@x.test"), by="SOME"),
        send(built(to={"name": "C", "email": "c@x.test"}), by="SOME"),
    ],
    "who may send it": [
        send(message(), by="BY"),
        send(built(), by="BY"),
        send(built(**{"from": {"name": "You", "email": YOU}}), by="BY"),
        send(message(f"{HEAD.replace(ME, YOU)}\r\n", sender=YOU), by="BY"),
    ],
}
