"""What URLPattern is asked, here and in workerd: its arguments, and what is matched with it."""

from __future__ import annotations

from typing import Any

A = "https://a.example"
U = {"$undefined": 1}
Inputs = list[list[Any]]


def path(pattern: str, *paths: str) -> tuple[list[Any], Inputs]:
    """A pattern of the path alone."""
    return [{"pathname": pattern}], [[{"pathname": each}] for each in paths]


def url(pattern: Any, *inputs: Any) -> tuple[list[Any], Inputs]:
    given = pattern if isinstance(pattern, list) else [pattern]
    return given, [each if isinstance(each, list) else [each] for each in inputs]


CASES: dict[str, tuple[list[Any], Inputs]] = {
    "a name": path("/books/:id", "/books/1", "/books/", "/books/1/2", "/books/a%20b", "/BOOKS/1"),
    "two names": path("/:a/:b", "/x/y", "/x", "/x/y/z"),
    "names in one step": path("/:a-:b.:c", "/1-2.3", "/1-2"),
    "a name with an expression": path("/n/:id(\\d+)", "/n/12", "/n/x"),
    "an expression without a name": path("/(a|b)/c", "/a/c", "/b/c", "/d/c"),
    "a choice": path("/a/:b?", "/a", "/a/", "/a/x", "/a/x/y"),
    "one or more": path("/a/:b+", "/a", "/a/x", "/a/x/y"),
    "any number": path("/a/:b*", "/a", "/a/x", "/a/x/y"),
    "a star": path("/a/*", "/a", "/a/", "/a/x/y"),
    "two stars": path("*/x/*", "/x/", "/a/x/b"),
    "braces": path("/a{/b}?/c", "/a/c", "/a/b/c", "/ac"),
    "braces with a name": path("/a{-:b}?", "/a", "/a-x"),
    "braces repeated": path("/{a}+", "/a", "/aaa", "/"),
    "escaped signs": path("/\\:a/\\*", "/:a/*", "/x/y"),
    "signs that are encoded": path("/é/:a", "/é/ü", "/%C3%A9/x"),
    "dots": path("/a/../:b", "/x", "/a/x"),
    "the same name twice": path("/:a/:a"),
    "an unclosed brace": path("/{a"),
    "an unclosed group": path("/(a"),
    "an empty group": path("/()"),
    "a wrong expression": path("/([a)"),
    "a name that is none": path("/:"),
    "a star behind nothing": path("/a/**", "/a/b"),
    "a bad modifier": path("/a?", "/a"),
    "a plus": path("+"),
    "a caret": path("/(^a)"),
    "a lookahead": path("/((?=a).*)", "/a", "/b"),
    "a url": url(f"{A}/books/:id", f"{A}/books/1", f"{A}/books/1?q#h", "http://a.example/books/1"),
    "a url with a host": url(
        "https://:sub.example/*", "https://x.example/a", "https://a.b.example/"
    ),
    "a star for a host": url("https://*.example/x", "https://a.b.example/x", "https://example/x"),
    "a port": url("http://a:8080/", "http://a:8080/", "http://a/", "http://a:80/"),
    "any port": url("http://a:*/", "http://a:8080/", "http://a/"),
    "the default port": url("https://a:443/", "https://a/", "https://a:443/"),
    "a protocol": url("http{s}?://a/*", "http://a/", "https://a/x", "ftp://a/"),
    "a query": url(f"{A}/?q=:q", f"{A}/?q=1", f"{A}/?q=", f"{A}/"),
    "a query with a question mark": url(f"{A}/a\\?q=*", f"{A}/a?q=1&b=2", f"{A}/a"),
    "a hash": url(f"{A}/#:h", f"{A}/#x", f"{A}/"),
    "a user": url("https://:u::p@a/", "https://x:y@a/", "https://a/"),
    "a data url": url("data\\:text/*", "data:text/plain,hi", "data:image/png,"),
    "a relative url": url(["/a/:b", A], f"{A}/a/x", ["/a/y", A], ["a/y", f"{A}/z/"], "/a/x"),
    "a relative url without a base": url("/a/:b"),
    "a base that is none": url(["/a", "nope"]),
    "an object": url(
        {"protocol": "https", "hostname": "*.example", "pathname": "/x/:y"},
        "https://a.example/x/1",
        {"hostname": "b.example", "pathname": "/x/2"},
        A,
    ),
    "an object with a base": url(
        {"pathname": "a/:b", "baseURL": f"{A}/x/?q#h"}, f"{A}/x/a/1", f"{A}/x/a/1?q#h", f"{A}/a/1"
    ),
    "an object and a base": url([{"pathname": "/a"}, A]),
    "an empty object": url({}, A, {}, U, "nope", ["/x", A]),
    "nothing": url([], A, "nope"),
    "no text": url([5], A),
    "null": url([None], A),
    "any case": url([{"pathname": "/A/:b"}, {"ignoreCase": True}], {"pathname": "/a/X"}),
    "any case of a path": url([{"pathname": "/A"}, {"ignoreCase": True}], {"pathname": "/a"}),
    "any case of a url": url([f"{A}/A", {"ignoreCase": True}], f"{A}/a", f"{A}/A"),
    "any case with a base": url(["/A", A, {"ignoreCase": True}], f"{A}/a"),
    "options of no object": url([{"pathname": "/a"}, U, 5]),
    "inputs of all kinds": url(
        {"pathname": "/a"}, "https://x/a", [{"pathname": "/a"}, A], U, None, 5, [f"{A}/a", A]
    ),
    "an ip address": url("http://127.0.0.1:*/*", "http://127.0.0.1:8787/x", "http://localhost/"),
    "an ipv6 address": url("http://[\\:\\:1]/", "http://[::1]/", "http://[::2]/"),
    "a host in capitals": url("https://EXAMPLE.com/", "https://example.com/"),
    "a host with signs": url(
        {"hostname": "bücher.example"},
        {"hostname": "xn--bcher-kva.example"},
        "https://bücher.example/",
    ),
    "a bad host": url({"hostname": "a b"}),
    "a bad port": url({"port": "99999"}),
    "a port that is none": url({"port": "x"}),
    "a port of http": url(
        {"protocol": "http", "port": "80"}, "http://a/", "http://a:80/", "http://a:81/"
    ),
}

NOT_EMULATED: dict[str, str] = {
    "a lookahead": "the library's expressions have none",
    "any case": "the library tells cases apart as soon as there is a group",
}
DIFFERS: dict[str, str] = {
    "an empty object": "without a base workerd takes `nope` for a path, against the standard",
    "nothing": "as above",
}
"""Cases that do not end as recorded, and why."""
