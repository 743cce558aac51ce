"""`pdb` gives way, and takes its own way back."""

from __future__ import annotations

import pdb
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from wrangler_py.terminal.debugger import NoTerminal, give_way

ORIGINAL = pdb.Pdb.interaction, pdb.Pdb.set_trace


@pytest.fixture
def events(monkeypatch) -> list[str]:
    said: list[str] = []
    monkeypatch.setattr(pdb.Pdb, "interaction", lambda self, *args: said.append("prompt"))
    return said


def test_a_prompt_stands_in_the_block_that_was_given(events):
    @contextmanager
    def aside() -> Iterator[None]:
        events.append("aside")
        yield
        events.append("back")

    undo = give_way(aside, None)
    try:
        debugger = pdb.Pdb()
        debugger.mode = "inline"
        debugger.interaction(sys._getframe(), None)
    finally:
        undo()
    assert events == ["aside", "prompt", "back"]
    assert debugger.mode is None  # with it, `q` ends the process since 3.14
    pdb.Pdb().interaction(sys._getframe(), None)
    assert events[3:] == ["prompt"]


def test_where_nobody_types_it_raises_at_the_line_that_stops(events):
    undo = give_way(lambda: pytest.fail("nobody is there"), "it is dark")
    try:
        with pytest.raises(
            NoTerminal, match="a debugger cannot be used here: it is dark"
        ) as caught:
            pdb.set_trace()
        assert "--debugpy" in caught.value.__notes__[0]
        with pytest.raises(NoTerminal):
            pdb.Pdb().interaction(sys._getframe(), None)
    finally:
        undo()
    assert events == []
    assert sys.gettrace() is None or "bdb" not in repr(sys.gettrace())


def test_it_is_changed_when_somebody_imports_it_and_not_before(monkeypatch):
    monkeypatch.delitem(sys.modules, "pdb")
    undo = give_way(lambda: pytest.fail("no prompt"), "it is dark")
    try:
        assert "pdb" not in sys.modules
        import pdb as fresh

        with pytest.raises(NoTerminal):
            fresh.set_trace()
    finally:
        undo()
    assert fresh.Pdb.interaction.__qualname__ == "Pdb.interaction"
    assert not any(type(finder).__module__.endswith("debugger") for finder in sys.meta_path)
    assert (pdb.Pdb.interaction, pdb.Pdb.set_trace) == ORIGINAL
