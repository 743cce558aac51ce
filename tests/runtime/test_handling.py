"""How handlers besides `fetch` are called, and what comes of them."""

from __future__ import annotations

import pytest

from wrangler_py.js.errors import JsException
from wrangler_py.runtime.handling import begin, call_handler, outcome_of, run

LEGACY = "2025-08-13"
"""The last day of handlers at module level."""


@pytest.mark.parametrize("event", ["scheduled", "queue", "trace"])
@pytest.mark.parametrize("takes", ["event", "event, env", "event, env, ctx", "event, *rest"])
async def test_a_function_is_given_as_much_as_it_takes(bench, event, takes):
    source = f"seen = []\nasync def on_{event}({takes}):\n    seen.append(event)\n"
    worker = bench.load(source, compatibility_date=LEGACY)
    owner = begin(worker, event)
    failure = await run(owner, event, call_handler(worker, owner, event, 5, missing="none"))
    owner.answered()
    assert (failure, bench.errors, worker.code.main.seen) == (None, [], [5])
    assert (outcome_of(failure), owner.closed) == ("ok", True)


async def test_what_a_handler_raises_is_told_and_is_the_outcome(bench):
    source = "def on_scheduled(event):\n    raise ValueError('late')\n"
    worker = bench.load(source, compatibility_date=LEGACY)
    owner = begin(worker, "scheduled")
    handler = call_handler(worker, owner, "scheduled", 5, missing="none")
    failure = await run(owner, "scheduled", handler, "mine")
    owner.answered()
    assert bench.errors == [(failure, "scheduled of mine")]
    assert (type(failure), outcome_of(failure)) == (ValueError, "exception")


async def test_a_handler_that_is_missing_is_named_with_what_to_do(bench):
    worker = bench.load("def on_fetch(request): ...", compatibility_date=LEGACY)
    owner = begin(worker, "queue")
    handler = call_handler(worker, owner, "queue", 5, missing="no handler", hint="write one")
    failure = await run(owner, "queue", handler)
    owner.answered()
    assert isinstance(failure, JsException)
    assert (failure.message, failure.__notes__) == ("no handler", ["hint: write one"])
