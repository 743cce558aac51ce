"""console: formats as wrangler dev prints them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest

from wrangler_py.js.array import JsArray
from wrangler_py.js.buffers import ArrayBuffer, Uint8Array
from wrangler_py.js.errors import JsException
from wrangler_py.js.ffi import to_js
from wrangler_py.js.map_set import JsMap, JsSet
from wrangler_py.js.null import jsnull
from wrangler_py.js.object import JsObject
from wrangler_py.js.proxy import JsFunction
from wrangler_py.log import Settings, log
from wrangler_py.web.console import Console
from wrangler_py.web.headers import Headers
from wrangler_py.web.inspect import format_line, inspect
from wrangler_py.web.response import Response


def deep(levels: int) -> JsObject:
    value = JsObject()
    for _ in range(levels):
        value = JsObject({"a": value})
    return value


SHOWN: list[tuple[tuple[Any, ...], str]] = [
    (("a", 1, jsnull, None, True, 1.5), "a 1 null undefined true 1.5"),
    ((), ""),
    (("",), ""),
    ((JsObject(),), "{}"),
    ((JsArray(),), "[]"),
    ((JsObject({"a": 1, "b-c": "x"}),), "{ a: 1, 'b-c': 'x' }"),
    ((deep(4),), "{ a: { a: { a: [Object] } } }"),
    ((JsArray([1, JsArray([2, JsArray([3, JsArray([4])])])]),), "[ 1, [ 2, [ 3, [Array] ] ] ]"),
    ((JsArray(["a'b", "c"]),), "[ \"a'b\", 'c' ]"),
    ((JsObject({"a": "x\ny"}),), r"{ a: 'x\ny' }"),
    ((JsMap([["a", 1]]), JsSet([1])), "Map(1) { 'a' => 1 } Set(1) { 1 }"),
    ((Uint8Array._of(b"\1\2"),), "Uint8Array(2) [ 1, 2 ]"),
    ((ArrayBuffer(2),), "ArrayBuffer { [Uint8Contents]: <00 00>, byteLength: 2 }"),
    ((JsFunction(lambda: 1, "foo"), Headers.constructor), "[Function: foo] [class Headers]"),
    ((Headers([["a", "b"]]),), "Headers(1) { 'a' => 'b', [immutable]: false }"),
    (
        ("%s is %d and %i %j %% %c!", "x", 5.5, 5.5, JsObject({"b": 2}), "css"),
        'x is 5.5 and 5 {"b":2} % !',
    ),
    (("100%", 1), "100% 1"),
    (("%s",), "%s"),
    (("%s %s", "a"), "a %s"),
    (({"a": 1}, [1]), "{'a': 1} [1]"),
]


@pytest.mark.parametrize(("args", "text"), SHOWN)
def test_values_are_shown_as_an_inspector_does(args: tuple[Any, ...], text: str) -> None:
    assert format_line(args) == text


def test_a_long_object_takes_several_lines() -> None:
    value = JsObject({f"key{i}": "x" * 20 for i in range(3)})
    lines = inspect(value).split("\n")
    assert (lines[0], lines[1], lines[-1]) == ("{", f"  key0: '{'x' * 20}',", "}")


def test_a_long_array_is_cut() -> None:
    assert inspect(JsArray([1] * 103)).endswith("  ... 3 more items\n]")


def test_a_circle_is_named() -> None:
    value = JsObject()
    value.me = value
    assert inspect(value) == "{ me: [Circular *1] }"


def test_a_host_object_shows_its_attributes() -> None:
    shown = inspect(Response("x", JsObject({"status": 201})))
    assert shown.startswith(
        "Response {\n  status: 201,\n  statusText: '',\n  headers: Headers(1) {"
    )
    assert shown.endswith("  bodyUsed: false\n}")


def test_errors_are_shown_with_their_place() -> None:
    assert inspect(JsException("TypeError", "boom")).startswith("TypeError: boom\n    at ")
    with pytest.raises(ValueError, match="mine") as caught:
        broken()
    assert re.search(r"test_console\.py(.|\n)*ValueError: mine$", inspect(caught.value))


def broken() -> None:
    raise ValueError("mine")


async def test_promises_show_their_state() -> None:
    from wrangler_py.js.promise import pending, rejected, resolved

    failed = rejected(JsException("Error", "no"))
    assert inspect(resolved(1)) == "Promise { 1 }"
    assert inspect(pending()) == "Promise { <pending> }"
    assert inspect(failed).startswith("Promise { <rejected> Error: no")


@pytest.fixture
def lines() -> Iterator[Any]:
    before, out, err = log.settings, io.StringIO(), io.StringIO()
    log.settings = Settings(out=out, err=err, color=False)
    yield lambda: (out.getvalue().splitlines(), err.getvalue().splitlines())
    log.settings = before


def test_levels_go_to_the_log(lines: Any) -> None:
    console = Console()
    console.log("a", to_js([1]))
    console.info("i")
    console.debug("d")
    console.warn("w")
    console.error("e")
    assert lines() == (["a [ 1 ]", "i", "d"], ["▲ [WARNING] w", "✘ [ERROR] e"])


def test_groups_are_indented(lines: Any) -> None:
    console = Console()
    console.group("g")
    console.log("x\ny")
    console.groupEnd()
    console.groupEnd()
    console.log("z")
    assert lines()[0] == ["g", "  x", "  y", "z"]


def test_counts_and_assertions(lines: Any) -> None:
    console = Console()
    console.count()
    console.count("x")
    console.count("x")
    console.countReset("x")
    console.count("x")
    check = getattr(console, "assert")
    check(True, "fine")
    check(False, "bad", 1)
    assert console.assert_ == check
    out, err = lines()
    assert out == ["default: 1", "x: 1", "x: 2", "x: 1"]
    assert err == ["✘ [ERROR] Assertion failed: bad 1"]


def test_times_are_measured(lines: Any) -> None:
    console = Console()
    console.time("t")
    console.timeLog("t", "so far")
    console.timeEnd("t")
    console.timeEnd("t")
    out, err = lines()
    assert re.fullmatch(r"t: [\d.]+ ms so far", out[0])
    assert re.fullmatch(r"t: [\d.]+ ms", out[1])
    assert err == ["▲ [WARNING] Timer 't' does not exist"]


def test_a_table_has_a_column_for_each_key(lines: Any) -> None:
    Console().table(to_js([{"a": 1}, {"a": 22, "b": "x"}], dict_converter=_object))
    assert lines()[0] == [
        "┌─────────┬────┬─────┐",
        "│ (index) │ a  │ b   │",
        "├─────────┼────┼─────┤",
        "│ 0       │ 1  │     │",
        "│ 1       │ 22 │ 'x' │",
        "└─────────┴────┴─────┘",
    ]


def _object(pairs: Any) -> JsObject:
    return JsObject(dict(pairs))


def test_a_trace_names_the_callers_line(lines: Any) -> None:
    Console().trace("here")
    out = lines()[0]
    assert out[0] == "Trace: here"
    assert any("test_console.py" in line for line in out)
