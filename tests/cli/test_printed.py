"""What a worker prints while every line is to be an object."""

from __future__ import annotations

import json
import sys

import pytest

from wrangler_py.cli.printed import printed_as_events
from wrangler_py.log import Settings, log


@pytest.fixture(autouse=True)
def as_json(monkeypatch):
    monkeypatch.setattr(log, "settings", Settings(json=True))


def test_each_printed_line_is_an_event(capsys):
    with printed_as_events():
        print("a", 1, end=" ")
        print("b\nc")
        print("begun", end="", flush=True)
        log.ready("http://localhost:1")
        print("last", end="")
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one.get("message", one["event"]) for one in said] == [
        "a 1 b", "c", "begun", "ready", "last",
    ]  # fmt: skip
    assert {one["level"] for one in said if one["event"] == "log"} == {"log"}


def test_standard_output_is_given_back(capsys):
    real = sys.stdout
    with pytest.raises(KeyError), printed_as_events():
        raise KeyError
    assert sys.stdout is real
    print("as ever")
    assert capsys.readouterr().out == "as ever\n"
