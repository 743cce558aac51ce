"""What a queue is sent, here and in workerd."""

from __future__ import annotations

from typing import Any

from wrangler_py.config.bindings import Bindings, QueueProducer

from .steps import Step, do

MINIFLARE = {
    "queueProducers": {"Q": {"queueName": "q"}},
    "queueConsumers": {"q": {"maxBatchSize": 100, "maxBatchTimeout": 60}},
}
BINDINGS = Bindings(queue_producers=(QueueProducer("Q", "q"),))

U = {"$undefined": 1}


def send(*args: Any) -> Step:
    return do("Q", ["send", *args], quiet=True)


def batch(*args: Any) -> Step:
    return do("Q", ["sendBatch", *args], quiet=True)


def typed(body: Any, kind: Any) -> Step:
    return send(body, {"contentType": kind})


SCENARIOS: dict[str, list[Step]] = {
    "an answer": [do("Q", ["send", "x"])],
    "bodies": [
        send(),
        send(U),
        *(send(body) for body in (None, "", 0, True, {"a": [1]}, {"$bytes": [1]}, {"$date": 5})),
    ],
    "content types": [
        typed(body, kind)
        for kind in ("text", "json", "bytes", "v8", "TEXT", "xml", "", None, U, 5)
        for body in ("a", 1, True, None, {"a": 1}, {"$bytes": [1]}, {"$buffer": [1]})
    ],
    "options": [
        *(send("a", options) for options in (U, None, {}, 5, "x", True)),
        *(batch([{"body": 1}], options) for options in (U, None, {}, 5, "x", True)),
    ],
    "delays": [
        step
        for delay in (0, 1, 86_400, 86_401, -1, 1.5, "x", "5", None, U, {"$number": "NaN"}, 1e12)
        for step in (
            send("a", {"delaySeconds": delay}),
            batch([{"body": "a"}], {"delaySeconds": delay}),
            batch([{"body": "a", "delaySeconds": delay}]),
        )
    ],
    "batches": [
        *(batch(given) for given in (U, None, 5, "ab", {}, [], [1], [None], [{}], [[]])),
        batch(),
        batch([{"body": None}, {"body": 1}]),
        batch([{"body": 1}, {"body": U}]),
        *(batch([{"body": "a", "contentType": kind}]) for kind in ("text", "TEXT", "xml", None)),
        batch([{"body": 1, "contentType": "text"}]),
    ],
    "sizes": [
        *(typed({"$fill": [1, size]}, "bytes") for size in (128_000, 128_001)),
        *(
            batch([{"body": {"$fill": [1, size]}, "contentType": "bytes"} for size in sizes])
            for sizes in ([128_000], [128_001], [100_000] * 2 + [88_000], [100_000] * 2 + [88_001])
        ),
        *(batch([{"body": 1}] * count) for count in (100, 101)),
    ],
}

DIFFERS = {"batches": {7: "workerd's text has the name of a C++ type in it"}}
