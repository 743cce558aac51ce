"""AbortController and AbortSignal, as workerd 2026-11-17 behaves."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from wrangler_py.js.array import JsArray
from wrangler_py.js.callbacks import create_proxy
from wrangler_py.js.errors import JsException, error
from wrangler_py.js.null import jsnull
from wrangler_py.web.abort import AbortController, AbortSignal, when_aborted

Signal = AbortSignal.constructor


def controller() -> Any:
    return AbortController.constructor.new()


def test_a_fresh_signal_says_nothing() -> None:
    signal = controller().signal
    assert (signal.aborted, signal.reason) == (False, None)
    assert signal.onabort is jsnull
    signal.throwIfAborted()


def test_abort_has_a_reason_of_its_own() -> None:
    source = controller()
    source.abort()
    reason = source.signal.reason
    assert (reason.name, reason.message, reason.code, reason.constructor.name) == (
        "AbortError",
        "The operation was aborted",
        20,
        "DOMException",
    )
    with pytest.raises(JsException) as caught:
        source.signal.throwIfAborted()
    assert caught.value is reason


@pytest.mark.parametrize("reason", ["x", jsnull, 0])
def test_a_reason_may_be_anything_and_the_first_counts(reason: Any) -> None:
    source = controller()
    source.abort(reason)
    source.abort("later")
    assert source.signal.reason is reason


def test_an_error_as_reason_is_thrown_itself() -> None:
    with pytest.raises(JsException, match="Error: z"):
        Signal.abort(error("z")).throwIfAborted()


def test_listeners_hear_one_trusted_event() -> None:
    source = controller()
    heard: list[Any] = []
    source.signal.onabort = lambda event: heard.append(("handler", event.type))
    source.signal.addEventListener(
        "abort",
        create_proxy(lambda event: heard.append((event.isTrusted, event.target == source.signal))),
    )
    source.abort()
    source.abort()
    assert heard == [("handler", "abort"), (True, True)]


async def test_a_timeout_aborts_by_itself() -> None:
    signal = Signal.timeout(1)
    done = asyncio.Event()
    signal.onabort = lambda _event: done.set()
    await done.wait()
    assert (signal.reason.name, signal.reason.message, signal.reason.code) == (
        "TimeoutError",
        "The operation was aborted due to timeout",
        23,
    )


def test_any_follows_the_first_of_several() -> None:
    one, two = controller(), controller()
    signal = Signal.any(JsArray([one.signal, two.signal]))
    two.abort(2)
    one.abort(1)
    assert (signal.aborted, signal.reason) == (True, 2)
    assert Signal.any([Signal.abort(3)]).reason == 3


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: Signal.new(), "Illegal constructor"),
        (
            lambda: Signal.timeout(),
            "Failed to execute 'timeout' on 'AbortSignal': parameter 1 is not of type 'number'.",
        ),
        (
            lambda: Signal.any(5),
            "Failed to execute 'any' on 'AbortSignal': parameter 1 is not of type 'Array'.",
        ),
        (
            lambda: Signal.any([5]),
            (
                "Incorrect type for array element 0: "
                "the provided value is not of type 'AbortSignal'."
            ),
        ),
    ],
)
def test_misuse_fails_as_on_cloudflare(call: Any, text: str) -> None:
    with pytest.raises(JsException) as caught:
        call()
    assert str(caught.value) == f"TypeError: {text}"


def test_our_own_actions_come_first_and_may_be_forgotten() -> None:
    source = controller()
    order: list[str] = []
    source.signal.onabort = lambda _event: order.append("script")
    when_aborted(source.signal, lambda: order.append("ours"))
    when_aborted(source.signal, lambda: order.append("forgotten"))()
    source.abort()
    assert order == ["ours", "script"]
    when_aborted(source.signal, lambda: order.append("at once"))
    assert order[-1] == "at once"
