"""What the Cache API is asked, here and in workerd. `record.mjs` says what each step does."""

from __future__ import annotations

from typing import Any

Step = dict[str, Any]

A, B = "http://a.example/page", "http://a.example/other"
FRESH = {"cache-control": "max-age=3600"}


def put(
    response: Any, headers: dict[str, Any] | None = None, request: Any = A, **more: Any
) -> Step:
    """``response``: a body, or all of it as `{"body": ..., "init": {...}}`."""
    if not isinstance(response, dict) or "body" not in response:
        response = {"body": response, "init": {"headers": FRESH if headers is None else headers}}
    return {"op": "put", "request": request, "response": response, **more}


def status(code: int, body: Any = "x", headers: dict[str, Any] | None = None) -> Any:
    own = FRESH if headers is None else headers
    return {"body": body, "init": {"status": code, "headers": own}}


def match(request: Any = A, **more: Any) -> Step:
    return {"op": "match", "request": request, **more}


def delete(request: Any = A, **more: Any) -> Step:
    return {"op": "delete", "request": request, **more}


def with_headers(url: str = A, **headers: str) -> Any:
    return {"url": url, "init": {"headers": {k.replace("_", "-"): v for k, v in headers.items()}}}


def method(name: str, url: str = A) -> Any:
    return {"url": url, "init": {"method": name}}


def wait(ms: int) -> Step:
    return {"op": "wait", "ms": ms}


def ranges(*values: str) -> list[Step]:
    return [match(with_headers(range=value)) for value in values]


def kept(*headers: dict[str, Any]) -> list[Step]:
    """Whether a response with these headers is kept."""
    return [
        step
        for number, each in enumerate(headers)
        for step in (
            put(f"v{number}", each, f"http://a.example/{number}"),
            match(f"http://a.example/{number}"),
        )
    ]


CONTROL = (
    "max-age=60",
    "max-age=0",
    "max-age=x",
    "max-age",
    'max-age="60"',
    "MAX-AGE=60",
    "s-maxage=60",
    "s-maxage=0, max-age=60",
    "max-age=0, s-maxage=60",
    "public",
    "public, max-age=60",
    "private, max-age=60",
    "no-store, max-age=60",
    "no-cache, max-age=60",
    "must-revalidate, max-age=60",
    "proxy-revalidate, max-age=60",
    "immutable",
    "immutable, max-age=60",
    "max-age=0, stale-while-revalidate=60",
    "max-age=0, stale-if-error=60",
    "no-transform, max-age = 60",
    "max-age=60, max-age=0",
    "private=x-secret, max-age=60",
    "",
)

SCENARIOS: dict[str, list[Step]] = {
    "a response comes back": [
        match(),
        put("hello"),
        match(),
        match(B),
        match(A + "?q=1"),
        match(A + "#part"),
        match("http://A.example/page"),
        match("https://a.example/page"),
        delete(),
        delete(),
        match(),
    ],
    "keys": [
        put("slash", request="http://a.example"),
        match("http://a.example/"),
        put("query", request="http://a.example/?b=1&a=2"),
        match("http://a.example/?a=2&b=1"),
        match("http://a.example/?b=1&a=2"),
        put("fragment", request="http://a.example/f#one"),
        match("http://a.example/f"),
        match("http://a.example/f#one"),
        match("http://a.example/f#two"),
        put("x", request="not a url"),
        match("not a url"),
        delete("not a url"),
        put("x", request="/relative"),
        put("x", request="ftp://a.example/file"),
        match("ftp://a.example/file"),
        put("x", request="data:text/plain,hi"),
        match("data:text/plain,hi"),
        put("port", request="http://a.example:80/p"),
        match("http://a.example/p"),
        put("user", request="http://u:p@a.example/u"),
        match("http://u:p@a.example/u"),
        match("http://a.example/u"),
        put("é", request="http://a.example/é"),
        match("http://a.example/%C3%A9"),
    ],
    "bodies": [
        step
        for number, body in enumerate(
            [
                "text",
                "",
                None,
                {"stream": "streamed"},
                {"fixed": "fixed"},
                {"bytes": [0, 1, 255]},
                {"chunks": ["one ", "two ", "three"]},
            ]
        )
        for step in (
            put(body, request=f"http://a.example/{number}"),
            match(f"http://a.example/{number}"),
        )
    ],
    "a body that fails": [
        put({"fails": "broken"}),
        match(),
    ],
    "a body that was read": [
        {"op": "twice", "request": A, "response": {"body": "x", "init": {"headers": FRESH}}},
        match(),
    ],
    "a large body": [
        {"op": "fill", "request": A, "length": 3_000_000, "init": {"headers": FRESH}},
        delete(),
    ],
    "methods": [put("x", request=method(name)) for name in ("POST", "HEAD", "PUT", "DELETE")]
    + [
        put("x"),
        *(match(method(name)) for name in ("POST", "HEAD", "GET")),
        *(match(method(name), options={"ignoreMethod": True}) for name in ("POST", "HEAD")),
        match(method("POST"), options={"ignoreMethod": False}),
        match(method("POST"), options={"ignoreMethod": 1}),
        match(method("POST"), options={}),
        delete(method("POST")),
        delete(method("POST"), options={"ignoreMethod": True}),
        match(),
    ],
    "options": [
        put("x"),
        match(options={"ignoreSearch": True}),
        match(options={"ignoreVary": True}),
        match(options={"cacheName": "x"}),
        match(options={"ignoreSearch": False}),
        match(options={"unknown": 1}),
        match(options="text"),
        match(options=None),
        match(options=7),
        delete(options={"ignoreSearch": True}),
        delete(options="text"),
    ],
    "missing arguments": [
        match(args=0),
        {"op": "put", "request": A, "response": {"body": "x"}, "args": 0},
        {"op": "put", "request": A, "response": {"body": "x"}, "args": 1},
        delete(args=0),
        {"op": "put", "request": A, "response": "text"},
        {"op": "put", "request": A, "response": None},
        {"op": "put", "request": A, "response": 5},
        match(None),
        match(7),
        match("$undefined"),
        put("x", request=None),
    ],
    "statuses": [
        step
        for code in (
            *(200, 201, 202, 203, 206, 226, 300, 301, 302, 303, 307, 308, 400, 401, 403),
            *(404, 405, 410, 414, 418, 429, 500, 501, 502, 503, 504),
        )
        for step in (
            put(status(code), request=f"http://a.example/{code}"),
            match(f"http://a.example/{code}"),
        )
    ]
    + [
        step
        for code in (204, 205, 304)
        for step in (
            put(status(code, None), request=f"http://a.example/{code}"),
            match(f"http://a.example/{code}"),
        )
    ],
    "a status text": [
        put({"body": "x", "init": {"status": 404, "statusText": "Nope", "headers": FRESH}}),
        match(),
    ],
    "no response at all": [
        {"op": "put", "request": A, "response": {"kind": "error"}},
        {"op": "put", "request": A, "response": {"kind": "websocket"}},
        match(),
    ],
    "cache-control": kept(*({"cache-control": value} for value in CONTROL)),
    "no cache-control": [
        *kept(
            {},
            {"expires": "Fri, 01 Jan 2100 00:00:00 GMT"},
            {"expires": "Fri, 01 Jan 2010 00:00:00 GMT"},
            {"expires": "0"},
            {"last-modified": "Fri, 01 Jan 2010 00:00:00 GMT"},
            {"last-modified": "Fri, 01 Jan 2100 00:00:00 GMT"},
            {"pragma": "no-cache", "expires": "Fri, 01 Jan 2100 00:00:00 GMT"},
            {"expires": "Fri, 01 Jan 2100 00:00:00 GMT", "cache-control": "max-age=0"},
            {"expires": "Fri, 01 Jan 2010 00:00:00 GMT", "cache-control": "max-age=60"},
            {"etag": '"1"'},
            {"cdn-cache-control": "max-age=60"},
            {"cloudflare-cdn-cache-control": "max-age=60"},
            {
                "date": "Fri, 01 Jan 2010 00:00:00 GMT",
                "expires": "Fri, 01 Jan 2010 01:00:00 GMT",
            },
        )
    ],
    "age": kept(
        {**FRESH, "age": "10"},
        {**FRESH, "age": "3600"},
        {**FRESH, "age": "4000"},
        {**FRESH, "age": "x"},
        {"last-modified": "Fri, 01 Jan 2010 00:00:00 GMT", "age": "100000"},
    ),
    "vary": kept(
        {**FRESH, "vary": "*"},
        {**FRESH, "vary": "accept, *"},
        {**FRESH, "vary": "accept"},
    ),
    "vary is not looked at": [
        put("x", {**FRESH, "vary": "accept"}, with_headers(accept="a")),
        match(with_headers(accept="b")),
    ],
    "cookies": kept(
        {**FRESH, "set-cookie": "a=1"},
        {"cache-control": "public, max-age=60", "set-cookie": "a=1"},
        {"cache-control": "private=set-cookie, max-age=60", "set-cookie": "a=1"},
        {"cache-control": "max-age=60, private=Set-Cookie", "set-cookie": "a=1"},
        {"cache-control": "private=set-cookie;max-age=60", "set-cookie": "a=1"},
    ),
    "request headers": [
        put("x", request=with_headers(authorization="secret")),
        match(),
        put("x", {"cache-control": "public, max-age=60"}, with_headers(authorization="secret")),
        match(),
        put("x", request=with_headers(B, cache_control="no-store")),
        match(B),
        match(with_headers(B, cache_control="no-cache")),
        match(with_headers(B, pragma="no-cache")),
        match(with_headers(B, x_other="1")),
    ],
    "headers that are kept": kept(
        {
            **FRESH,
            "content-type": "text/x",
            "x-own": "1",
            "connection": "keep-alive, x-hop",
            "x-hop": "1",
            "keep-alive": "1",
            "te": "1",
            "trailer": "x",
            "upgrade": "x",
            "proxy-authenticate": "x",
            "warning": '110 - "old", 214 - "changed"',
            "server": "me",
            "cache-tag": "a,b",
        },
        {**FRESH, "date": "Fri, 01 Jan 2010 00:00:00 GMT", "cf-cache-status": "MISS"},
        {**FRESH, "content-encoding": "gzip"},
        {**FRESH, "content-length": "2"},
        {**FRESH, "X-Mixed": "a, b"},
        {**FRESH, "x-empty": "", "etag": ""},
        {"cache-control": "private=set-cookie", "expires": "Fri, 01 Jan 2100 00:00:00 GMT"},
    ),
    "several of one header": [
        put({"body": "x", "init": {"headers": [["x-a", "1"], ["x-a", "2"], *FRESH.items()]}}),
        match(),
    ],
    "etags": [
        put("body", {**FRESH, "etag": '"one"'}),
        *(
            match(with_headers(if_none_match=value))
            for value in ('"one"', '"two"', '"two", "one"', "*", 'W/"one"', "one", " * ", '""')
        ),
        put("body", {**FRESH, "etag": 'W/"weak"'}, B),
        match(with_headers(B, if_none_match='"weak"')),
        match(with_headers(B, if_none_match='W/"weak"')),
        put("body", {**FRESH, "etag": "bare"}, B),
        match(with_headers(B, if_none_match="bare")),
        match(with_headers(B, if_none_match="*")),
        put("body", FRESH, B),
        match(with_headers(B, if_none_match="*")),
    ],
    "dates": [
        put("body", {**FRESH, "last-modified": "Tue, 15 Nov 1994 12:45:26 GMT"}),
        *(
            match(with_headers(if_modified_since=value))
            for value in (
                "Tue, 15 Nov 1994 12:45:26 GMT",
                "Tue, 15 Nov 1994 12:45:25 GMT",
                "Tue, 15 Nov 1994 12:45:27 GMT",
                "1994-11-15",
                "tuesday",
                "Mon, 15 Nov 1994 12:45:26 GMT",
            )
        ),
        match(with_headers(if_none_match='"x"', if_modified_since="Tue, 15 Nov 1994 12:45:26 GMT")),
        put("body", {**FRESH, "last-modified": "someday"}, B),
        match(with_headers(B, if_modified_since="Tue, 15 Nov 1994 12:45:26 GMT")),
    ],
    "ranges": [
        put("0123456789", {**FRESH, "content-type": "text/plain", "etag": '"e"'}),
        *ranges(
            "bytes=0-4",
            "bytes=5-",
            "bytes=-3",
            "bytes=0-100",
            "bytes=-100",
            "bytes=-10",
            "bytes=-0",
            "bytes=4-2",
            "bytes=10-",
            "bytes=10-12",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
            "items=0-1",
            " BYTES = 1 - 2 ",
            "bytes=0-0,2-3",
            "bytes=0-1, -2, 4-",
            "bytes=0-1,-100",
            "bytes=0-1,20-30",
            "bytes=0-1,-0",
            "0-4",
        ),
        match(with_headers(range="bytes=0-1", if_none_match='"e"')),
        match(with_headers(range="bytes=0-1", if_range='"other"')),
    ],
    "ranges of a stream": [
        put({"chunks": ["0123", "456789"]}),
        *ranges("bytes=2-5", "bytes=-4"),
    ],
    "ranges of nothing": [put(""), *ranges("bytes=0-", "bytes=-1")],
    "ranges of an error": [put(status(404, "not found")), *ranges("bytes=0-2")],
    "named caches": [
        put("default"),
        put("one", cache="one"),
        put("two", cache="two"),
        match(),
        match(cache="one"),
        match(cache="two"),
        match(cache="three"),
        delete(cache="one"),
        match(cache="one"),
        match(),
        put("odd", cache="default"),
        match(cache="default"),
        match(),
        put("empty", cache=""),
        match(cache=""),
        put("slash", cache="../a/b:c"),
        match(cache="../a/b:c"),
        put("é", cache="é"),
        match(cache="é"),
        put("long", cache="x" * 200),
        match(cache="x" * 200),
    ],
    "opening": [
        {"op": "open", "args": ["x"]},
        {"op": "open", "args": []},
        {"op": "open", "args": [None]},
        {"op": "open", "args": [7]},
        {"op": "open", "args": ["x" * 1023]},
        {"op": "open", "args": ["x" * 1024]},
        {"op": "open", "args": ["é" * 512]},
        {"op": "same"},
    ],
    "not there": [
        {"op": "storage", "method": "match", "args": [A]},
        {"op": "storage", "method": "has", "args": ["x"]},
        {"op": "storage", "method": "delete", "args": ["x"]},
        {"op": "storage", "method": "keys"},
        {"op": "add", "request": A},
        {"op": "addAll", "request": [A]},
        {"op": "matchAll", "request": A},
        {"op": "keys", "request": A},
    ],
    "a key of one's own": [
        put("mine", request={"url": A, "init": {"cf": {"cacheKey": "key"}}}),
        match(),
        match({"url": A, "init": {"cf": {"cacheKey": "key"}}}),
        match({"url": B, "init": {"cf": {"cacheKey": "key"}}}),
        match({"url": B, "init": {"cf": {"cacheKey": ""}}}),
        match({"url": B, "init": {"cf": {"cacheKey": 7}}}),
        put("seven", request={"url": A, "init": {"cf": {"cacheKey": 7}}}),
        match({"url": B, "init": {"cf": {"cacheKey": "7"}}}),
        put("ttl", {}, {"url": B, "init": {"cf": {"cacheTtl": 60, "cacheEverything": True}}}),
        match(B),
        delete({"url": B, "init": {"cf": {"cacheKey": "key"}}}),
        delete({"url": B, "init": {"cf": {"cacheKey": "key"}}}),
    ],
    "replacing": [
        put("old"),
        put("new"),
        match(),
        put("none", {"cache-control": "no-store"}),
        match(),
    ],
    "expiry": [
        put("soon", {"cache-control": "max-age=1"}),
        put("soon", {"cache-control": "s-maxage=1"}, B),
        put("later", {"cache-control": "max-age=60"}, "http://a.example/later"),
        match(),
        match(B),
        wait(1100),
        match(),
        match(B),
        match("http://a.example/later"),
        put("soon", {"cache-control": "max-age=1"}),
        wait(1100),
        delete(),
    ],
}

DIFFERS: dict[str, dict[int, str]] = {
    "headers that are kept": {
        5: "wrangler's local cache encodes a body with a Content-Encoding a second time",
    },
    "ranges": {
        16: "of several ranges wrangler's local cache tells the Content-Length of the whole",
        17: "as above",
    },
}
"""By scenario: the number of the step, and why it is not as recorded."""
