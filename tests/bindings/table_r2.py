"""What R2 is asked, here and in workerd."""

from __future__ import annotations

import hashlib
from typing import Any

from wrangler_py.config.bindings import Bindings, R2Bucket

from .steps import Step, do

MINIFLARE = {"r2Buckets": {"R2": "bucket"}}
BINDINGS = Bindings(r2_buckets=(R2Bucket("R2", "bucket"),))

U = {"$undefined": 1}
HIDDEN = ["version", "uploaded", "storageClass"]
UPLOAD = {"hide": ["uploadId"]}
PAST, FUTURE = {"$date": 1000}, {"$date": 4_000_000_000_000}
ETAG = hashlib.md5(b"value").hexdigest()
MIB5 = 5 * 1024 * 1024


def r2(method: str, *args: Any, **options: Any) -> Step:
    return do("R2", [method, *args], **({"hide": HIDDEN} | options))


def text(key: str, *args: Any) -> Step:
    return do("R2", ["get", key, *args], ["text"])


def header(**named: str) -> dict[str, Any]:
    return {"$headers": {name.replace("_", "-"): each for name, each in named.items()}}


def part(number: Any, value: Any, name: str, upload: str = "U") -> Step:
    return do(upload, ["uploadPart", number, value], **{"as": name, "hide": ["etag"]})


def complete(*parts: Any, upload: str = "U") -> Step:
    known = parts and isinstance(parts[0], str)
    given = {"$known": list(parts)} if known else list(parts)
    return do(upload, ["complete", given], hide=HIDDEN)


def started(key: str = "m", *options: Any, name: str = "U") -> Step:
    return do("R2", ["createMultipartUpload", key, *options], **{"as": name, **UPLOAD})


def digest(name: str, data: bytes = b"value") -> str:
    return hashlib.new(name, data).hexdigest()


CONDITIONS: list[Any] = [
    {},
    {"etagMatches": ETAG},
    {"etagMatches": "other"},
    {"etagMatches": "*"},
    {"etagMatches": f'"{ETAG}"'},
    {"etagDoesNotMatch": ETAG},
    {"etagDoesNotMatch": "other"},
    {"etagDoesNotMatch": "*"},
    {"uploadedBefore": PAST},
    {"uploadedBefore": FUTURE},
    {"uploadedAfter": PAST},
    {"uploadedAfter": FUTURE},
    {"uploadedAfter": 1000, "secondsGranularity": True},
    {"uploadedAfter": FUTURE, "etagDoesNotMatch": "other"},
    {"uploadedBefore": PAST, "etagMatches": ETAG},
    header(if_match=f'"{ETAG}"'),
    header(if_match='"other"'),
    header(if_match=f'"x", "{ETAG}"'),
    header(if_match=f'W/"{ETAG}"'),
    header(if_match="*"),
    header(if_match="bare"),
    header(if_match='"open'),
    header(if_match='"a" "b"'),
    header(if_match='"a" *'),
    header(if_match="Wx"),
    header(if_none_match=f'"{ETAG}"'),
    header(if_none_match=f'W/"{ETAG}"'),
    header(if_none_match='"other"'),
    header(if_none_match="*"),
    header(if_none_match="bare"),
    header(if_modified_since="Thu, 01 Jan 1970 00:00:01 GMT"),
    header(if_modified_since="Wed, 01 Jan 2098 00:00:01 GMT"),
    header(if_unmodified_since="Thu, 01 Jan 1970 00:00:01 GMT"),
    header(if_unmodified_since="Wed, 01 Jan 2098 00:00:01 GMT"),
    header(),
]
RANGES: list[Any] = [
    {},
    {"offset": 2},
    {"offset": 2, "length": 3},
    {"offset": 0, "length": 1},
    {"length": 4},
    {"length": 100},
    {"offset": 10},
    {"offset": 11},
    {"offset": 8, "length": 100},
    {"length": 0},
    {"offset": -1},
    {"offset": 1.5},
    {"length": -1},
    {"length": 1.5},
    {"suffix": 3},
    {"suffix": 0},
    {"suffix": 100},
    {"suffix": -1},
    {"suffix": 1.5},
    {"suffix": 1, "offset": 1},
    {"suffix": 1, "length": 1},
    header(range="bytes=2-4"),
    header(range="bytes=2-"),
    header(range="bytes=-3"),
    header(range="bytes=-10"),
    header(range="bytes=-100"),
    header(range="bytes=-0"),
    header(range="bytes=8-100"),
    header(range="bytes=10-"),
    header(range="bytes=4-2"),
    header(range="bytes=0-1,3-4"),
    header(range="bytes=x"),
    header(range="lines=0-1"),
    header(range="bytes="),
    header(range=" bytes = 1 - 2 "),
    header(),
]
HTTP = {
    "contentType": "text/plain",
    "contentLanguage": "en",
    "contentDisposition": "attachment",
    "contentEncoding": "gzip",
    "cacheControl": "no-store",
    "cacheExpiry": FUTURE,
}

REFUSED = (3, 4, 12, 13, 14)
"""Positions among the values."""

SCENARIOS: dict[str, list[Step]] = {
    "missing arguments": [
        *(r2(name) for name in ("get", "head", "put", "delete", "createMultipartUpload")),
        r2("resumeMultipartUpload"),
        r2("resumeMultipartUpload", "k"),
        r2("put", "k"),
    ],
    "names": [
        r2(method, key, *rest)
        for method, *rest in (["head"], ["put", "v"], ["get"], ["delete"])
        for key in ("", ".", "x" * 1024, "x" * 1025, "é" * 512, "é" * 513, 1, None, U, "a//b\u0000")
    ],
    "values": [
        step
        for number, value in enumerate(
            [
                "text",
                "",
                "é",
                1,
                True,
                None,
                U,
                {"$bytes": [1, 2, 255]},
                {"$buffer": [104, 105]},
                {"$stream": "a body"},
                {"$fixed": "streamed"},
                {"$blob": "blob"},
                {"a": 1},
                [1],
                {"$date": 0},
            ]
        )
        for step in (
            r2("put", f"v{number}", value),
            r2("get", f"v{number}"),
            *([text(f"v{number}")] if number not in REFUSED else []),
        )
    ],
    "objects": [
        r2("put", "o", "value"),
        r2("head", "o"),
        r2("get", "o", **{"as": "O"}),
        do("O", ["bodyUsed"]),
        do("O", ["body"]),
        do("O", ["bodyUsed"]),
        do("O", ["text"]),
        do("O", ["arrayBuffer"]),
        do("R2", ["get", "o"], ["arrayBuffer"]),
        do("R2", ["get", "o"], ["bytes"]),
        do("R2", ["get", "o"], ["json"]),
        do("R2", ["get", "o"], ["blob"]),
        do("R2", ["get", "o"], ["checksums"], ["toJSON"]),
        do("R2", ["put", "n", '{"a": 1}', {"httpMetadata": HTTP}], ["httpMetadata"]),
        do("R2", ["get", "n"], ["json"]),
        do("R2", ["get", "n"], ["blob"]),
        do("R2", ["get", "n"], ["range"]),
        do("R2", ["get", "none"]),
        do("R2", ["head", "none"]),
    ],
    "metadata": [
        r2("put", "h", "v", {"httpMetadata": HTTP, "customMetadata": {"a": "1", "b": "é"}}),
        r2("get", "h"),
        r2("put", "h", "v", {"httpMetadata": header(content_type="a/b", expires="bad", x="y")}),
        r2("head", "h"),
        r2(
            "put",
            "h",
            "v",
            {
                "httpMetadata": header(
                    content_type="a/b",
                    content_language="de",
                    content_encoding="br",
                    content_disposition="inline",
                    cache_control="max-age=1",
                    expires="Wed, 01 Jan 2098 00:00:01 GMT",
                )
            },
        ),
        r2("head", "h"),
        r2("put", "h", "v", {"httpMetadata": {}, "customMetadata": {}}),
        r2("head", "h"),
        r2("put", "h", "v", {"httpMetadata": {"contentType": 1}, "customMetadata": {"n": 1}}),
        r2("head", "h"),
        r2("put", "h", "v", {"httpMetadata": "text"}),
        r2("put", "h", "v", {"httpMetadata": {"cacheExpiry": "soon"}}),
        r2("put", "h", "v", {"customMetadata": "text"}),
        r2("put", "h", "v", {"httpMetadata": None}),
        r2("put", "h", "v", {"customMetadata": None}),
        r2("put", "h", "v", {"customMetadata": {"k": "x" * 8191}}),
        r2("put", "h", "v", {"customMetadata": {"k": "x" * 8192}}),
        r2("put", "h", "v", {"customMetadata": {"k": "é" * 8191}}),
        r2("put", "h", "v", {"customMetadata": {"k": "€" * 4096}}),
        r2("put", "h", "v", "options"),
        r2("put", "h", "v", None),
        r2("put", "h", "v", {"storageClass": "InfrequentAccess"}),
        r2("head", "h"),
        r2("put", "h", "v", {"ssecKey": "xyz"}),
        r2("put", "h", "v", {"ssecKey": "abc"}),
        r2("put", "h", "v", {"ssecKey": {"$bytes": [1, 2]}}),
    ],
    "checksums": [
        r2("put", "c", "value", {name: given})
        for name in ("md5", "sha1", "sha256", "sha384", "sha512")
        for given in (
            digest(name),
            digest(name, b"other"),
            {"$bytes": list(bytes.fromhex(digest(name)))},
            {"$buffer": list(bytes.fromhex(digest(name)))},
            "short",
            {"$bytes": [1]},
            "z" * len(digest(name)),
        )
    ]
    + [
        r2("put", "c", "value", {"md5": digest("md5"), "sha1": digest("sha1")}),
        r2("put", "c", "value", {"md5": 5}),
        r2("put", "c", "value", {"md5": None}),
        r2("put", "c", "value", {"sha256": digest("sha256")}),
        r2("head", "c"),
        do("R2", ["get", "c"], ["checksums"], ["toJSON"]),
    ],
    "get if": [
        r2("put", "i", "value"),
        *(r2("get", "i", {"onlyIf": each}) for each in CONDITIONS),
        r2("get", "none", {"onlyIf": {"etagMatches": "x"}}),
        r2("get", "i", {"onlyIf": "x"}),
        r2("get", "i", {"onlyIf": None}),
        r2("get", "i", {"onlyIf": {"etagMatches": 1}}),
        r2("get", "i", {"onlyIf": {"uploadedAfter": "x"}}),
    ],
    "put if": [
        step
        for each in CONDITIONS
        for step in (
            r2("put", "i", "value"),
            r2("put", "i", "value", {"onlyIf": each}),
            r2("put", "new", "value", {"onlyIf": each}),
            r2("delete", "new"),
        )
    ],
    "ranges": [
        r2("put", "r", "0123456789"),
        *(r2("get", "r", {"range": each}) for each in RANGES),
        *(text("r", {"range": each}) for each in RANGES),
        r2("get", "r", {"range": "x"}),
        r2("get", "r", {"range": {"offset": "2"}}),
        r2("get", "r", {"range": {"offset": "x"}}),
        r2("put", "empty", ""),
        r2("get", "empty", {"range": {"offset": 0}}),
        r2("get", "empty", {"range": header(range="bytes=0-")}),
        text("empty"),
    ],
    "delete": [
        *(r2("put", key, "v") for key in "abcd"),
        r2("delete", "a"),
        r2("delete", ["b", "c", "never"]),
        r2("delete", []),
        r2("delete", {"x": 1}),
        do("R2", ["list"], ["objects"], ["length"]),
    ],
    "listing": [
        *(r2("put", key, "v") for key in ("b", "a", "a/2", "a/1", "é/x", "z\U0001f600", "A", "a%")),
        r2(
            "put",
            "a/b/c",
            "v",
            {"httpMetadata": {"contentType": "x/y"}, "customMetadata": {"k": "v"}},
        ),
        r2("list"),
        r2("list", None),
        r2("list", {"prefix": "a/"}),
        r2("list", {"prefix": ""}),
        r2("list", {"prefix": "none"}),
        r2("list", {"delimiter": "/"}),
        r2("list", {"delimiter": ""}),
        r2("list", {"prefix": "a/", "delimiter": "/"}),
        r2("list", {"delimiter": "/", "limit": 2}),
        r2("list", {"delimiter": "/", "limit": 3}),
        r2("list", {"delimiter": "/", "limit": 3, "cursor": "YS9iL2M="}),
        r2("list", {"limit": 2}),
        r2("list", {"limit": 2, "cursor": "YQ=="}),
        r2("list", {"limit": 2, "cursor": "YQ==", "startAfter": "a/1"}),
        r2("list", {"limit": 2, "cursor": "%%%"}),
        r2("list", {"startAfter": "a/1"}),
        r2("list", {"limit": 0}),
        r2("list", {"limit": -1}),
        r2("list", {"limit": 1000}),
        r2("list", {"limit": 1001}),
        r2("list", {"include": ["httpMetadata"]}),
        r2("list", {"include": ["customMetadata"], "prefix": "a/b"}),
        r2("list", {"include": ["customMetadata", "httpMetadata"], "prefix": "a/b"}),
        r2("list", {"include": ["size"]}),
        r2("list", {"include": []}),
        r2("list", {"prefix": 1}),
    ],
    "multipart": [
        started("m", {"httpMetadata": {"contentType": "a/b"}, "customMetadata": {"k": "v"}}),
        part(1, {"$fill": [1, MIB5]}, "p1"),
        part(2, "last", "p2"),
        part(3, "unused", "p3"),
        part(2, "again", "p2b"),
        r2("head", "m"),
        complete("p1", "p2"),
        complete("p1", "p2b"),
        r2("head", "m"),
        do("R2", ["get", "m"], ["checksums"], ["toJSON"]),
        text("m", {"range": {"suffix": 7}}),
        text("m", {"range": {"offset": MIB5}}),
        r2("get", "m", {"range": {"offset": MIB5 - 1, "length": 3}}),
        do("R2", ["get", "m", {"range": {"offset": MIB5 - 1, "length": 3}}], ["bytes"]),
        complete("p1", "p2b"),
        part(4, "late", "p4"),
        do("U", ["abort"]),
        r2("put", "m", "small"),
        text("m"),
        r2("delete", "m"),
    ],
    "multipart misuse": [
        started(),
        part(0, "x", "p"),
        part(10001, "x", "p"),
        part("x", "x", "p"),
        do("U", ["uploadPart"]),
        do("U", ["uploadPart", 1]),
        do("U", ["uploadPart", 1, None]),
        do("U", ["uploadPart", 1, 5]),
        do("U", ["complete"]),
        do("U", ["complete", "x"]),
        complete({"partNumber": 1, "etag": "none"}),
        complete({"partNumber": 0, "etag": "none"}),
        complete({"etag": "none"}),
        complete({"partNumber": 1}),
        part(1, "small", "p1"),
        part(2, "small", "p2"),
        complete("p1", "p2"),
        complete("p1", "p1"),
        complete(),
        r2("head", "m"),
        started("big", name="B"),
        part(1, {"$fill": [1, MIB5]}, "b1", "B"),
        part(2, {"$fill": [1, MIB5 + 1]}, "b2", "B"),
        complete("b1", "b2", upload="B"),
        complete("b2", "b1", upload="B"),
        part(3, {"$fill": [1, MIB5 + 1]}, "b3", "B"),
        part(4, "end", "b4", "B"),
        complete("b1", "b3", "b4", upload="B"),
        complete("b3", "b2", upload="B"),
        do("B", ["abort"]),
        do("R2", ["resumeMultipartUpload", "k", "unknown"], **{"as": "R"}),
        part(1, "x", "r", "R"),
        complete({"partNumber": 1, "etag": "x"}, upload="R"),
        do("R", ["abort"]),
        started("gone", name="G"),
        part(1, "x", "g1", "G"),
        do("G", ["abort"]),
        do("G", ["abort"]),
        part(2, "x", "g2", "G"),
        complete("g1", upload="G"),
        started("x" * 1025),
        started("k", {"customMetadata": {"k": "x" * 9000}}),
        started(""),
    ],
}
