"""Who may keep a Python object, and what the others get."""

from __future__ import annotations

import pytest

from wrangler_py.js.array import JsArray
from wrangler_py.js.callbacks import create_once_callable, create_proxy, keep
from wrangler_py.js.errors import JsException
from wrangler_py.js.map_set import JsSet
from wrangler_py.js.object import JsObject

import js  # type: ignore[import-not-found]  # isort: skip


def test_an_argument_is_borrowed_for_the_call():
    kept = JsArray()
    kept.push([1])
    with pytest.raises(JsException, match="automatically destroyed at the end of a function call"):
        kept[0]


def test_an_item_of_a_python_list_is_borrowed_while_it_is_iterated():
    for made in (js.Array.from_([[1]]), JsSet([(1,)])):
        with pytest.raises(JsException, match="destroyed when an iterator was exhausted"):
            list(made)


def test_the_value_of_a_pair_is_not_borrowed():
    assert js.Object.fromEntries([["a", [1]]]).a == [1]
    assert js.Map.new({"a": [1]}.items()).get("a") == [1]


def test_keyword_arguments_end_with_the_call_that_keeps_them():
    options = js.Array.of(a=[1], b=2)[0]
    assert options.b == 2
    with pytest.raises(JsException, match="at the end of a function call"):
        options.a  # noqa: B018


def test_an_attribute_keeps_what_it_is_given():
    target, items = JsObject(), [1]
    target.items_ = items
    assert target.items_ is items


def test_a_proxy_lives_until_it_is_destroyed():
    proxy = create_proxy(lambda x, *_: x + 1)
    assert list(JsArray([1]).map(proxy)) == [2]
    proxy.destroy()
    with pytest.raises(JsException, match="Object has already been destroyed"):
        JsArray([1]).map(proxy)


def test_only_a_proxy_of_a_function_can_be_called():
    assert callable(create_proxy(print))
    assert not callable(create_proxy([1]))


def test_a_once_callable_is_called_once():
    once = create_once_callable(lambda *_: 5)
    assert once() == 5
    with pytest.raises(JsException, match="OnceProxy can only be called once"):
        once()


def test_a_proxy_that_captures_this_gets_it_first():
    target = JsObject({"base": 5})
    add = create_proxy(lambda this, x, *_: this.base + x, capture_this=True)
    assert list(JsArray([1, 2]).map(add, target)) == [6, 7]


def test_a_proxy_without_roundtrip_comes_back_as_its_object():
    items = [1]
    assert JsArray([create_proxy(items, roundtrip=False)])[0] is items
    assert JsArray([create_proxy(items)])[0].unwrap() is items


async def test_a_python_generator_has_next_in_javascripts_hands():
    async def count():
        yield 1

    step = create_proxy(x for x in "a").next()
    assert (step.value, step.done) == ("a", False)
    numbers = create_proxy(count())
    assert (await numbers.next()).value == 1
    assert (await numbers.next()).done


def test_a_borrowed_callback_names_where_it_was_defined():
    def on_message(_event): ...

    kept = keep(on_message)
    with pytest.raises(JsException) as failure:
        kept(None)
    place = f"{__file__}:{on_message.__code__.co_firstlineno}"
    wanted = f"hint: write `create_proxy(on_message)` for what is defined at {place}"
    assert failure.value.__notes__ == [wanted]


def test_a_constructor_that_is_called_says_how_python_writes_new():
    with pytest.raises(JsException) as failure:
        js.Headers()
    assert "`Headers.new(...)`" in failure.value.__notes__[0]
