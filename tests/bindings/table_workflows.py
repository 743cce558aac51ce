"""What instances of a Workflow come to, here and in workerd.

An instance runs a list of operations, `params.ops` (`workflow.mjs`, and the same in Python in
`test_workflows.py`), and gives the list of what each gave:

* ``["do", name, config or null, what]``: a step. ``what`` is ``{"value": x}``, ``{"fail": [name,
  message], "times": n}`` (in the first n attempts), ``{"ctx": 1}``, ``{"text": length}``, ...; with
  ``"wait": ms`` before it, in the first ``"only"`` attempts. ``["text", step]`` and ``["size",
  step]`` read the stream that a step gives.
* ``["sleep", name, duration]``, ``["until", name, ms from now]``, ``["wait", name, options]``.
* ``["catch", op]``, ``["all", *ops]``, ``["throw", name, message]``, ``["return", value]``.
* ``["calls"]``: how often each callback ran; ``["event"]``.

Steps may have ``"rest": ms`` (before it) and ``"until": [status, ...]`` (again until then).
"""

from __future__ import annotations

from typing import Any

from .steps import Step, do

MODULE = "workflow.mjs"
FLAG = "workflows_preserve_non_retryable_error_message"
"""On by date since 2026-05-14, which miniflare's engine, with a date of its own, does not see."""
MINIFLARE = {
    "compatibilityFlags": [FLAG],
    "workflows": {
        "WF": {"name": "flow", "className": "Flow"},
        "SHORT": {"name": "short", "className": "Flow", "stepLimit": 3},
    },
}

LEFT_OUT = ("binding",)
"""What an instance has in wrangler, for itself."""

U = {"$undefined": 1}
ENDS = ["complete", "errored", "terminated"]
NOW = {"retries": {"limit": 0, "delay": 0}}
"""No second attempt."""


def retries(limit: Any, delay: Any = 1, **more: Any) -> dict[str, Any]:
    return {"retries": {"limit": limit, "delay": delay, **more}}


def create(*ops: Any, on: str = "WF", **options: Any) -> Step:
    return do(
        on, ["create", {"params": {"ops": list(ops)}, **options}], **{"as": "i", "hide": ["id"]}
    )


def status(**more: Any) -> Step:
    return do("i", ["status"], **more)


def call(name: str, *args: Any, **more: Any) -> Step:
    return do("i", [name, *args], **more)


def end() -> Step:
    return status(until=ENDS)


def result(*ops: Any, **options: Any) -> list[Step]:
    """An instance, up to its end."""
    return [create(*ops, **options), end()]


def each(*ops: Any) -> list[Step]:
    """What each gives or raises."""
    return result(*(["catch", op] for op in ops))


def step(what: Any, config: Any = None, name: Any = "s") -> list[Any]:
    return ["do", name, config, what]


def send(type: str, payload: Any = U, **more: Any) -> Step:
    return call("sendEvent", {"type": type, "payload": payload}, **more)


def subscribed(count: int, *options: Any) -> list[Step]:
    """So many events."""
    begin = call("subscribe", *options, **{"as": "s", "quiet": True})
    return [begin, *(do("s", ["next"], hide=["timestamp", "params"]) for _ in range(count))]


SLOW = step({"wait": 500, "value": "slow"}, None, "slow")
FAILS = {"fail": ["Error", "no"]}

SCENARIOS: dict[str, list[Step]] = {
    "an instance": [
        do("WF", ["create", {"id": "one", "params": {"a": [1, None]}}], **{"as": "i"}),
        end(),
        do("WF", ["get", "one"]),
        do("WF", ["get", "one"], ["id"]),
        do("WF", ["get", "one"], ["status"]),
    ],
    "ids": [
        *(
            do("WF", ["create", {"id": id}])
            for id in ("a", "_a-B9", "a" * 100, "a" * 101, "", "-a", "a b", "a.b", "ä", None, 5)
        ),
        do("WF", ["create", {"id": "a"}]),
        *(
            do("WF", ["create", options], quiet=True)
            for options in (U, 5, "x", {}, {"id": U}, True)
        ),
        do("WF", ["create"], quiet=True),
        do("WF", ["create", None]),
        *(do("WF", ["get", id]) for id in ("none", "", "a b", U, None, 5)),
        do("WF", ["get"]),
    ],
    "params": [
        step
        for params in (
            U,
            None,
            5,
            "text",
            True,
            [1],
            {"$date": 5},
            {"$bytes": [1, 2]},
            {"$number": "NaN"},
        )
        for step in (
            do("WF", ["create", {"params": params}], **{"as": "i", "quiet": True}),
            end(),
        )
    ],
    "the event": [
        do("WF", ["create", {"id": "e", "params": {"ops": [["event"]]}}], **{"as": "i"}),
        end(),
    ],
    "batches": [
        do("WF", ["createBatch", [{"id": "a"}, {"id": "b"}, {"id": "a"}]]),
        do("WF", ["createBatch", [{"id": "b"}, {"id": "c"}]]),
        do("WF", ["createBatch", [{}, {}]], hide=["id"]),
        *(
            do("WF", ["createBatch", given])
            for given in ([], [{"id": "a b"}], [{}] * 101, U, None, 5)
        ),
        do("WF", ["createBatch"]),
        do("WF", ["createBatch", {"count": 2}], hide=["id"]),
        do("WF", ["createBatch", {"instances": [{"id": "a"}, {"id": "d"}, {"id": "d"}]}]),
        *(
            do("WF", ["createBatch", given])
            for given in (
                {},
                {"count": 0},
                {"count": 1.5},
                {"count": "2"},
                {"count": 101},
                {"instances": []},
                {"instances": [{}] * 101},
                {"instances": [{"id": "a b"}]},
                {"instances": [{"id": "batch"}]},
                {"instances": 5},
                {"instances": [{"id": 5}]},
                {"instances": [5]},
                {"instances": [{"retention": {"successRetention": "x y"}}]},
                {"instances": [{"locationHint": "moon"}]},
            )
        ),
        do(
            "WF",
            [
                "createBatch",
                {"instances": [{"id": "r", "retention": {"successRetention": "1 day"}}]},
            ],
        ),
    ],
    "values": result(
        *(
            step({"value": value}, None, f"v{n}")
            for n, value in enumerate(
                (
                    U,
                    None,
                    0,
                    -1.5,
                    "",
                    "text",
                    True,
                    [1, U, None],
                    {"a": {"b": U, "c": None}},
                    {"$date": 5},
                    {"$bytes": [1, 2]},
                    {"$map": [[1, 2]]},
                )
            )
        )
    ),
    "a result": [
        step
        for value in (
            U,
            None,
            0,
            "",
            False,
            {"a": U},
            {"$date": 5},
            {"$bytes": [1]},
            {"$map": [[1, 2]]},
        )
        for step in result(["return", value])
    ],
    "what a step is told": result(
        step({"ctx": 1}),
        step({"ctx": 1}),
        step({"ctx": 1}, {}, "t"),
        step({"ctx": 1}, {"timeout": "1 hour"}),
        step({"ctx": 1}, {"timeout": 5000, "sensitive": "output"}, "secret"),
        step({"ctx": 1}, retries(2, "1 second", backoff="linear")),
        step({"ctx": 1}, retries(1, {"$delay": "fine"})),
    ),
    "names": each(
        *(
            step({"value": 1}, None, name)
            for name in ("", "a b/ü", "n" * 256, "n" * 257, "a\nb", "a\x1f", "a\x7f")
        ),
        *(step({"value": 1}, None, name) for name in (5, None, U)),
    ),
    "configurations": each(
        *(
            step({"value": 1}, config, f"c{n}")
            for n, config in enumerate(
                (
                    {},
                    5,
                    "x",
                    [],
                    {"other": 1},
                    {"retries": {}},
                    {"retries": {"limit": 1}},
                    {"retries": {"delay": 1}},
                    retries(-1),
                    retries("1"),
                    retries(1.5),
                    retries(0, -1),
                    retries(0, "soon"),
                    retries(0, "5 minutes"),
                    retries(0, ""),
                    retries(0, None),
                    retries(0, backoff="square"),
                    retries(0, backoff=U),
                    retries(0, backoff=None),
                    retries(0, more=1),
                    {"timeout": 0},
                    {"timeout": -1},
                    {"timeout": "0"},
                    {"timeout": "x"},
                    {"timeout": None},
                    {"timeout": U, **NOW},
                    {"sensitive": "output"},
                    {"sensitive": "input"},
                    {"retries": None},
                    {"retries": U},
                )
            )
        ),
        step({"wait": 40, "value": 1}, {"timeout": "1 fortnight", **NOW}),
        step({"wait": 40, "value": 1}, {"timeout": "20 milliseconds", **NOW}),
        step({"wait": 40, "value": 1}, {"timeout": "1 second", **NOW}),
    ),
    "failures": each(
        *(
            step({"fail": [name, "msg"]}, NOW, name)
            for name in (
                "Error",
                "TypeError",
                "RangeError",
                "Custom",
                "PythonError",
                "DOMException",
                "text",
                "NonRetryableError",
                "WorkflowTimeoutError",
            )
        ),
        step({"fail": ["NonRetryableError", ""]}, NOW),
        step({"fail": ["Error", "NonRetryableError is only said"]}, NOW),
        step({"fail": ["Custom", ""]}, NOW),
    ),
    **{
        f"an instance ends by {name}": result(["throw", name, "msg"])
        for name in ("Error", "TypeError", "Custom", "text", "NonRetryableError", "DOMException")
    },
    "a step that fails ends the instance": result(step(FAILS, NOW)),
    "a step that must not be retried ends the instance": [
        *result(step({"fail": ["NonRetryableError", "msg"]}, retries(5)), ["calls"]),
        *result(["catch", step({"fail": ["NonRetryableError", "msg"]}, retries(5))], ["calls"]),
    ],
    "retries": [
        *result(step({"fail": ["Error", "no"], "times": 2}, retries(2)), ["calls"]),
        *result(["catch", step(FAILS, retries(2))], ["calls"]),
        *result(step({"fail": ["Error", "no"], "times": 1}, retries(1.5)), ["calls"]),
        *result(
            *(
                step({"fail": ["Error", "no"], "times": 2}, retries(3, 2, backoff=kind), kind)
                for kind in ("constant", "linear", "exponential")
            ),
            ["calls"],
        ),
        *result(
            [
                "catch",
                step({"fail": ["again", "again"], "times": 2}, retries(2, {"$delay": "fine"})),
            ]
        ),
        *result(
            [
                "catch",
                step({"fail": ["Error", "again"], "times": 2}, retries(2, {"$delay": "error"})),
            ]
        ),
        *result(["catch", step(FAILS, retries(2, {"$delay": "wrong"}))], ["calls"]),
        *result(["catch", step(FAILS, retries(2, {"$delay": "throws"}))], ["calls"]),
    ],
    "timeouts": [
        *result(["catch", step({"wait": 300, "value": 1}, {"timeout": 20, **NOW})]),
        *result(
            step({"wait": 300, "only": 1, "value": 1}, {"timeout": 50, **retries(1)}), ["calls"]
        ),
    ],
    "what cannot be kept": [
        *result(step({"function": 1}), ["calls"]),
        *result(step({"response": 1}), ["calls"]),
        *result(["catch", step({"function": 1})]),
    ],
    "sizes": [
        *result(["catch", step({"fill": 1_000_000}, NOW)], ["return", 1]),
        *result(["catch", step({"fill": 5_000_000}, NOW)], ["return", 1]),
        *result(["catch", step({"fill": 17_000_000}, NOW)]),
    ],
    "streams": [
        *result(["text", step({"stream": "hello"})], ["calls"]),
        *result(["text", step({"stream": "ü" * 2000})], ["return", 1]),
        *result(["size", step({"binary": 600_000})]),
        *result(["text", step({"stream": "x"}, {"sensitive": "output"})]),
        create(["text", step({"stream": "hello"})], ["sleep", "n", 200], ["calls"]),
        call("pause", rest=60),
        call("resume", rest=20),
        end(),
    ],
    "the limit of steps": [
        *result(*(step({"value": n}) for n in range(4)), on="SHORT"),
        *result(
            *(step({"value": n}) for n in range(3)),
            ["sleep", "x", 1],
            ["catch", step({"value": 4})],
            on="SHORT",
        ),
    ],
    "steps at once": result(
        [
            "all",
            step({"wait": 20, "value": 1}, None, "a"),
            step({"value": 2}, None, "b"),
            ["sleep", "c", 5],
        ],
        step({"ctx": 1}, None, "a"),
    ),
    "sleep": each(
        *(
            ["sleep", "n", duration]
            for duration in (0, 5, "10", "5 m", "0.01 seconds", -5, "x", True)
        ),
        ["sleep", "a\nb", 1],
        ["sleep", "n"],
        ["until", "u", 20],
        ["until", "u", -2000],
    ),
    "an event that is waited for": [
        create(["wait", "w", {"type": "go"}], ["wait", "w", {"type": "go"}]),
        status(rest=30),
        send("other", 0),
        send("go", {"a": 1}),
        status(rest=30),
        send("go", None),
        end(),
    ],
    "events that two wait for": [
        create(["all", ["wait", "w", {"type": "go"}], ["wait", "v", {"type": "go"}]], ["calls"]),
        send("go", 1, rest=30),
        status(rest=30),
        send("go", 2),
        end(),
    ],
    "an event that came before": [
        create(["sleep", "n", 60], ["wait", "w", {"type": "go"}], ["wait", "v", {"type": "go"}]),
        send("go", 1),
        send("go", 2),
        end(),
    ],
    "no event": each(
        ["wait", "w", {"type": "go", "timeout": 20}],
        ["wait", "w", {"type": "go", "timeout": "0.02 seconds"}],
        ["wait", "w", {"type": "go", "timeout": "x"}],
    ),
    "no event ends the instance": result(["wait", "w", {"type": "go", "timeout": 20}]),
    "events that nobody takes": [
        *result(["return", 1]),
        send("go", 1),
        do("i", ["sendEvent", {"type": "a b", "payload": 1}]),
        do("i", ["sendEvent", {"type": "go"}]),
        do("i", ["sendEvent", {"payload": 1}]),
        do("i", ["sendEvent"]),
        end(),
    ],
    "pause and resume": [
        create(
            step({"value": 1}, None, "a"),
            ["sleep", "n", 200],
            step({"value": 2}, None, "b"),
            ["calls"],
        ),
        call("pause", rest=50),
        status(),
        call("pause"),
        status(rest=300),
        call("resume"),
        status(),
        end(),
        call("pause"),
        call("resume"),
        end(),
    ],
    "a pause waits for the step": [
        create(SLOW, step({"value": 1}, None, "next"), ["calls"]),
        call("pause", rest=20),
        status(),
        status(rest=700),
        call("resume"),
        end(),
    ],
    "a pause is taken back": [
        create(SLOW, step({"value": 1}, None, "next"), ["calls"]),
        call("pause", rest=20),
        call("resume"),
        status(),
        end(),
    ],
    "a pause while waiting for an event": [
        create(["wait", "w", {"type": "go"}]),
        call("pause", rest=30),
        status(),
        send("go", 1),
        status(),
        call("resume"),
        end(),
    ],
    "a pause between attempts": [
        create(step({"fail": ["Error", "no"], "times": 1}, retries(1, 100)), ["calls"]),
        call("pause", rest=30),
        status(),
        status(rest=150),
        call("resume"),
        end(),
    ],
    "terminate": [
        create(step({"value": 1}, None, "a"), ["sleep", "n", 10_000]),
        call("terminate", rest=30),
        status(),
        *(call(name) for name in ("terminate", "pause", "resume")),
        send("go", 1),
        status(),
    ],
    "terminate when paused": [
        create(["sleep", "n", 10_000]),
        call("pause", rest=30),
        call("terminate"),
        status(),
    ],
    "terminate what has ended": [
        *result(["return", 1]),
        call("terminate"),
        *result(["throw", "Error", "x"]),
        call("terminate"),
        call("terminate", {"rollback": True}),
    ],
    "terminate with rollback": [
        create(step({"value": 1}, None, "a"), ["sleep", "n", 10_000]),
        call("terminate", {"rollback": True}, rest=30),
        status(),
    ],
    "restart": [
        *result(step({"value": 1}, None, "a"), ["calls"]),
        call("restart"),
        end(),
        *result(["catch", step(FAILS, NOW)], ["throw", "Error", "x"]),
        call("restart"),
        end(),
    ],
    "restart while running": [
        create(step({"value": 1}, None, "a"), ["sleep", "n", 300], ["calls"]),
        call("restart", rest=50),
        status(rest=30),
        end(),
    ],
    "restart from a step": [
        *result(
            step({"value": 1}, None, "a"),
            ["sleep", "n", 1],
            step({"value": 2}, None, "b"),
            step({"value": 3}, None, "b"),
            ["calls"],
        ),
        call("restart", {"from": {"name": "b"}}),
        end(),
        call("restart", {"from": {"name": "b", "count": 2}}),
        end(),
        call("restart", {"from": {"name": "n", "type": "sleep"}}),
        end(),
        *(
            call("restart", {"from": given})
            for given in ({"name": "c"}, {"name": "b", "count": 3}, {"name": "n"}, {})
        ),
        end(),
    ],
    "a subscription": [
        *result(
            step({"value": {"a": 1}}),
            step({"fail": ["Error", "no"], "times": 1}, retries(1), "flaky"),
            step({"value": 1}, {"sensitive": "output"}, "secret"),
            ["catch", step(FAILS, NOW, "fails")],
            ["sleep", "n", 1],
            ["catch", ["wait", "w", {"type": "go", "timeout": 5}]],
            id="sub",
        ),
        *subscribed(35),
    ],
    "a subscription to what fails": [
        *result(["throw", "TypeError", "x"], id="sub"),
        *subscribed(6),
    ],
    "a subscription while it runs": [
        create(["sleep", "n", 150], ["wait", "w", {"type": "go"}], id="sub"),
        send("go", 1, rest=20),
        *subscribed(12),
    ],
    "subscriptions to some events": [
        *result(step({"value": 1}), step({"value": 2}), id="sub"),
        *subscribed(4, {"filter": ["step_completed"]}),
        *subscribed(4, {"cursor": 9}),
        *subscribed(2, {"cursor": 100}),
        *(
            call("subscribe", options)
            for options in (
                {"cursor": -1},
                {"cursor": 1.5},
                {"filter": "x"},
                {"filter": ["x"]},
                {"x": 1},
                5,
            )
        ),
    ],
    "a subscription to a pause and an end": [
        create(["sleep", "n", 10_000], id="sub"),
        call("pause", rest=30),
        call("resume", rest=30),
        call("terminate", rest=30),
        *subscribed(12),
    ],
    "delete": [
        do("WF", ["create", {"id": "d", "params": 1}], **{"as": "i"}),
        end(),
        call("delete"),
        status(),
        call("delete"),
        do("WF", ["create", {"id": "d", "params": 2}], **{"as": "i"}),
        end(),
    ],
    "delete several": [
        do("WF", ["createBatch", [{"id": "a"}, {"id": "b"}]]),
        do("WF", ["deleteBatch", ["a", "none", "a"]], rest=30),
        do("WF", ["get", "a"]),
        *(do("WF", ["deleteBatch", given]) for given in ([], ["ä"], 5, U, ["a"] * 101)),
    ],
    "an instance that is not there": [
        do("WF", ["create", {"id": "gone"}], **{"as": "i"}),
        call("delete", rest=30),
        *(call(name) for name in ("status", "pause", "resume", "terminate", "restart")),
        send("go"),
    ],
}

DIFFERS = {"sizes": {3: "the limit of Cloudflare, 1 MiB, holds here; in wrangler dev it is larger"}}
