"""What an exception looks like in the terminal."""

from __future__ import annotations

from pathlib import Path

from wrangler_py.js.errors import JsException, error
from wrangler_py.runtime.tracing import chain, facts_of, user_frames, user_traceback

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


def from_elsewhere(exc: BaseException) -> JsException:
    """A copy of ``exc``, as the caller of an object gets it."""
    copy = error("Traceback (most recent call last):\n  ...\nValueError: x", "PythonError")
    copy.__wrangler_origin__ = exc  # type: ignore[attr-defined]
    return copy


def test_what_an_object_raised_is_shown_with_its_own_lines_once():
    text = user_traceback(from_elsewhere(caught("x")), ROOT)
    assert text.startswith("Traceback (most recent call last):\n")
    assert text.count("in fail") == 1
    assert text.endswith("pyodide.ffi.JsException: PythonError: ValueError: x")


def test_a_traceback_within_a_message_keeps_the_users_lines():
    frames = '  File "/usr/lib/x.py", line 1, in f\n    f()\n'
    frames += f'  File "{ROOT}/a.py", line 2, in g\n    g()\n'
    exc = RuntimeError(f"Traceback (most recent call last):\n{frames}ValueError: x")
    text = user_traceback(exc, ROOT)
    assert "/usr/lib/x.py" not in text
    assert f'  File "{ROOT}/a.py", line 2, in g\n    g()\nValueError: x' in text


def test_of_causes_without_a_line_of_the_users_the_last_is_shown():
    first, second, third = OSError("refused"), OSError("cannot connect"), caught("lost")
    third.__cause__, second.__cause__ = second, first
    assert [str(link.exc) for link in chain(third, ROOT)] == ["cannot connect", "lost"]


def test_a_chain_that_goes_round_ends():
    first, second = caught("a"), caught("b")
    first.__context__, second.__context__ = second, first
    assert [str(link.exc) for link in chain(first, ROOT)] == ["b", "a"]


def test_a_frame_knows_where_in_the_line_it_failed():
    *_, frame = user_frames(caught("x"), ROOT)
    assert frame.source == "raise ValueError(text)"
    assert frame.columns == (4, 26)
    assert frame.running is not None
    assert frame.running.f_locals == {"text": "x"}


def test_a_program_gets_the_class_the_line_and_the_hint():
    exc = caught("x")
    exc.add_note("seen by chance")
    exc.add_note("hint: do better")
    line = fail.__code__.co_firstlineno + 1
    facts = {"kind": "ValueError", "file": __file__, "line": line, "hint": "do better"}
    assert facts_of(exc, ROOT) == facts
    assert user_traceback(exc, ROOT).endswith("x\nseen by chance\nhint: do better")
