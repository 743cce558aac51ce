"""TextEncoder, TextDecoder, atob and btoa, with workerd's answers."""

from __future__ import annotations

import codecs

import pytest

from wrangler_py.js.buffers import ArrayBuffer, Uint8Array
from wrangler_py.js.errors import JsException
from wrangler_py.js.null import jsnull
from wrangler_py.web.encoding import TextDecoder, TextEncoder, atob, btoa
from wrangler_py.web.encoding_labels import ENCODINGS

encoder = TextEncoder.constructor.new
decoder = TextDecoder.constructor.new


def u8(data):
    return Uint8Array._of(data)


ENCODED = [("é€😀", "é€😀".encode()), (None, b""), (jsnull, b"null"), ("\ud800x", b"\xef\xbf\xbdx")]


@pytest.mark.parametrize(("text", "data"), ENCODED)
def test_encoding_is_utf_8(text, data):
    assert encoder().encode(text).to_bytes() == data


def test_an_encoder_takes_no_label():
    assert encoder("latin1").encoding == "utf-8"
    assert encoder().encode().to_bytes() == b""


INTO = [("é€x", 4, (1, 2)), ("😀a", 10, (3, 5)), ("😀a", 3, (0, 0)), ("", 3, (0, 0))]


@pytest.mark.parametrize(("text", "room", "counts"), INTO)
def test_encode_into_stops_before_a_character_that_does_not_fit(text, room, counts):
    target = Uint8Array(room)
    result = encoder().encodeInto(text, target)
    assert (result.read, result.written) == counts
    data = text.encode()[: counts[1]]
    assert target.to_bytes() == data.ljust(room, b"\0")


def test_encode_into_needs_a_uint8array():
    with pytest.raises(JsException, match="parameter 2 is not of type 'Uint8Array'"):
        encoder().encodeInto("x", "q")


DECODED = [  # label, data, text
    (None, b"\xf0\x9f\x98A\xe2\x82\xff", "�A��"),
    ("utf-8", b"\xef\xbb\xbfA", "A"),
    ("utf-16le", b"\xff\xfeA\0", "A"),
    ("utf-16le", b"\0\xd8A\0B", "�A�"),
    ("utf-16be", b"\0A", "A"),
    ("latin1", b"\x80\x81\xe9", "€\x81é"),
    ("windows-1253", b"\xaa\xc1", "�Α"),
    ("shift_jis", b"\x82\xa0", "あ"),
    ("euc-jp", b"\xa4\xa2", "あ"),
    ("big5", b"\xa4@", "一"),
    ("gb18030", b"\xb0\xa1", "啊"),
    ("x-user-defined", b"\x80A", "\uf780A"),
]


@pytest.mark.parametrize(("label", "data", "text"), DECODED)
def test_decoding(label, data, text):
    assert decoder(label).decode(u8(data)) == text
    assert decoder(label).decode(ArrayBuffer._of(data)) == text


LABELS = [
    ("UTF8 ", "utf-8"),
    ("ascii", "windows-1252"),
    ("gbk", "gbk"),
    ("utf-16", "utf-16le"),
    ("iso-8859-2", "iso-8859-2"),
    (None, "utf-8"),
]


@pytest.mark.parametrize(("label", "name"), LABELS)
def test_labels(label, name):
    assert decoder(label).encoding == name


@pytest.mark.parametrize("codec", sorted({codec for _, codec in ENCODINGS.values()}))
def test_python_has_every_codec(codec):
    if codec != "x-user-defined":
        assert codecs.lookup(codec)
    label = next(label for label, row in ENCODINGS.items() if row[1] == codec)
    assert decoder(label).decode(u8(b"")) == ""


@pytest.mark.parametrize("label", ["nope", "replacement", jsnull, ""])
def test_an_unknown_label_is_a_range_error(label):
    text = "null" if label is jsnull else label
    with pytest.raises(JsException) as caught:
        decoder(label)
    assert str(caught.value) == f'RangeError: "{text}" is not a valid encoding.'


def test_pieces_of_a_character_wait_for_the_rest():
    made = decoder()
    assert made.decode(u8(b"\xe2\x82"), stream=True) == ""
    assert made.decode(u8(b"\xac"), stream=True) == "€"
    assert made.decode(u8(b"\xe2")) == "�"
    assert made.decode(u8(b"A")) == "A"
    japanese = decoder("shift_jis")
    assert (japanese.decode(u8(b"\x82"), stream=True), japanese.decode(u8(b"\xa0"))) == ("", "あ")


def test_a_byte_order_mark_may_be_kept():
    made = decoder("utf-8", ignoreBOM=True)
    assert made.decode(u8(b"\xef\xbb\xbfA")) == "\ufeffA"
    assert (made.fatal, made.ignoreBOM) == (False, True)


@pytest.mark.parametrize(
    ("label", "data"), [("utf-8", b"\xff"), ("utf-16le", b"\xff"), ("windows-1253", b"\xaa")]
)
def test_a_fatal_decoder_throws_and_starts_over(label, data):
    made = decoder(label, fatal=True)
    with pytest.raises(JsException) as caught:
        made.decode(u8(data))
    assert str(caught.value) == "TypeError: Failed to decode input."
    assert made.decode(u8(b"")) == ""


@pytest.mark.parametrize("data", ["x", jsnull, b"abc"], ids=repr)
def test_only_buffers_are_decoded(data):
    with pytest.raises(JsException, match="execute 'decode' on 'TextDecoder': parameter 1 is not"):
        decoder().decode(data)


def test_atob():
    assert [atob("YQ"), atob(" Y Q = = "), atob("YQ=="), atob("")] == ["a", "a", "a", ""]
    assert atob(jsnull) == "\x9eée"


@pytest.mark.parametrize("text", ["Y", "*", "YQ===", "YQ=a", "====", "Y-"])
def test_atob_refuses_what_is_no_base64(text):
    with pytest.raises(JsException) as caught:
        atob(text)
    assert (caught.value.name, caught.value.code) == ("InvalidCharacterError", 5)
    assert caught.value.message.startswith("atob() called with invalid base64-encoded data. (Only")


def test_btoa():
    assert [btoa("é"), btoa(5), btoa("")] == ["6Q==", "NQ==", ""]
    with pytest.raises(JsException) as caught:
        btoa("€")
    assert caught.value.message == (
        "btoa() can only operate on characters in the Latin1 (ISO/IEC 8859-1) range."
    )


@pytest.mark.parametrize(("function", "kind"), [(atob, "string"), (btoa, "String")])
def test_a_missing_argument_is_named(function, kind):
    with pytest.raises(JsException, match=f"parameter 1 is not of type '{kind}'"):
        function()
