"""Reading and writing a session's file."""

from __future__ import annotations

import json
import os
import sys

import pytest

from wrangler_py.errors import ExitCode, UsageError
from wrangler_py.server.traffic import (
    Answered,
    Asked,
    Closed,
    Ended,
    Lost,
    Message,
    Piece,
    Side,
)
from wrangler_py.session import Recorder, read
from wrangler_py.session.file import to_line
from wrangler_py.session.lines import LIMIT, Digest

C, W = Side.CLIENT, Side.WORKER
HEADERS = (("Host", "a"), ("X", "1"), ("X", "2"))


def recorded(path, *events):
    recorder = Recorder(path)
    recorder.begin(worker="w", url="http://a")
    for event in events:
        recorder(event)
    recorder.close()
    return read(path)


EVENTS = [
    Asked(1, 0.0, C, "POST", "/a?b", HEADERS, b"text"),
    Asked(1, 0.0, C, "POST", "/a?b", HEADERS, b"\xff"),
    Asked(1, 0.0, C, "POST", "/a?b", HEADERS, b""),
    Asked(1, 0.0, C, "POST", "/a?b", HEADERS, None),
    Piece(1, 0.0, C, b"piece"),
    Ended(1, 0.0, C),
    Answered(1, 0.0, W, 200, "OK", HEADERS, "ü€".encode()),
    Answered(1, 0.0, W, 418, "Teapot", (), None),
    Message(1, 0.0, C, "hi\n\ud800"),
    Message(1, 0.0, W, b"\x00\xff"),
    Closed(1, 0.0, C, None, ""),
    Closed(1, 0.0, Side.TOOL, 1012, "Worker reloaded"),
    Lost(1, 0.0, W),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_what_is_written_is_read_again(tmp_path, event):
    first = Asked(1, 0.0, C, "GET", "/", (), b"")
    session = recorded(tmp_path / "s", first, event)
    again = session.entries[1].event
    assert again.at < 0  # the clock was never at 0
    assert {**_facts(again), "at": 0.0} == _facts(event)
    assert (session.entries[1].line, session.cut) == (3, False)


def _facts(event):
    return {name: getattr(event, name) for name in type(event).__dataclass_fields__}


def test_the_header_says_what_was_recorded(tmp_path):
    head = recorded(tmp_path / "s").header
    assert list(head) == ["wrangler-py session", "worker", "url", "time", "rules"]
    assert (head["wrangler-py session"], head["worker"]) == (1, "w")


@pytest.mark.skipif(sys.platform == "win32", reason="has no such modes")
def test_only_the_owner_reads_it(tmp_path):
    recorded(tmp_path / "s")
    assert os.stat(tmp_path / "s").st_mode & 0o777 == 0o600


def test_a_file_that_exists_is_not_overwritten(tmp_path):
    (tmp_path / "s").write_text("mine")
    with pytest.raises(UsageError, match="exists") as caught:
        Recorder(tmp_path / "s")
    assert caught.value.hint == "delete it, or record to another file"
    assert (tmp_path / "s").read_text() == "mine"


def test_a_recording_that_never_began_leaves_no_file(tmp_path):
    Recorder(tmp_path / "s").close()
    assert not (tmp_path / "s").exists()


def test_each_event_is_in_the_file_at_once(tmp_path):
    recorder = Recorder(tmp_path / "s")
    recorder.begin()
    recorder(EVENTS[0])
    assert len(read(tmp_path / "s").entries) == 1
    recorder.close()


def test_a_long_answer_is_kept_as_its_hash_and_a_long_request_whole(tmp_path):
    data = b"x" * (LIMIT + 1)
    session = recorded(
        tmp_path / "s",
        Asked(1, 0.0, C, "POST", "/", (), data),
        Answered(1, 0.0, W, 200, "OK", (), data),
        Message(1, 0.0, W, data.decode()),
        Asked(2, 0.0, C, "POST", "/", (), b""),
        Answered(2, 0.0, W, 200, "OK", (), None),
        Piece(2, 0.0, W, data[:-9]),
        Piece(2, 0.0, W, data[-9:]),
        Ended(2, 0.0, W),
    )
    digest = Digest.of(data)
    assert session.entries[0].event.body == data
    digests = [entry.digest for entry in session.entries]
    assert digests == [None, digest, digest, None, None, None, digest]
    assert isinstance(session.entries[2].event, Message)


def test_a_body_that_the_worker_compressed_is_kept_as_people_read_it(tmp_path):
    import gzip

    data = gzip.compress(b"hello")
    coded = (("Content-Encoding", "gzip"),)
    session = recorded(
        tmp_path / "s",
        Asked(1, 0.0, C, "GET", "/", (), b""),
        Answered(1, 0.0, W, 200, "OK", coded, data),
        Answered(1, 0.0, W, 200, "OK", coded, b"only labelled"),
        Answered(1, 0.0, W, 200, "OK", coded, None),
        Piece(1, 0.0, W, data[:12]),
        Piece(1, 0.0, W, data[12:]),
    )
    assert session.entries[1].event.body == b"hello"
    assert session.entries[2].event.body == b"only labelled"
    pieces = [e.event.data for e in session.entries if isinstance(e.event, Piece)]
    assert b"".join(pieces) == b"hello"


def test_a_last_line_that_is_cut_is_left_out(tmp_path):
    session = recorded(tmp_path / "s", EVENTS[0], EVENTS[6])
    data = session.path.read_bytes()
    session.path.write_bytes(data[:-20])
    cut = read(session.path)
    assert (cut.cut, len(cut.entries)) == (True, 1)


def lines(*rows):
    head = {"wrangler-py session": 1, "rules": {}}
    return b"".join(map(to_line, [head, *rows]))


ASKED = {"t": 0, "id": 1, "from": "client", "request": "GET /", "headers": {}, "body": ""}
WRONG = [
    (b"", "this is no recorded session", ":1"),
    (b"hello\n", "this is no recorded session", ":1"),
    (b"[]\n", "this is no recorded session", ":1"),
    (b'{"wrangler-py session": 2}\n', "has format 2", ":1"),
    (lines() + b"nonsense\n\n", "this is no event", ":2"),
    (lines(ASKED, {"t": 0, "from": "client"}), "there is no 'id'", ":3"),
    (lines(ASKED, {**ASKED, "from": "nobody"}), "is not a valid Side", ":3"),
    (lines(ASKED, {"t": 0, "id": 1, "from": "client"}), "says nothing", ":3"),
    (lines({"t": 0, "id": 2, "from": "worker", "text": "a"}), "no request 2 above", ":2"),
    (b'{"wrangler-py session": 1, "rules": []}\n', "`rules` is no object", ":1 rules"),
    (b'{"wrangler-py session": 1, "rules": {"ignored": 1}}\n', "no rule `ignored`", ":1 rules"),
    (
        b'{"wrangler-py session": 1, "rules": {"replace": {"<a>": "("}}}\n',
        "no regular expression",
        ":1 rules",
    ),
    (b'{"wrangler-py session": 1, "rules": {"ignore_json": "$.a"}}\n', "no list", ":1 rules"),
    (b'{"wrangler-py session": 1, "rules": {"ignore_json": ["a"]}}\n', "no path", ":1 rules"),
]


@pytest.mark.parametrize(("data", "text", "where"), WRONG)
def test_what_is_wrong_is_told_with_its_line(tmp_path, data, text, where):
    (tmp_path / "s").write_bytes(data)
    with pytest.raises(UsageError) as caught:
        read(tmp_path / "s")
    assert text in caught.value.message
    assert caught.value.where == f"{tmp_path / 's'}{where}"
    assert caught.value.exit_code is ExitCode.USAGE


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="cannot read"):
        read(tmp_path / "none")


def test_rules_that_are_not_said_are_the_usual_ones(tmp_path):
    (tmp_path / "s").write_bytes(json.dumps({"wrangler-py session": 1}).encode())
    assert "date" in read(tmp_path / "s").rules.ignored_headers
