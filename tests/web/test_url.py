"""URL, against the WHATWG standard and what workerd says."""

from __future__ import annotations

import pytest

from wrangler_py.js.errors import JsException
from wrangler_py.js.null import jsnull
from wrangler_py.web.url import URL, normalize

js_URL = URL.constructor
new = js_URL.new


PARSED = [  # input, base, href
    ("http://a", None, "http://a/"),
    ("HTTP://EXAMPLE.com:80/a/../b?x#y", None, "http://example.com/b?x#y"),
    ("../g", "http://a/b/c/d;p?q", "http://a/b/g"),
    ("//x/y", "https://a", "https://x/y"),
    ("http://bücher.example/ä b", None, "http://xn--bcher-kva.example/%C3%A4%20b"),
    ("http://0x7f.1/", None, "http://127.0.0.1/"),
    ("data:text/plain,hi", None, "data:text/plain,hi"),
]


@pytest.mark.parametrize(("url", "base", "href"), PARSED)
def test_parsing_follows_the_standard(url, base, href):
    made = new(url) if base is None else new(url, base)
    assert (made.href, str(made), made.toJSON()) == (href, href, href)


@pytest.mark.parametrize("args", [("x",), ("x", "y"), (5,), ("http://a", jsnull), ("http://",)])
def test_what_does_not_parse_is_a_type_error(args):
    with pytest.raises(JsException) as caught:
        new(*args)
    assert str(caught.value) == "TypeError: Invalid URL string."


def test_the_parts_are_there():
    url = new("https://me:pw@example.com:8443/p/q?a=1#frag")
    assert (url.protocol, url.username, url.password) == ("https:", "me", "pw")
    assert (url.host, url.hostname, url.port) == ("example.com:8443", "example.com", "8443")
    assert (url.pathname, url.search, url.hash) == ("/p/q", "?a=1", "#frag")
    assert (url.origin, new("data:x").origin) == ("https://example.com:8443", "null")


def test_setters_change_the_url_and_ignore_what_does_not_fit():
    url = new("http://a/")
    url.hostname, url.port, url.pathname, url.hash = "b", 81, "/x y", "z"
    url.search = "q=1"
    assert url.href == "http://b:81/x%20y?q=1#z"
    url.protocol, url.port = "9", "99999"
    assert url.href == "http://b:81/x%20y?q=1#z"


def test_setting_an_invalid_href_fails():
    url = new("http://a/")
    with pytest.raises(JsException) as caught:
        url.href = "x"
    assert str(caught.value) == (
        "TypeError: Failed to set the 'href' property on 'URL': "
        "the provided value is not of type 'valid URL string'."
    )


def test_search_params_are_live_both_ways():
    url = new("http://a/?x=1")
    params = url.searchParams
    params.append("b", "é ")
    assert url.href == "http://a/?x=1&b=%C3%A9+"
    url.search = "?z=9"
    assert (params.get("z"), params.get("x")) == ("9", jsnull)
    url.href = "http://b/?k=v"
    assert params.toString() == "k=v"
    params.delete("k")
    assert url.href == "http://b/"
    assert url.searchParams is params


def test_statics():
    assert js_URL.canParse("http://a") is True
    assert js_URL.canParse("x") is False
    assert js_URL.canParse("x", "http://a") is True
    assert js_URL.parse("x") is jsnull
    assert js_URL.parse("x", "http://a").href == "http://a/x"
    with pytest.raises(JsException, match=r"Error: URL\.createObjectURL\(\) is not implemented"):
        js_URL.createObjectURL(None)


def test_missing_arguments_are_named():
    with pytest.raises(JsException, match="constructor parameter 1 is not of type 'USVString'"):
        new()
    with pytest.raises(JsException, match="execute 'parse' on 'URL': parameter 1 is not of type"):
        js_URL.parse()
    with pytest.raises(JsException, match="Please use the 'new' operator"):
        js_URL("http://a")


def test_normalize_gives_the_text_of_a_url():
    assert normalize("http://A:80") == "http://a/"
    with pytest.raises(JsException, match="Invalid URL string"):
        normalize("/x")
