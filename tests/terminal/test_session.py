"""Where keys make sense, and where they do not."""

from __future__ import annotations

import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest

from wrangler_py.config.model import Config
from wrangler_py.log import log
from wrangler_py.terminal import keyboard, session
from wrangler_py.terminal.session import Session, wants_keys


@pytest.fixture
def terminals(monkeypatch) -> dict[int, bool]:
    """Which of the standard streams are terminals."""
    found = {0: True, 1: True}
    monkeypatch.setattr(session, "_is_terminal", found.__getitem__)
    return found


@pytest.mark.parametrize(
    ("wanted", "environ", "expected"),
    [
        (None, {}, True),
        (None, {"TERM": "xterm"}, True),
        (None, {"TERM": "dumb"}, False),
        (None, {"CI": "true"}, False),
        (True, {"CI": "true"}, True),
        (False, {}, False),
    ],
)
def test_a_real_terminal_has_keys_unless_nobody_is_there(terminals, wanted, environ, expected):
    assert wants_keys(wanted, environ) is expected


@pytest.mark.parametrize("stream", [0, 1])
def test_a_pipe_has_none_whatever_is_asked_for(terminals, stream):
    terminals[stream] = False
    assert not wants_keys(True, {})


def test_objects_for_programs_leave_no_room_for_keys(terminals):
    before = log.settings
    log.settings = replace(before, json=True)
    try:
        assert not wants_keys(True, {})
    finally:
        log.settings = before


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("b", "b"), ("rs", "rs"), ("\x1b[A", ""), ("\x1bOP", ""), ("\x1b[1;5Ds", "s"), ("\x1b", ""),
        ("\x1bx", ""), ("\x1b[15~", ""), ("exit", ""), ("a pasted line", ""), ("\n", "\n"),
    ],
)  # fmt: skip
@pytest.mark.skipif(sys.platform == "win32", reason="Windows gives keys one by one")
def test_sequences_and_pastes_are_no_keys(typed, keys):
    assert keyboard._keys(typed) == keys


def test_of_several_workers_only_what_is_other_than_it_was_is_shown_again(tmp_path, capsys):
    def shown(name: str, **variables: str) -> SimpleNamespace:
        config = Config(name, tmp_path / "entry.py", "2026-11-01", vars=variables)
        return SimpleNamespace(config=config, title=name, worker=None)

    host = SimpleNamespace(reload_anyway=lambda: None)
    person = Session(host, lambda: None, interactive=False)
    try:
        person.show_bindings([shown("a", X="1"), shown("b", Y="1")])
        said = capsys.readouterr().out
        assert "a has access" in said
        assert "b has access" in said
        person.show_bindings([shown("a", X="1"), shown("b", Y="2")])
        said = capsys.readouterr().out
        assert "a has access" not in said
        assert 'env.Y ("2")' in said
    finally:
        person.close()
