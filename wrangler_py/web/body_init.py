"""What may be passed as a body, and the bytes and content type that it stands for.

Anything else is taken as text by string conversion, a Python object too: it is a PyProxy, whose
`toString()` is its `str()` (`b"ab"` becomes the text `b'ab'`, as in production).

Implements: https://fetch.spec.whatwg.org/#bodyinit-unions
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from ..js.buffers import JsBuffer
from ..js.convert import to_string
from ..js.null import is_nullish
from ..js.proxy import JsProxy

if TYPE_CHECKING:
    from .streams import ReadableStream

TEXT = "text/plain;charset=UTF-8"


class Extracted(NamedTuple):
    """A body: bytes or a stream (neither: null), and the content type that it brings."""

    data: bytes | None
    stream: ReadableStream | None
    type: str | None


def extract(init: Any) -> Extracted:
    """The body that a script's value stands for."""
    if type(init) is str:
        return Extracted(encode(init), None, TEXT)
    if is_nullish(init):
        return Extracted(None, None, None)
    if isinstance(init, JsProxy):
        if isinstance(init, JsBuffer):
            return Extracted(init.to_bytes(), None, None)
        # By name, so that nothing is loaded for the bodies that a worker does not use.
        known = _KINDS.get(type(init)._js_name)
        if known is not None:
            return known(init)
    return Extracted(encode(to_string(init)), None, TEXT)


def encode(text: str) -> bytes:
    """UTF-8; a lone surrogate becomes U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def _stream(init: Any) -> Extracted:
    return Extracted(None, init, None)


def _items(init: Any) -> Extracted:
    """An Array is an iterable of byte chunks."""
    from .streams import from_iterable  # rare

    return Extracted(None, from_iterable(init), None)


def _blob(init: Any) -> Extracted:
    return Extracted(bytes(init._data), None, init.type or None)


def _params(init: Any) -> Extracted:
    kind = "application/x-www-form-urlencoded;charset=UTF-8"
    return Extracted(encode(init.toString()), None, kind)


def _form_data(init: Any) -> Extracted:
    from .formdata import encode_multipart  # a FormData exists, so the module is loaded

    data, kind = encode_multipart(init)
    return Extracted(data, None, kind)


_KINDS: dict[str, Callable[[Any], Extracted]] = {
    "Array": _items,
    "Blob": _blob,
    "File": _blob,
    "FormData": _form_data,
    "ReadableStream": _stream,
    "URLSearchParams": _params,
}
