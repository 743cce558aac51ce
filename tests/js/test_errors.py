"""Python's exceptions as JavaScript sees them."""

from __future__ import annotations

import pytest

from wrangler_py.js.array import JsArray
from wrangler_py.js.errors import python_error


def test_the_message_has_the_scripts_lines_and_none_of_ours():
    def fail(*_):
        exc = ValueError("no such luck")
        exc.add_note("from a die")
        exc.add_note("hint: for the terminal alone")
        raise exc

    with pytest.raises(ValueError, match="no such luck") as caught:
        JsArray([1]).forEach(fail)
    assert any(entry.path.name == "indexed.py" for entry in caught.traceback)
    message = python_error(caught.value).message
    assert message.startswith("Traceback (most recent call last):\n")
    assert "in fail" in message
    assert "indexed.py" not in message
    assert message.endswith("ValueError: no such luck\nfrom a die\n")


def test_causes_are_told_even_of_one_another():
    first, second = ValueError("one"), ValueError("two")
    first.__cause__, second.__cause__ = second, first
    message = python_error(first).message
    assert message.index("ValueError: two") < message.index("ValueError: one")
