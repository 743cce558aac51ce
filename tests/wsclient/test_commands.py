from __future__ import annotations

import pytest

from wrangler_py.wsclient.commands import CloseIt, Help, Ping, Quit, Send, parse

LINES = [
    ("hello", Send("hello")),
    (" spaces stay ", Send(" spaces stay ")),
    ("", None),
    ("//path", Send("/path")),
    ("//", Send("/")),
    ("/ping", Ping(b"")),
    ("/ping are you there", Ping(b"are you there")),
    ("/close", CloseIt(1000, "")),
    ("/close 4001", CloseIt(4001, "")),
    ("/close 4001 bye then", CloseIt(4001, "bye then")),
    ("/close 1011 oops", CloseIt(1011, "oops")),
    ("/binary 01 02ff", Send(b"\x01\x02\xff")),
    ("/binary 0x01 0xff", Send(b"\x01\xff")),
    ("/binary", Send(b"")),
    ("/quit", Quit()),
    ("/help", Help()),
]


@pytest.mark.parametrize(("line", "action"), LINES)
def test_a_line_is_text_or_a_command(line, action):
    assert parse(line) == action


def test_bytes_may_come_from_a_file(tmp_path):
    (tmp_path / "data").write_bytes(b"\x00\x01")
    assert parse(f"/binary @{tmp_path / 'data'}") == Send(b"\x00\x01")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("/nothing", "there is no command /nothing; /help lists them, //nothing sends it as text"),
        ("/close 999", "a close code is 1000 or 3000 to 4999, not 999"),
        ("/close 1006", "not 1006"),
        ("/close bye", "not bye"),
        ("/close 4000 " + "x" * 124, "a reason holds 123 bytes at most, not 124"),
        ("/ping " + "x" * 126, "a ping holds 125 bytes at most, not 126"),
        ("/binary 0", "hexadecimal digits"),
        ("/binary @/no/such/file", "cannot read /no/such/file: No such file or directory"),
    ],
)
def test_what_cannot_be_done_says_what_can(line, complaint):
    with pytest.raises(ValueError, match=complaint):
        parse(line)
