"""HTML of all kinds: what handlers see of it, and that what they leave alone stays as it was."""

from __future__ import annotations

from .cases import Case, case, each, element

MARK = ["setAttribute", "m", "1"]
TEXT = ["text"]
SEEN = ["get", "tagName"]

UNTOUCHED: dict[str, str] = {
    "well formed": "<!doctype html><html><head><title>t</title></head><body><p>x</p></body></html>",
    "odd casing": "<DiV CLASS=A><P>x</p></DIV >",
    "odd spaces": "<p\n a = 'b'\t c=d / ><br / ></p \n>",
    "duplicate attributes": "<p a=1 A=2 a=3>x</p>",
    "entities": "<p title='&lt;&bogus;'>&amp; &nbsp &#x41; &bogus;</p>",
    "unclosed": "<p>a<b>b<i>c",
    "stray end tags": "</p>a</b></>x</i>",
    "less than": "a < b <3 <= << </ 5 <",
    "script": "<script>if (a<b) { '</p>' + '<!-- ' }</script><b>x</b>",
    "style and title": "<style>a>b{}</p></style><title><b>&amp;</b></title>"
    "<textarea><i></textarea>",
    "comments": "<!-- a --><!----><!-->x<!--->y<!--a--!>b<!-- -- --><!--a--->",
    "bogus comments": "<!x><?php echo '>' ?></ x><![CDATA[x]]>",
    "cdata": "<svg><![CDATA[<b>]]></svg><![CDATA[x]]>",
    "crlf and nul": "a\r\nb\rc\0<p\r\n>\0</p\0>",
    "byte order mark": "\ufeff<p>x</p>",
    "unicode": "<é>é</é><p é='ü'>\U0001f600</p>",
    "cut in a tag": "<p>x</p><div class='a",
    "cut in a name": "<p>x</p><di",
    "cut in an end tag": "<p>x</p",
    "cut in a comment": "<p>x</p><!-- a",
    "cut in a doctype": "<!doctype ht",
    "cut in a script": "<script>a</scr",
    "plaintext": "<plaintext>a</plaintext><b>",
    "noscript and friends": "<noscript><p></noscript><iframe><p></iframe><xmp><p></xmp>"
    "<noembed><p></noembed><noframes><p></noframes>",
    "empty": "",
    "a space": " ",
}

ODD: dict[str, str] = {
    **UNTOUCHED,
    "escaped script": "<script><!-- <b></b> --></script><b>x</b>",
    "double escaped script": "<script><!--<script></script>--></script><b>x</b>",
    "script escaped to the end": "<script><!--<script></script>x<b>",
    "script in capitals": "<SCRIPT>a<b></ScRiPt ><b>",
    "script with a false end": "<script></scriptx></script/><b>",
    "an end tag with attributes": "<p>x</p a='>'>y",
    "attributes of all kinds": "<a b=c/ d==e \"f\" 'g'=h i = j/ =k l= m=\"\" n=''>x</a>",
    "an empty value at the end": "<p a=>x</p><script b=>x<i></script>",
    "nested": "<div><div><p>1</p></div><p>2</p></div>",
    "implied ends": "<ul><li>1<li>2</ul><p>a<div>b</p></div>",
    "void elements": "<p><br>a<img src=x>b<input/></p>c",
    "self closing": "<div/>a<p/>b</p></div>",
    "svg": "<svg a=b><path/><g><title><p>x</p></title></g><style><b></style></svg><b>y</b>",
    "svg left by html": "<svg><g><p>x</p></g></svg><path>",
    "foreign object": "<svg><foreignObject><div><br>x</div></foreignObject><path/></svg>",
    "math": "<math><mi><b>x</b></mi><annotation-xml encoding='text/html'><p>y</p></annotation-xml>"
    "<annotation-xml><mo/></annotation-xml></math>",
    "svg with a font": "<svg><font>a</font><font color=x>b</font></svg>",
    "doctype with ids": '<!DOCTYPE html PUBLIC "-//W3C//DTD" "http://x/y.dtd"><p>',
    "doctype with a system id": "<!doctype HTML system 'about:legacy'>",
    "doctype of no name": "<!doctype><!doctype ><!DOCTYPE x y z>",
    "doctype cut in an id": '<!doctype html public "a>b">',
    "select with markup": "<select><option>a<p>b</select><textarea><b></textarea>",
    "template": "<template><p>x</p></template>",
    "names with colons": "<x:y z:w=1>a</x:y><my-element>b</my-element>",
}

AMBIGUOUS: dict[str, str] = {
    "style in select": "a<select><style>b</style></select>",
    "script in select": "a<select><script><b></script></select>",
    "title after frameset": "a<frameset><title>b</title></frameset>",
    "template in select": "<select><template><xmp></xmp></template></select>",
    "textarea in select": "<select><textarea><b></textarea></select>",
    "noframes after frameset": "<frameset><noframes><b></noframes>",
}

ALL = [
    each("*", "element", SEEN, ["attributes"], ["get", "namespaceURI"]),
    each("*", "comments", ["get", "text"]),
    each("*", "text", TEXT),
    (
        None,
        {
            "doctype": [["get", "name"], ["get", "publicId"], ["get", "systemId"]],
            "comments": [["get", "text"]],
            "text": [TEXT],
            "end": [],
        },
    ),
]

CASES: dict[str, Case] = {
    **{f"untouched: {name}": case(html) for name, html in UNTOUCHED.items()},
    **{f"seen: {name}": case(html, *ALL) for name, html in ODD.items()},
    **{f"marked: {name}": case(html, element("*", MARK)) for name, html in ODD.items()},
    **{f"ambiguous: {name}": case(html, *ALL) for name, html in AMBIGUOUS.items()},
    "ambiguous, and nobody looks": case(AMBIGUOUS["style in select"]),
    # Chunks
    "text in chunks": case(
        None, each("p", "text", TEXT), chunks=["<p>on", "e tw", "o</p>", "th", "<p>x"]
    ),
    "tags in chunks": case(
        None,
        element("p", SEEN, ["attributes"], MARK),
        chunks=["<", "p", " a=", "'b", "c'", ">x</", "p>"],
    ),
    "comments in chunks": case(
        None,
        each(None, "comments", ["get", "text"]),
        chunks=["a<", "!", "-", "- b", " -", "-", ">c"],
    ),
    "a character in chunks": case(
        None, each("p", "text", TEXT), chunks=["<p>a\xc3", "\xa9b</p>\xe2\x82", "\xac"], latin1=True
    ),
    "a script in chunks": case(
        None,
        each("script", "text", TEXT),
        chunks=["<script>a<", "!--b", "-", "-><", "/script", ">c"],
    ),
    "an end tag in chunks": case(
        None, each("title", "text", TEXT), chunks=["<title>a</", "tit", "lx</title", " >b"]
    ),
    "cdata in chunks": case(
        None, each("svg", "text", TEXT), chunks=["<svg><![CD", "ATA[a]", "]b]]", ">c</svg>"]
    ),
    "empty chunks at the ends": case(None, element("p", MARK), chunks=["<p>", "x", "</p>"]),
    "an input that fails": case(
        None, element("p", MARK), chunks=["<p>a</p>b", "<i"], fails="broken"
    ),
    # Charsets
    "latin-1": case(
        "<p>\xe9</p>",
        each("p", "text", TEXT),
        element("p", ["append", "é€"]),
        latin1=True,
        type="text/html; charset=iso-8859-1",
    ),
    "windows-1251": case(
        "<p>\xef</p>",
        each("p", "text", TEXT),
        element("p", ["append", "пé"]),
        latin1=True,
        type="text/html;charset=windows-1251",
    ),
    "shift_jis": case(
        "<p>\x83\x5c<b>\x82\xa0</b></p>",
        each("p", "text", TEXT),
        element("b", ["setAttribute", "t", "あ"]),
        latin1=True,
        type="text/html; charset=Shift_JIS",
    ),
    "charset in quotes": case(
        "<p>\xe9</p>", each("p", "text", TEXT), latin1=True, type='text/html; charset="latin1"'
    ),
    "an unknown charset": case("<p>x</p>", element("p", MARK), type="text/html; charset=nonsense"),
    "utf-16": case("<p>x</p>", element("p", MARK), type="text/html; charset=utf-16"),
    "iso-2022-jp": case("<p>x</p>", element("p", MARK), type="text/html; charset=iso-2022-jp"),
    "broken utf-8": case("<p>a\xffb</p>", each("p", "text", TEXT), latin1=True),
    "broken utf-8, untouched": case("<p>a\xffb</p>", element("p", MARK), latin1=True),
    "broken utf-8 at the end": case("<p>a\xc3</p>", each("p", "text", TEXT), latin1=True),
    "a tag name that cannot be encoded": case(
        "<p>x</p>", element("p", ["set", "tagName", "aé€"]), type="text/html; charset=iso-8859-5"
    ),
    "an attribute that cannot be encoded": case(
        "<p>x</p>", element("p", ["setAttribute", "€", "x"]), type="text/html; charset=iso-8859-5"
    ),
    # Responses
    "a response": case(
        "<p>x</p>",
        element("p", MARK),
        response=True,
        status=404,
        statusText="Nope",
        headers={"content-length": "8", "x-a": "1", "etag": '"x"', "content-type": "text/html"},
    ),
    "a response without a type": case("<p>x</p>", element("p", MARK), response=True),
    "a response without a body": case(None, element("p", MARK), response=True, status=204),
    "a json response": case('{"a": "<p>"}', element("p", MARK), type="application/json"),
    "an error response": case(None, input="error"),
    "no response": case(None, input=None),
    "a string for a response": case(None, input="<p>"),
    "a response that was read": case("<p>x</p>", used=True),
    "a response that is locked": case("<p>x</p>", locked=True),
    "a response twice": case("<p>x</p>", element("p", MARK), twice=True),
}

DIFFERS: dict[str, str] = {
    "seen: an empty value at the end": "what follows `<script b=>` is markup to lol-html if "
    "somebody looks at text, and a script's text if nobody does, as the standard says",
}
"""Cases that do not end as recorded, and why."""
