"""What an exception looks like in the terminal."""

from __future__ import annotations

from pathlib import Path

from wrangler_py.runtime.tracing import user_traceback

ROOT = Path(__file__).parent


def fail(text: str) -> None:
    raise ValueError(text)


def caught(text: str) -> ValueError:
    try:
        fail(text)
    except ValueError as exc:
        return exc
    raise AssertionError


def test_a_group_shows_what_is_in_it_with_the_frames_of_each():
    nested = ExceptionGroup("inner", [caught("b")])
    text = user_traceback(ExceptionGroup("outer", [caught("a"), nested]), ROOT)
    assert text.startswith("ExceptionGroup: outer (2 sub-exceptions)\n  ---- 1 of 2 ----\n")
    assert "  ValueError: a\n  ---- 2 of 2 ----\n  ExceptionGroup: inner" in text
    assert text.endswith("    ValueError: b")
    assert text.count("in fail") == 2


def test_a_large_group_is_cut():
    text = user_traceback(ExceptionGroup("many", [caught(str(n)) for n in range(9)]), ROOT)
    assert "ValueError: 4" in text
    assert "ValueError: 5" not in text
    assert text.endswith("---- and 4 more ----")
