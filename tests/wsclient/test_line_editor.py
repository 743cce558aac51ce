from __future__ import annotations

import pytest

from wrangler_py.wsclient.line_editor import LineEditor

UP, DOWN, LEFT, RIGHT, HOME, END = (f"\x1b[{key}" for key in "ABDCHF")


def typed(keys: str, history: list[str] | None = None) -> LineEditor:
    editor = LineEditor(history)
    editor.press(keys)
    return editor


EDITS = [
    ("abc", "abc", 3),
    (f"abc{LEFT}X", "abXc", 3),
    (f"abc{HOME}X{END}Y", "XabcY", 5),
    ("abc\x01X\x05Y", "XabcY", 5),
    (f"abc{LEFT * 9}{RIGHT}X", "aXbc", 2),
    ("abc\x7f", "ab", 2),
    ("\x7f", "", 0),
    (f"abc{HOME}\x1b[3~", "bc", 0),
    ("abc\x01\x04", "bc", 0),
    ("one two\x17", "one ", 4),
    ("one two \x17X", "one X", 5),
    (f"one two{LEFT * 3}\x15", "two", 0),
    (f"one two{LEFT * 3}\x0b", "one ", 4),
    ("one two\x1b[1;5DX", "one Xtwo", 5),
    ("one two\x01\x1b[1;5CX", "one Xtwo", 5),
    ("é日本", "é日本", 3),
    ("a\x00\x1b[15~\x1bxb", "ab", 2),
]


@pytest.mark.parametrize(("keys", "text", "cursor"), EDITS)
def test_keys_edit_the_line(keys, text, cursor):
    editor = typed(keys)
    assert (editor.text, editor.cursor) == (text, cursor)


@pytest.mark.parametrize(("keys", "text", "cursor"), EDITS)
def test_it_is_the_same_one_key_at_a_time(keys, text, cursor):
    editor = LineEditor()
    for key in keys:
        editor.press(key)
    assert (editor.text, editor.cursor) == (text, cursor)


def test_enter_finishes_lines():
    editor = LineEditor()
    assert editor.press("one\r\x74wo\nthr") == ["one", "two"]
    assert editor.text == "thr"
    assert editor.press("ee\r\r") == ["three", ""]


def test_earlier_lines_come_back_and_the_draft_is_kept():
    editor = typed(f"draft{UP}", ["one", "two"])
    assert editor.text == "two"
    editor.press(UP + UP)
    assert editor.text == "one"
    editor.press(DOWN + DOWN)
    assert editor.text == "draft"
    editor.press(DOWN)
    assert editor.text == "draft"


def test_history_has_each_line_once_in_a_row_and_no_empty_ones():
    editor = typed("a\ra\r\rb\ra\r")
    assert editor.history == ["a", "b", "a"]


def test_history_is_bounded():
    editor = typed("x\r", [str(number) for number in range(2000)])
    assert len(editor.history) == 500
    assert editor.history[-1] == "x"


@pytest.mark.parametrize(("keys", "over"), [("\x04", True), ("a\x04", False), ("a\x03", True)])
def test_the_end_of_input(keys, over):
    assert typed(keys).is_over is over


def test_nothing_after_the_end_is_taken():
    editor = LineEditor()
    assert editor.press("a\r\x04b\r") == ["a"]


VIEWS = [
    ("abc", 10, ("abc", 3)),
    ("abcdefghij", 5, ("ghij", 4)),
    ("abcdefghij" + HOME, 5, ("abcd", 0)),
    ("日本語", 5, ("本語", 4)),
    ("a\tb", 10, ("a b", 3)),
    ("e\u0301x", 10, ("e\u0301x", 2)),
    ("", 5, ("", 0)),
]


@pytest.mark.parametrize(("keys", "width", "view"), VIEWS)
def test_what_is_seen_fits_and_holds_the_cursor(keys, width, view):
    assert typed(keys).view(width) == view
