"""Instances of workflows come to what they come to in workerd (`table_workflows.py`)."""

from __future__ import annotations

import json

import pytest

from wrangler_py.testing import run_worker

from . import table_workflows as table
from .record import DATE
from .steps import normalised, recorded, run

pytestmark = pytest.mark.once

# The same as workflow.mjs. `run` is set later, so that the SDK converts nothing.
SCRIPT = """
import asyncio
from js import Array, Date, DOMException, Error, Map, Object, RangeError, Response, TypeError
from js import Uint8Array, scheduler
from pyodide.ffi import JsException, create_proxy, jsnull
from workers import WorkerEntrypoint, WorkflowEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        pass

class Flow(WorkflowEntrypoint):
    pass

calls = {}

def plain(x):
    kind = x.constructor.name if hasattr(x, "constructor") else ""
    if kind == "Array":
        return Array.of(*[plain(each) for each in x])
    if kind != "Object":
        return x
    pairs = {key: value for key, value in x.object_entries()}
    for name, make in SPECIAL.items():
        if name in pairs:
            return make(pairs[name])
    return an_object(**{key: plain(value) for key, value in pairs.items()})

def an_object(**members):
    made = Object.new()
    for key, value in members.items():
        setattr(made, key, value)
    return made

def never(_):
    raise Error.new("no delay")

DELAYS = {
    "fine": lambda given: given.ctx.attempt * 5,
    "error": lambda given: 1 if given.error.message == "again" else "never",
    "wrong": lambda given: "soon",
    "throws": never,
}
SPECIAL = {
    "$undefined": lambda _: None,
    "$bytes": Uint8Array.new,
    "$date": Date.new,
    "$map": Map.new,
    "$delay": lambda name: create_proxy(DELAYS[name]),
}

def failure(name, message):
    if name == "DOMException":
        return DOMException.new(message, "AbortError")
    known = {"TypeError": TypeError, "RangeError": RangeError}
    made = known.get(name, Error).new(message)
    if name not in known and name != "text":
        made.name = name
    return made

async def behave(what, ctx):
    have = lambda name: getattr(what, name, None)
    if have("wait") and (not have("only") or ctx.attempt <= what.only):
        await scheduler.wait(what.wait)
    if have("fail") and ctx.attempt <= (have("times") or 1000):
        raise failure(*what.fail)
    if have("ctx"):
        return ctx
    if have("fill"):
        return Uint8Array.new(what.fill)
    if have("function"):
        return create_proxy(lambda: 1)
    if have("stream"):
        return Response.new(what.stream).body
    if have("binary"):
        return Response.new(Uint8Array.new(what.binary).fill(255)).body
    if have("response"):
        return Response.new("x")
    return plain(have("value"))

class Run:
    def __init__(self, event, step):
        self.event, self.step = event, step
        self.counted = calls.setdefault(event.instanceId, {})

    async def op(self, op):
        kind, *a = op
        return await getattr(self, f"op_{kind}")(*a)

    async def op_do(self, name, config, what):
        async def call(ctx):
            self.counted[name] = self.counted.get(name, 0) + 1
            return await behave(what, ctx)
        if config is jsnull:
            return await self.step.do(plain(name), call)
        return await self.step.do(plain(name), plain(config), call)

    async def op_sleep(self, *a):
        return await self.step.sleep(*map(plain, a))

    async def op_until(self, name, ms):
        return await self.step.sleepUntil(name, Date.now() + ms)

    async def op_wait(self, *a):
        event = await self.step.waitForEvent(*map(plain, a))
        return an_object(payload=event.payload, timestamp=bool(event.timestamp.getTime()),
                         type=event.type)

    async def op_text(self, op):
        return await Response.new(await self.op(op)).text()

    async def op_size(self, op):
        return (await Response.new(await self.op(op)).arrayBuffer()).byteLength

    async def op_all(self, *ops):
        return Array.of(*await asyncio.gather(*map(self.op, ops)))

    async def op_throw(self, *a):
        raise failure(*a)

    async def op_calls(self):
        return an_object(**self.counted)

    async def op_event(self):
        return Object.assign(Object.new(), self.event,
                             an_object(timestamp=bool(self.event.timestamp.getTime())))

    async def op_catch(self, op):
        try:
            return an_object(ok=await self.op(op))
        except JsException as e:
            return an_object(error=f"{e.name}: {e.message}")

    async def op_return(self, value):
        return plain(value)

async def run(self, event, step):
    ops = getattr(event.payload, "ops", None)
    if ops is None:
        return event.payload
    found = []
    working = Run(event, step)
    for op in ops:
        if op[0] == "return":
            return await working.op(op)
        found.append(await working.op(op))
    return Array.of(*found)

Flow.run = run
"""
CONFIG = {
    "main": "entry.py",
    "compatibility_date": DATE,
    "compatibility_flags": ["python_workers"],
    "workflows": [
        {"binding": "WF", "name": "flow", "class_name": "Flow"},
        {"binding": "SHORT", "name": "short", "class_name": "Flow", "limits": {"steps": 3}},
    ],
}


@pytest.mark.parametrize("scenario", table.SCENARIOS)
async def test_a_scenario_ends_as_in_workerd(scenario, tmp_path):
    (tmp_path / "entry.py").write_text(SCRIPT)
    (tmp_path / "wrangler.jsonc").write_text(json.dumps(CONFIG))
    steps = table.SCENARIOS[scenario]
    async with run_worker(folder=tmp_path) as worker:

        async def rest(ms: int) -> None:
            await worker.advance(ms / 1000)

        with worker._context.entered():
            env = worker._loaded().env
            answers = normalised(table, await run(env, steps, rest))
        worker.errors.clear()  # those that an instance ended by
    differs = table.DIFFERS.get(scenario, {})
    wrong = [
        {"step": step, "ours": ours, "workerd": theirs}
        for number, (step, ours, theirs) in enumerate(
            zip(steps, answers, recorded("workflows")[scenario], strict=True)
        )
        if ours != theirs and number not in differs
    ]
    assert not wrong, "\n".join(map(str, wrong))
