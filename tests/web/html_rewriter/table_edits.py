"""What handlers do to what they are given."""

from __future__ import annotations

from typing import Any

from .cases import Case, case, each, element

P = "<div><p a=1 b='2'>one<b>two</b></p></div>"
HTML = {"html": True}
U = {"$undefined": 1}
TEXT = ["text"]


def ops(*on: Any, html: str = P, **more: Any) -> Case:
    return case(html, *on, **more)


def p(*operations: list[Any], html: str = P) -> Case:
    return ops(element("p", *operations), html=html)


SINGLE: dict[str, list[list[Any]]] = {
    "before": [["before", "<i>&"]],
    "before, html": [["before", "<i>&", HTML]],
    "before twice": [["before", "1"], ["before", "2"]],
    "after": [["after", "<i>"]],
    "after twice": [["after", "1"], ["after", "2"]],
    "prepend": [["prepend", "1"], ["prepend", "2"]],
    "append": [["append", "1"], ["append", "2"]],
    "replace": [["replace", "<i>", HTML]],
    "replace twice": [["replace", "1"], ["replace", "2"], ["get", "removed"]],
    "remove": [["remove"], ["get", "removed"]],
    "remove with all": [
        ["before", "b"],
        ["prepend", "p"],
        ["append", "a"],
        ["after", "f"],
        ["remove"],
    ],
    "remove, then all": [
        ["remove"],
        ["before", "b"],
        ["prepend", "p"],
        ["append", "a"],
        ["after", "f"],
    ],
    "keep the content": [["removeAndKeepContent"], ["get", "removed"]],
    "keep the content with all": [
        ["before", "b"],
        ["prepend", "p"],
        ["append", "a"],
        ["after", "f"],
        ["removeAndKeepContent"],
    ],
    "inner content": [["setInnerContent", "<i>"]],
    "inner content, html": [["setInnerContent", "<i>", HTML]],
    "inner content after others": [["prepend", "p"], ["append", "a"], ["setInnerContent", "x"]],
    "inner content before others": [["setInnerContent", "x"], ["prepend", "p"], ["append", "a"]],
    "inner content and replace": [["setInnerContent", "x"], ["replace", "y"]],
    "a name": [["set", "tagName", "Section"], ["get", "tagName"]],
    "a name with edits": [["set", "tagName", "x"], ["append", "a"], ["setAttribute", "c", "3"]],
    "attributes": [
        ["getAttribute", "a"],
        ["getAttribute", "A"],
        ["getAttribute", "none"],
        ["hasAttribute", "B"],
        ["hasAttribute", "c"],
        ["getAttribute", ""],
        ["getAttribute", "a b"],
        ["hasAttribute", ""],
    ],
    "set an attribute": [["setAttribute", "a", "x\"y'&<>"], ["getAttribute", "a"]],
    "a new attribute": [["setAttribute", "NeW", ""], ["attributes"]],
    "remove an attribute": [["removeAttribute", "A"], ["attributes"]],
    "remove what is not there": [["removeAttribute", "x"]],
    "remove all attributes": [["removeAttribute", "a"], ["removeAttribute", "b"]],
    "iterate": [["next"]],
    "iterate and mutate": [["try", ["mutate while iterating"]]],
    "content of other kinds": [["append", 1], ["append", None], ["append", True], ["append", U]],
    "options": [
        ["append", "<1>", {}],
        ["append", "<2>", {"html": False}],
        ["append", "<3>", {"html": 1}],
        ["append", "<4>", None],
        ["append", "<5>", {"html": "no"}],
        ["append", "<6>", U],
    ],
    "wrong options": [["try", ["append", "x", "html"]], ["try", ["append", "x", 1]]],
    "missing arguments": [
        ["try", ["append"]],
        ["try", ["setAttribute"]],
        ["try", ["setAttribute", "a"]],
        ["try", ["getAttribute"]],
        ["try", ["onEndTag", []]],
        ["try", ["removeAttribute"]],
    ],
    "bad attribute names": [
        ["try", ["setAttribute", name, "x"]]
        for name in ("", " ", "a b", "a=b", "a>b", "a/b", "a\n", 'a"b', "é")
    ],
    "bad tag names": [
        ["try", ["set", "tagName", name]]
        for name in ("", "1a", "a b", "a>b", "a/", "é", "aé", "-a")
    ],
    "a stream": [["append", {"stream": "<i>é"}]],
    "a stream of html": [["before", {"stream": "<i>é"}, HTML], ["after", "x"]],
    "a response": [["replace", {"response": "<i>"}, HTML]],
    "a response without a body": [["append", {"response": None}], ["append", "x"]],
    "a stream that is no utf-8": [["append", {"bytes": "a\xff"}]],
    "a stream for inner content": [
        ["setInnerContent", {"stream": "s"}],
        ["prepend", {"stream": "p"}],
    ],
    "an end tag": [["onEndTag", [["get", "name"], ["before", "B"], ["after", "A"]]]],
    "an end tag twice": [["onEndTag", [["before", "1"]]], ["onEndTag", [["before", "2"]]]],
    "an end tag with another name": [["onEndTag", [["set", "name", "X y"], ["get", "name"]]]],
    "an end tag that is removed": [["onEndTag", [["remove"], ["before", "b"], ["after", "a"]]]],
    "an end tag with edits": [
        ["append", "1"],
        ["after", "2"],
        ["onEndTag", [["before", "3"], ["after", "4"]]],
    ],
    "an end tag of another name": [["set", "tagName", "x"], ["onEndTag", [["get", "name"]]]],
    "an end tag after remove": [["onEndTag", [["get", "name"], ["before", "b"]]], ["remove"]],
    "read only": [
        ["try", ["set", "removed", True]],
        ["try", ["set", "namespaceURI", "x"]],
        ["get", "removed"],
    ],
    "throw": [["throw", "oh no"]],
    "throw a type error": [["before", "b"], ["throw", "oh no", "TypeError"]],
    "reject": [["reject", "oh no"]],
    "sleep": [["sleep"], ["append", "late"], ["get", "tagName"]],
    "an end tag that sleeps": [["onEndTag", [["sleep"], ["before", "late"]]]],
    "an end tag that throws": [["onEndTag", [["throw", "at the end"]]]],
}

TWO: dict[str, list[Any]] = {
    "two handlers": [
        element("p", ["append", "1"], ["after", "1"]),
        element("p", ["append", "2"], ["after", "2"]),
    ],
    "two handlers, the second sees the first": [
        element("p", ["setAttribute", "a", "x"], ["remove"]),
        element("p", ["getAttribute", "a"], ["get", "removed"]),
    ],
    "two end tags": [
        element("p", ["onEndTag", [["before", "1"]]]),
        element("p", ["onEndTag", [["before", "2"]]]),
    ],
    "inside what is removed": [
        element("div", ["remove"]),
        element("p", ["get", "removed"], ["after", "x"]),
    ],
    "inside what is replaced": [
        element("p", ["setInnerContent", "x"]),
        element("b", ["after", "y"]),
        each("b", "text", TEXT),
    ],
    "parent and child": [element("div", ["append", "D"]), element("p", ["append", "P"])],
    "text of both": [each("div", "text", TEXT), each("b", "text", TEXT), each(None, "text", TEXT)],
    "the document first": [each(None, "text", TEXT), each("p", "text", TEXT)],
    "the ends of the document": [
        each(None, "end", ["append", "1"]),
        each(None, "end", ["append", "<2>", HTML], ["append", "<3>"]),
    ],
    "an end that throws": [each(None, "end", ["append", "1"], ["throw", "at the end"])],
    "an end with a stream": [each(None, "end", ["append", {"stream": "x"}])],
}

TEXTS: dict[str, list[list[Any]]] = {
    "text replaced": [["replace", "<x>"]],
    "text replaced by html": [["replace", "<x>", HTML]],
    "text removed": [["remove"], ["get", "removed"]],
    "text with others": [["before", "<"], ["after", "1"], ["after", "2"], ["before", ">"]],
    "text with a stream": [["replace", {"stream": "s"}]],
    "text that sleeps": [["sleep"], ["before", "x"]],
    "text that throws": [["throw", "in text"]],
    "text that is set": [["try", ["set", "text", "x"]], ["try", ["set", "lastInTextNode", True]]],
}

COMMENTS: dict[str, list[list[Any]]] = {
    "a comment read": [["get", "text"], ["get", "removed"]],
    "a comment set": [["set", "text", " x & <y> "], ["get", "text"]],
    "a comment set badly": [
        ["try", ["set", "text", text]]
        for text in ("-->", "a-->b", "--!>", ">", "->", "--", "a--", "<!--", "-")
    ],
    "a comment removed": [["remove"], ["get", "removed"]],
    "a comment replaced": [["replace", "<x>"], ["before", "1"], ["after", "2"], ["after", "3"]],
    "a comment replaced by html": [["replace", "<x>", HTML]],
    "a comment with a stream": [["replace", {"stream": "x"}]],
    "a comment that sleeps": [["sleep"], ["set", "text", "late"]],
}

CASES: dict[str, Case] = {
    **{f"element: {name}": p(*each_) for name, each_ in SINGLE.items()},
    **{
        f"unclosed: {name}": p(*SINGLE[name], html="<div>a<p x=y>one</div>b")
        for name in (
            "append",
            "after",
            "remove",
            "inner content",
            "a name",
            "an end tag",
            "keep the content",
            "an end tag with edits",
        )
    },
    **{
        f"never closed: {name}": p(*SINGLE[name], html="a<p x=y>one")
        for name in (
            "append",
            "after",
            "remove",
            "inner content",
            "a name",
            "an end tag",
        )
    },
    **{
        f"void: {name}": ops(element("br", *SINGLE[name]), html="a<br a=1/>b")
        for name in (
            "before",
            "after",
            "prepend",
            "append",
            "replace",
            "remove",
            "inner content",
            "a name",
            "a new attribute",
            "an end tag",
            "keep the content",
            "remove an attribute",
        )
    },
    **{
        f"self closing in svg: {name}": ops(
            element("path", *SINGLE[name]), html="<svg><path a=1 /></svg>"
        )
        for name in (
            "prepend",
            "append",
            "after",
            "a new attribute",
            "an end tag",
            "remove an attribute",
            "remove all attributes",
        )
    },
    **{
        f"self closing in html: {name}": ops(element("p", *SINGLE[name]), html="<p a=1/>x</p>y")
        for name in (
            "prepend",
            "append",
            "a new attribute",
            "inner content",
            "a name",
        )
    },
    **{name: ops(*on) for name, on in TWO.items()},
    **{name: ops(each("p", "text", *each_)) for name, each_ in TEXTS.items()},
    **{
        f"in a script: {name}": ops(each("script", "text", *each_), html="<script>a<b</script>")
        for name, each_ in TEXTS.items()
        if "replaced" in name
    },
    **{
        name: ops(each("*", "comments", *each_), html="<p><!-- a --></p><!x>")
        for name, each_ in COMMENTS.items()
    },
    "implied ends of two": ops(
        element("li", ["append", "L"]), element("ul", ["append", "U"]), html="<ul><li>1<li>2</ul>x"
    ),
    "implied ends with handlers": ops(
        element("li", ["onEndTag", [["get", "name"], ["before", "L"]]]),
        element("ul", ["onEndTag", [["get", "name"], ["before", "U"]]]),
        html="<ul><li>1<li>2</ul>x",
    ),
    "a comment at the end of a cut page": ops(each(None, "comments", ["remove"]), html="a<!-- b"),
    "a comment in what is removed": ops(
        element("p", ["remove"]), each("p", "comments", ["get", "text"]), html="<p>a<!--b-->c</p>d"
    ),
    "removed with a cut end": ops(element("p", ["remove"]), html="x<p>a</p"),
    "a kept element": case(
        P,
        element("p", ["keep", "p"]),
        late=[["p", ["get", "tagName"]], ["p", ["append", "x"]], ["p", ["attributes"]]],
    ),
    "a kept text": case(
        P, each("b", "text", ["keep", "t"]), late=[["t", ["get", "text"]], ["t", ["remove"]]]
    ),
    "a kept comment": case(
        "<!--x-->",
        each(None, "comments", ["keep", "c"]),
        late=[["c", ["get", "text"]], ["c", ["set", "text", "y"]]],
    ),
    "a kept doctype": case(
        "<!doctype html>", each(None, "doctype", ["keep", "d"]), late=[["d", ["get", "name"]]]
    ),
    "a kept end tag": case(
        P,
        element("p", ["onEndTag", [["keep", "e"]]]),
        late=[["e", ["get", "name"]], ["e", ["before", "x"]]],
    ),
    "a kept document end": case(P, each(None, "end", ["keep", "e"]), late=[["e", ["append", "x"]]]),
    "a kept element in a later handler": ops(
        element("p", ["keep", "p"]), element("b", ["try", ["use", "p", ["append", "x"]]])
    ),
    "handlers that are none": ops(("p", {"element": 5})),
    "handlers that are text": ops(("p", {"text": "x"})),
    "handlers that are null": ops(("p", {"comments": None})),
    "handlers that are undefined": ops(("p", {"element": U, "text": U})),
    "handlers of no object": ops(("p", 5)),
    "handlers of null": ops(("p", None)),
    "handlers of undefined": ops(("p", U)),
    "handlers of nothing known": ops(("p", {"other": [["remove"]]})),
    "document handlers of no object": ops((None, "x")),
    "document handlers that are none": ops((None, {"doctype": 5})),
    "document handlers that are null": ops((None, {"end": None})),
    "the same selector twice": ops(
        element("p", ["append", "1"]), each("p", "text", TEXT), element("p", ["append", "2"])
    ),
}
