"""pyodide.code: relaxed calls, and texts as programs."""

from __future__ import annotations

import pytest

from wrangler_py.errors import NotEmulated
from wrangler_py.facades.pyodide_code import (
    CodeRunner,
    eval_code,
    eval_code_async,
    find_imports,
    relaxed_call,
    relaxed_wrap,
    run_js,
)
from wrangler_py.js.errors import JsException


def takes_two(a, b=2, *, c=3):
    return a, b, c


CALLS = [
    ((1,), {}, (1, 2, 3)),
    ((1, 5, 6, 7), {}, (1, 5, 3)),
    ((1,), {"c": 4, "d": 5}, (1, 2, 4)),
]


@pytest.mark.parametrize(("args", "kwargs", "result"), CALLS)
def test_surplus_arguments_are_dropped(args, kwargs, result):
    assert relaxed_call(takes_two, *args, **kwargs) == result
    assert relaxed_wrap(takes_two)(*args, **kwargs) == result


def test_a_missing_argument_is_still_an_error():
    with pytest.raises(TypeError, match="'a'"):
        relaxed_call(takes_two)


def test_a_function_without_signature_gets_everything():
    assert relaxed_call(max, 1, 5) == 5


def test_an_unhashable_callable_is_called():
    class Callable:
        __hash__ = None

        def __call__(self, a):
            return a

    assert relaxed_call(Callable(), 1, 2) == 1


def test_javascript_from_a_text_is_forbidden():
    with pytest.raises(JsException, match="Code generation from strings disallowed") as caught:
        run_js("1 + 1")
    assert caught.value.name == "EvalError"
    with pytest.raises(TypeError, match="not type 'int'"):
        run_js(5)


PROGRAMS = [("x = 2\nx * 3", 6), ("x = 2\nx * 3;", None), ("x = 2", None), ("", None)]


@pytest.mark.parametrize(("source", "value"), PROGRAMS)
async def test_a_program_has_the_value_of_its_last_expression(source, value):
    assert eval_code(source) == value
    assert await eval_code_async(source) == value


async def test_an_async_program_may_await():
    scope = {}
    source = "import asyncio\nx = await asyncio.sleep(0, 5)\nawait asyncio.sleep(0, x + 1)"
    assert await eval_code_async(source, scope) == 6
    assert scope["x"] == 5


def test_a_runner_compiles_once_and_runs_in_several_scopes():
    runner = CodeRunner("n + 1").compile()
    assert [runner.run({"n": 1}), runner.run({"n": 5})] == [2, 6]


def test_a_return_mode_that_we_have_not_is_named():
    with pytest.raises(NotEmulated, match="last_expr_or_assign"):
        eval_code("x = 1", return_mode="last_expr_or_assign")


def test_imports_are_found_once_and_in_order():
    source = "import os.path\nfrom json import loads\ndef f(): import os, re\nfrom . import x"
    assert find_imports(source) == ["os", "json", "re"]
