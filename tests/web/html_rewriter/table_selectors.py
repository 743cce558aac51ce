"""The selectors that `on` takes, and what it says of the others."""

from __future__ import annotations

from .cases import Case, case, element

PAGE = (
    "<main id=m class='a b'><p>1</p><p class=b lang=en-GB TYPE=Text>2</p>"
    "<div><p id=x data-x='A b'>3</p><span class='A'>4</span><p>5</p></div>"
    "<br><p data-x='' title=\"a-b\">6</p></main><DIV class=é>7</DIV>"
)

MATCHING = """
*|p|div|P|DIV|br|nothing|#m|#M|.a|.b|.A|.a.b|p.b|p#x|#x.b|main p|main > p|main>p|div p
main > div > p|main div p|p p|main * p|* > * > p|[lang]|[LANG]|[lang=en-GB]|[lang="en-gb"]
[lang='en-gb' i]|[lang="en-gb" s]|[type=text]|[type=text s]|[type="TEXT" i]|[data-x="A b"]
[data-x='a b' i]|[data-x~=b]|[data-x~="A b"]|[data-x~=""]|[data-x^=A]|[data-x^="A "]
[data-x^=""]|[data-x$=b]|[data-x$=""]|[data-x*=" "]|[data-x*=""]|[data-x=""]|[lang|=en]
[lang|=en-GB]|[lang|=e]|[title|=a]|p[title]|p[title][data-x]|p:not([title])|p:not(.b)|:not(p)
:not(*)|p:not(.b):not(#x)|:not(p, div, main)|:not(p.b)|:not(:not(p))|p:first-child|:first-child
p:first-of-type|p:nth-child(2)|p:nth-child(odd)|p:nth-child(even)|p:nth-child(2n+1)
p:nth-child(-n+2)|p:nth-child(n)|p:nth-child( 2n + 1 )|p:nth-of-type(2)|p:nth-of-type(2n)
:nth-of-type(1)|span:nth-child(2)|p:not(:nth-child(1))|p:nth-child(0)|p:nth-child(-1)|p, span
p,span , br|main, p|*.b|*|*[lang]|.é|\\.a|#\\6d|.\\62 |p/* c */.b|p /* c */ span
div:nth-child(3) p|main p:first-child|p:NOT(.b)|P:First-Child|[ lang ]|[lang = "en-GB"]
[data-x="A\\20 b"]|:not( p )
""".replace("\n", "|")


def _split(text: str) -> list[str]:
    """The selectors of a list with bars between them, of which `|=` and `*|*` are none."""
    found = [""]
    for character in text:
        inside = found[-1].count("[") > found[-1].count("]")
        if character == "|" and not inside:
            found.append("")
        else:
            found[-1] += character
    return [each.replace("\\\\", "\\") for each in found if each]


NAMESPACED = [
    "|",
    "*|",
    "p > |",
    "p||",
    "p||q",
    "*||p",
    "||",
    "*|p",
    "*|*",
    "|p",
    "x|p",
    "svg|a",
    "[x|lang]",
    "[*|lang]",
    "[|lang]",
    "p:not(*|p)",
]

WRONG = [
    "",
    " ",
    ",",
    "p,",
    ",p",
    "p,,div",
    ">",
    "> p",
    "p >",
    "p > > div",
    "p + div",
    "p ~ div",
    "+ p",
    "~",
    "p || div",
    "#",
    ".",
    "p.",
    "p#",
    ".1",
    "#1",
    "[",
    "[]",
    "[lang",
    "[lang=",
    "[lang=]",
    "[lang=en",
    '[lang="en]',
    "[=en]",
    "[lang!=en]",
    "[lang=en x]",
    "[lang=en i",
    "[lang=en i s]",
    "[1=2]",
    "['a']",
    "[lang=1]",
    "p[",
    "p]",
    "p)",
    "p(",
    "p{",
    "p}",
    "p;",
    "1",
    "p 1",
    "@p",
    "!p",
    "$",
    "%",
    "^",
    "&",
    "p & b",
    '"p"',
    'p"',
    ":",
    "::",
    "p:",
    "p::",
    ":hover",
    "p:hover",
    "::before",
    ":before",
    "p::first-line",
    ":last-child",
    ":only-child",
    ":last-of-type",
    ":only-of-type",
    ":nth-last-child(1)",
    ":nth-last-of-type(1)",
    ":empty",
    ":root",
    ":scope",
    ":is(p)",
    ":where(p)",
    ":has(p)",
    ":not",
    ":not()",
    ":not(,)",
    ":not(p",
    ":not(p,)",
    ":not(p div)",
    ":not(p > b)",
    ":not(p + b)",
    ":not(:hover)",
    ":not(::before)",
    ":nth-child",
    ":nth-child()",
    ":nth-child(x)",
    ":nth-child(2",
    ":nth-child(2 of p)",
    ":nth-child(1.5)",
    ":nth-child(+ 1)",
    ":nth-child(n + )",
    ":first-child(1)",
    ":contains(x)",
    ":host",
    ":host(p)",
    "::slotted(p)",
    "::part(x)",
    ":lang(en)",
    ":any-link",
    ":link",
    ":unknown",
    ":unknown(x)",
    "::unknown",
    "::unknown(x)",
    "p /",
    "p // b",
    "/* c */",
    "/**/p",
    "<p>",
    "p\\",
    "p::before b",
    "--x",
    "-",
    "-1",
    "\\",
    "p > .",
    "*p",
    "**",
    "* *",
    ".a#b.c[d]:not(e)",
    "a:not(b):not(c) > d",
    "\u00e9",
    "p\u0000q",
    "!important",
    "p!",
    "url(x)",
    "#url(x)",
    ".a(b)",
    "p:not(#)",
    "p:not([)",
    ":not(.)",
    "&",
    "& > p",
    "p > &",
]

SEEN = (["get", "tagName"], ["getAttribute", "id"], ["setAttribute", "m", "1"])

CASES: dict[str, Case] = {
    **{
        f"selector: {each}": case(PAGE, element(each, *SEEN))
        for each in [*_split(MATCHING), *NAMESPACED]
    },
    **{f"wrong: {each}": case("<p>x</p>", element(each, *SEEN)) for each in WRONG},
    "selector of no text": case("<p>", ({"$undefined": 1}, {})),  # type: ignore[arg-type]
    "a deep match": case(
        "<a><b><c><a><b><c>x</c></b></a></c></b></a>",
        element("a > b c", *SEEN),
        element("a a c", *SEEN),
    ),
    "children are counted anew": case(
        "<ul><li>1<li>2</ul><ul><li>3</li><li>4</li></ul>",
        element("li:nth-child(2)", *SEEN),
        element("li:nth-of-type(1)", *SEEN),
    ),
    "types are counted by parent": case(
        "<a>1</a><b><a>2</a><a>3</a></b><a>4</a>", element("a:nth-of-type(2)", *SEEN)
    ),
    "attributes are raw": case(
        "<p t='&amp;'>x</p>",
        element("[t='&']", *SEEN),
        element("[t='&amp;']", ["getAttribute", "t"]),
    ),
    "the first of two attributes": case(
        "<p t=1 T=2>x</p>", element("[t='2']", *SEEN), element("[t='1']", ["getAttribute", "T"])
    ),
    "in svg attributes keep their case": case(
        "<svg type=Text><a type=Text /></svg>", element("[type=text]", *SEEN)
    ),
}
