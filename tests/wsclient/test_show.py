from __future__ import annotations

import json

import pytest

from wrangler_py.wsclient.frames import Closed, Frame, Kind, meaning
from wrangler_py.wsclient.show import JsonLines, Pretty, Raw


def pretty(*, talkative: bool = True, color: bool = False) -> tuple[Pretty, list[str]]:
    lines: list[str] = []
    return Pretty(lines.append, color=color, width=60, talkative=talkative), lines


def received(data: str | bytes, at: float = 0.5) -> Frame:
    kind = Kind.TEXT if isinstance(data, str) else Kind.BINARY
    return Frame(kind, data, at, sent=False)


SHOWN = [
    (Frame(Kind.TEXT, "hi", 0.0014, sent=True), "   0.001 > hi"),
    (received("hi", 12.3456), "  12.346 < hi"),
    (received(""), "   0.500 <"),
    (received('{"a":1}'), '   0.500 < {"a": 1}'),
    (received("two\nlines"), "   0.500 < two\n           lines"),
    (received(b"\x00A"), f"   0.500 < 2 bytes\n           0000  {'00 41':<47}  .A"),
    (received(b""), "   0.500 < 0 bytes"),
    (Frame(Kind.PING, b"x", 1, sent=False), "   1.000 < ping x"),
    (Frame(Kind.PONG, b"", 1, sent=False, after=0.0012), "   1.000 < pong after 1.2 ms"),
]


@pytest.mark.parametrize(("frame", "text"), SHOWN)
def test_a_frame_has_its_time_and_direction(frame, text):
    shown, lines = pretty()
    shown.frame(frame)
    assert lines == [text]


def test_a_message_cannot_move_the_cursor():
    shown, lines = pretty()
    shown.frame(received("\x1b[2Jgone \x9b1m \u202e é 👩‍🚀"))
    shown.frame(received('{"a":"\x9b1m"}'))
    assert lines == [
        "   0.500 < \\u001b[2Jgone \\u009b1m \\u202e é 👩‍🚀",
        '   0.500 < {"a": "\\u009b1m"}',
    ]


def test_much_is_cut_and_says_so():
    shown, lines = pretty()
    shown.frame(received("x" * 20_000))
    shown.frame(received(bytes(1000)))
    text, binary = lines
    assert len(text) < 11_000
    assert text.endswith("... 20,000 characters; --raw shows all")
    assert binary.count("\n") == 17
    assert binary.endswith("... 744 more")


CLOSES = [
    (Closed(1000, "", 1, by_us=True), "> closed by us: 1000 (normal)"),
    (Closed(4001, "bye", 1, by_us=True), '> closed by us: 4001 "bye" (the application\'s own)'),
    (
        Closed(4001, "", 1, by_us=True, answer=1000),
        "> closed by us: 4001 (the application's own), answered with 1000",
    ),
    (
        Closed(1012, "Worker reloaded", 1, by_us=False),
        '< closed by the server: 1012 "Worker reloaded" (the code was reloaded: connect again)',
    ),
    (Closed(1006, "", 1, by_us=False), f"< {meaning(1006)} (1006)"),
]


@pytest.mark.parametrize(("closed", "text"), CLOSES)
def test_the_end_says_who_why_and_what_it_means(closed, text):
    shown, lines = pretty()
    shown.closed(closed)
    assert lines == [f"   1.000 {text}"]


def test_a_script_is_told_of_no_usual_goodbye():
    shown, lines = pretty(talkative=False)
    shown.opened("ws://x/", None)
    shown.closed(Closed(1000, "", 1, by_us=True))
    assert lines == []
    shown.closed(Closed(1000, "", 1, by_us=False))
    assert lines == ["   1.000 < closed by the server: 1000 (normal)"]


def test_a_person_is_told_how_to_get_out():
    shown, lines = pretty()
    shown.opened("ws://x/", "chat")
    assert lines == ["Connected to ws://x/, protocol chat. /help lists the commands, Ctrl-D ends."]


def test_colours_are_for_terminals():
    shown, lines = pretty(color=True)
    shown.frame(received("hi"))
    assert lines == ["\033[90m   0.500\033[0m \033[36m<\033[0m hi"]


def test_raw_is_what_came_and_nothing_else():
    lines: list[str] = []
    notes: list[str] = []
    shown = Raw(lines.append, notes.append)
    shown.opened("ws://x/", None)
    shown.frame(Frame(Kind.TEXT, "mine", 0, sent=True))
    shown.frame(Frame(Kind.PONG, b"", 0, sent=False))
    shown.frame(received('{"a":1}\x1b'))
    shown.frame(received(b"\x01\xff"))
    shown.closed(Closed(1000, "", 1, by_us=True))
    assert (lines, notes) == (['{"a":1}\x1b', "01ff"], [])
    shown.closed(Closed(1011, "no", 1, by_us=False))
    assert notes == ['closed: 1011 "no" (the server failed; its terminal says why)']


def test_json_lines_hold_everything():
    lines: list[str] = []
    shown = JsonLines(lines.append)
    shown.opened("ws://x/", "chat")
    shown.frame(Frame(Kind.BINARY, b"\x01", 0.25, sent=True))
    shown.frame(Frame(Kind.PONG, b"", 0.5, sent=False, after=0.001))
    shown.closed(Closed(4000, "é", 1, by_us=False))
    assert [json.loads(line) for line in lines] == [
        {"event": "open", "at": 0, "url": "ws://x/", "protocol": "chat"},
        {"event": "sent", "at": 0.25, "type": "binary", "size": 1, "hex": "01"},
        {"event": "received", "at": 0.5, "type": "pong", "size": 0, "hex": "", "ms": 1.0},
        {"event": "close", "at": 1, "code": 4000, "reason": "é", "by": "server"},
    ]


@pytest.mark.parametrize(
    ("closed", "normal"),
    [
        (Closed(1000, "", 0, by_us=False), True),
        (Closed(1001, "", 0, by_us=False), True),
        (Closed(1005, "", 0, by_us=False), True),
        (Closed(4001, "", 0, by_us=True), True),
        (Closed(4001, "", 0, by_us=False), False),
        (Closed(1006, "", 0, by_us=False), False),
        (Closed(1011, "", 0, by_us=False), False),
    ],
)
def test_which_ends_are_normal(closed, normal):
    assert closed.is_normal is normal


@pytest.mark.parametrize(
    ("code", "said"), [(3000, "a library's own"), (4999, "the application's own"), (42, "unknown")]
)
def test_codes_without_a_name_have_a_meaning_too(code, said):
    assert meaning(code) == said
