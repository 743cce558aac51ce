"""What KV is asked, here and in workerd."""

from __future__ import annotations

from typing import Any

from wrangler_py.config.bindings import Bindings, KvNamespace

from .steps import Step, do

MINIFLARE = {"kvNamespaces": {"KV": "kv"}}
BINDINGS = Bindings(kv_namespaces=(KvNamespace("KV", "kv"),))

U = {"$undefined": 1}
BIG_KEY = "é" * 256 + "x"


def kv(method: str, *args: Any) -> Step:
    return do("KV", [method, *args])


SCENARIOS: dict[str, list[Step]] = {
    "names": [
        kv(method, key, *rest)
        for method, *rest in (["get"], ["put", "v"], ["delete"], ["getWithMetadata"])
        for key in ("", ".", "..", "x" * 512, "x" * 513, BIG_KEY, 1, True, None, U)
    ],
    "missing arguments": [
        kv("get"),
        kv("put"),
        kv("put", "a"),
        kv("delete"),
        kv("getWithMetadata"),
    ],
    "values": [
        step
        for number, value in enumerate(
            [
                "text",
                "",
                "é\u0000x",
                1,
                1.5,
                True,
                None,
                U,
                {"$bytes": [1, 2, 255]},
                {"$buffer": [104, 105]},
                {"$fixed": "streamed"},
                {"a": 1},
                [1, 2],
                {"$date": 0},
            ]
        )
        for step in (kv("put", f"v{number}", value), kv("get", f"v{number}"))
    ],
    "types": [
        kv("put", "json", '{"a": [1, null]}'),
        kv("put", "bad", "{nope"),
        kv("get", "json", "json"),
        kv("get", "json", "text"),
        kv("get", "json", "arrayBuffer"),
        kv("get", "json", "stream"),
        kv("get", "json", {"type": "json"}),
        kv("get", "json", {}),
        kv("get", "json", {"type": U}),
        kv("get", "json", "blob"),
        kv("get", "json", {"type": "blob"}),
        kv("get", "json", None),
        kv("get", "json", U),
        kv("get", "bad", "json"),
        kv("get", "none", "json"),
        kv("get", "none", "blob"),
        kv("getWithMetadata", "json", "json"),
        kv("getWithMetadata", "none"),
    ],
    "metadata": [
        kv("put", "m", "v", {"metadata": {"a": [1, "é"], "b": None}}),
        kv("getWithMetadata", "m"),
        kv("put", "m", "v", {"metadata": "text"}),
        kv("getWithMetadata", "m"),
        kv("put", "m", "v", {"metadata": None}),
        kv("getWithMetadata", "m"),
        kv("put", "m", "v", {"metadata": 0}),
        kv("getWithMetadata", "m", {"type": "arrayBuffer"}),
        kv("put", "m", "v", {"metadata": "x" * 1022}),
        kv("put", "m", "v", {"metadata": "x" * 1023}),
        kv("put", "m", "v2"),
        kv("getWithMetadata", "m"),
    ],
    "expiration": [
        kv("put", "e", "v", {"expirationTtl": ttl})
        for ttl in (60, 59, 0, -1, "60", "x", 60.9, U, None)
    ]
    + [kv("put", "e", "v", {"expiration": at}) for at in (1, 0, -5, 2147480000, "2147480000")]
    + [
        kv("list"),
        kv("put", "e", "v", {"expiration": 1, "expirationTtl": 100}),
        kv("get", "e"),
        kv("get", "e", {"cacheTtl": 29}),
        kv("get", "e", {"cacheTtl": 30}),
    ],
    "listing": [
        *(kv("put", key, "v") for key in ("b", "a", "a:2", "a:1", "é", "z\U0001f600", "A", "a%")),
        kv("put", "a:3", "v", {"metadata": {"x": 1}, "expiration": 2147480000}),
        kv("list"),
        kv("list", {"prefix": "a:"}),
        kv("list", {"prefix": "a%"}),
        kv("list", {"prefix": ""}),
        kv("list", {"prefix": None, "cursor": None}),
        kv("list", {"prefix": "nothing"}),
        kv("list", {"limit": 2}),
        kv("list", {"limit": 2, "cursor": "YTox"}),
        kv("list", {"limit": 0}),
        kv("list", {"limit": -1}),
        kv("list", {"limit": 1000}),
        kv("list", {"limit": 1001}),
        kv("list", {"prefix": "x" * 513}),
        kv("delete", "a"),
        kv("delete", "never there"),
        kv("list", {"prefix": "a", "limit": 1}),
    ],
    "bulk": [
        kv("put", "a", "1", {"metadata": {"m": 1}}),
        kv("put", "b", '{"x": 2}'),
        kv("put", "c", "not json"),
        kv("get", ["a", "b", "none"]),
        kv("get", ["a", "b"], "json"),
        kv("get", ["a", "c"], "json"),
        kv("get", ["a"], {"type": "json", "cacheTtl": 60}),
        kv("get", ["a"], "arrayBuffer"),
        kv("get", ["a"], "stream"),
        kv("get", []),
        kv("get", ["x"] * 101),
        kv("get", ["b", "a", "b"]),
        kv("get", [""]),
        kv("get", ["."]),
        kv("get", ["x" * 513]),
        kv("get", ["a"], {"cacheTtl": 1}),
        kv("getWithMetadata", ["a", "b", "none"]),
        kv("getWithMetadata", ["a"], "json"),
    ],
}
