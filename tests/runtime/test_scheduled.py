"""Scheduled events that a Worker's binding to itself sets off."""

from __future__ import annotations

import pytest

from tests.runtime.conftest import SELF

FLAG = "service_binding_extra_handlers"
SCRIPT = """
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        result = await self.env.SELF.scheduled(scheduledTime=1000, cron="* * * * 30")
        return Response.json([result.outcome, result.noRetry, seen])

    {handler}

seen = []
"""
OK = """async def scheduled(self, controller, env, ctx):
        seen.extend([controller.scheduledTime, controller.cron, env, ctx])"""
NO_RETRY = """def scheduled(self, controller, env, ctx):
        controller.noRetry()"""
FAILS = """async def scheduled(self, controller, env, ctx):
        raise ValueError("late")"""


def load(bench, handler, flags=(FLAG,)):
    bench.load(
        SCRIPT.replace("{handler}", handler), bindings=SELF, compatibility_flags=tuple(flags)
    )


async def test_the_handler_gets_its_controller_and_no_env(bench):
    load(bench, OK)
    assert await bench.text() == '["ok", false, [1000, "* * * * 30", null, null]]'


async def test_the_handler_may_refuse_to_be_tried_again(bench):
    load(bench, NO_RETRY)
    assert await bench.text() == '["ok", true, []]'


@pytest.mark.parametrize(
    ("handler", "text"),
    [(FAILS, "late"), ("pass", "Error: Handler does not export a scheduled() function")],
    ids=["raises", "missing"],
)
async def test_a_failure_is_an_outcome_and_is_shown(bench, handler, text):
    load(bench, handler)
    assert await bench.text() == '["exception", false, []]'
    [(exc, where)] = bench.errors
    assert (str(exc), where) == (text, "scheduled")


async def test_a_date_says_when_too(bench):
    script = SCRIPT.replace("{handler}", OK).replace("=1000", "=Date.new(5)")
    bench.load("from js import Date\n" + script, bindings=SELF, compatibility_flags=(FLAG,))
    assert await bench.text() == '["ok", false, [5, "* * * * 30", null, null]]'
