"""FormData and its two forms on the wire."""

from __future__ import annotations

import pytest

from wrangler_py.js.errors import JsException
from wrangler_py.js.ffi import to_js
from wrangler_py.js.null import jsnull
from wrangler_py.web.blob import Blob, File
from wrangler_py.web.formdata import FormData, encode_multipart, parse_form_data

new = FormData.constructor.new


def fields(form):
    return [tuple(pair) for pair in form]


def parse(body, content_type='multipart/form-data; boundary="abc"'):
    return parse_form_data(body, content_type)


def test_fields_keep_their_order_and_set_replaces_all():
    form = new()
    form.append("a", "1")
    form.append("b", 2)
    form.append("a", None)
    assert fields(form) == [("a", "1"), ("b", "2"), ("a", "undefined")]
    form.set("a", "9")
    form.set("c", "x")
    assert fields(form) == [("a", "9"), ("b", "2"), ("c", "x")]
    form.delete("b")
    assert list(form.keys()) == ["a", "c"]
    assert list(form.values()) == ["9", "x"]


def test_lookups():
    form = new()
    form.append("a", "1")
    form.append("a", "2")
    assert (form.get("a"), form["a"], form.get("z"), form["z"]) == ("1", "1", jsnull, jsnull)
    assert (list(form.getAll("a")), form.has("a"), "z" in form) == (["1", "2"], True, False)
    seen = []
    form.forEach(lambda value, name, owner: seen.append((name, value, owner is form)))
    assert seen == [("a", "1", True), ("a", "2", True)]


def test_a_blob_becomes_a_file():
    form = new()
    form.append("a", Blob._of(b"x", "t/p"), "f.txt")
    form.append("b", Blob._of(b"x"))
    form.append("c", File._make(b"x", "own", "", 7))
    form.append("d", File._make(b"x", "own"), "other")
    form.append("e", "text", "ignored")
    files = [(v.constructor.name, v.name, v.type, v.size) for v in list(form.values())[:4]]
    assert files == [
        ("File", "f.txt", "t/p", 1),
        ("File", "b", "", 1),
        ("File", "own", "", 1),
        ("File", "other", "", 1),
    ]
    assert form.get("c").lastModified == 7
    assert form.get("e") == "text"


def test_a_missing_value_is_named():
    with pytest.raises(JsException) as caught:
        new().append("a")
    assert str(caught.value) == (
        "TypeError: Failed to execute 'append' on 'FormData': "
        "parameter 2 is not of type 'File or Blob or string'."
    )


def test_the_body_is_what_workerd_writes():
    form = new()
    form.append('a"b\r\nc', "1\n2")
    form.append("f", File._make(b"hi", 'é".txt', "text/x"))
    form.append("g", Blob._of(b"zz"))
    body, kind = encode_multipart(form)
    mark = kind.removeprefix("multipart/form-data; boundary=")
    assert len(mark) == 32
    assert body.decode() == (
        f'--{mark}\r\nContent-Disposition: form-data; name="a%22b\r%0Ac"\r\n\r\n1\n2\r\n'
        f'--{mark}\r\nContent-Disposition: form-data; name="f"; filename="é%22.txt"\r\n'
        f"Content-Type: text/x\r\n\r\nhi\r\n"
        f'--{mark}\r\nContent-Disposition: form-data; name="g"; filename="g"\r\n'
        f"Content-Type: application/octet-stream\r\n\r\nzz\r\n--{mark}--"
    )


def test_what_is_written_is_read_back():
    form = new()
    form.append("text", "line\r\n--abc\r\n")
    form.append("file", File._make(bytes(range(256)), "b\\in", "x/y"))
    copy = parse_form_data(*encode_multipart(form))
    assert copy.get("text") == "line\r\n--abc\r\n"
    file = copy.get("file")
    assert (file.name, file.type, file._data) == ("b\\in", "x/y", bytes(range(256)))


def test_a_trailing_backslash_cannot_be_written():
    form = new()
    form.append("a\\", "1")
    with pytest.raises(JsException, match="Name or filename can't end with backslash"):
        encode_multipart(form)


HEAD = b'Content-Disposition: form-data; name="a"'
READ = [
    (b"--abc--\r\n", []),
    (b"--abc\r\n" + HEAD + b"\r\n\r\n1\r\n--abc--", [("a", "1")]),
    (b"preamble--abc\r\n" + HEAD + b"\r\n\r\n1\r\n--abc--", [("a", "1")]),
    (b"--abc\n" + HEAD + b"\n\n1\n--abc--", [("a", "1")]),
    (b"--abc\r\n" + HEAD + b'; filename=""\r\n\r\nhi\r\n--abc--', [("a", "hi")]),
    (
        b'--abc\r\nContent-Disposition: form-data; name="a%22\\"c"\r\n\r\n\r\n--abc--',
        [('a%22"c', "")],
    ),
]


@pytest.mark.parametrize(("body", "expected"), READ)
def test_reading_is_as_lenient_as_workerd(body, expected):
    assert fields(parse(body)) == expected


def test_a_filename_makes_a_file():
    body = b"--abc\r\n" + HEAD + b'; filename="f.txt"\r\nContent-Type: text/x\r\n\r\nhi\r\n--abc--'
    file = parse(body).get("a")
    assert (file.name, file.type, file.size, file.constructor.name) == (
        "f.txt",
        "text/x",
        2,
        "File",
    )
    untyped = b"--abc\r\n" + HEAD + b'; filename="f"\r\n\r\nhi\r\n--abc--'
    assert parse(untyped).get("a").type == ""


UNKNOWN = (
    "Unrecognized Content-Type header value. FormData can only parse the following MIME types: "
    "multipart/form-data, application/x-www-form-urlencoded"
)
NO_BOUNDARY = (
    "No boundary string in Content-Type header. The multipart/form-data MIME type requires a "
    "boundary parameter, e.g. 'Content-Type: multipart/form-data; boundary=\"abcd\"'. "
    "See RFC 7578, section 4."
)
NO_START = "No initial boundary string (or you have a truncated message)."
NO_NAME = "Content-Disposition header in FormData part is missing a name."
WRONG_KIND = (
    'Content-Disposition header for FormData part must have the value "form-data", '
    'possibly followed by parameters. Got: "file"'
)
MULTI = "multipart/form-data; boundary=abc"
REFUSED = [
    (b"x", None, UNKNOWN),
    (b"x", "text/html", UNKNOWN),
    (b"x", "multipart/form-data", NO_BOUNDARY),
    (b"x", "multipart/form-data; boundary=", NO_BOUNDARY),
    (b"x", MULTI, NO_START),
    (b"", MULTI, NO_START),
    (b"--abcde", MULTI, "Boundary string was not succeeded by CRLF, LF, or '--'."),
    (
        b"--abc\r\n" + HEAD + b"\r\n\r\n1\r\n",
        MULTI,
        "No subsequent boundary string after multipart message.",
    ),
    (b"--abc\r\nContent-Disposition: form-data\r\n\r\n1\r\n--abc--", MULTI, NO_NAME),
    (b"--abc\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--abc--", MULTI, NO_NAME),
    (b"--abc\r\n\r\n1\r\n--abc--", MULTI, "No multipart message header termination found."),
    (
        b"--abc\r\nX: y\r\n\r\n1\r\n--abc--",
        MULTI,
        "No valid Content-Disposition header found in FormData part.",
    ),
    (
        b'--abc\r\nContent-Disposition: file; name="a"\r\n\r\n1\r\n--abc--',
        MULTI,
        WRONG_KIND,
    ),
    (
        b"a=1",
        "application/x-www-form-urlencoded;charset=latin1",
        "Non-utf-8 application/x-www-form-urlencoded body.",
    ),
]


@pytest.mark.parametrize(("body", "kind", "message"), REFUSED)
def test_what_cannot_be_read_fails_as_on_cloudflare(body, kind, message):
    with pytest.raises(JsException) as caught:
        parse(body, kind)
    assert str(caught.value) == f"TypeError: {message}"


def test_urlencoded_forms():
    kind = "application/x-www-form-urlencoded;charset=UTF-8"
    assert fields(parse(b"a=1&b=%20x+y&c", kind)) == [("a", "1"), ("b", " x y"), ("c", "")]
    assert fields(parse(b"", kind)) == []


def test_a_python_list_of_files_is_no_file():
    form = new()
    form.append("a", to_js(["x", "y"]))
    assert form.get("a") == "x,y"
