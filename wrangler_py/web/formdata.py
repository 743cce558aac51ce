"""FormData: the fields of a form, text and files.

Implements: https://xhr.spec.whatwg.org/#interface-formdata
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..js.array import JsArray
from ..js.callbacks import invoke
from ..js.errors import type_error
from ..js.null import null
from ..js.proxy import JsProxy
from . import multipart_body, urlencoded
from .blob import Blob, File
from .idl import MISSING, bad_argument, require_callable, usv_string, without_new
from .iterators import EntryIterator, KeyIterator, Pair, ValueIterator
from .multipart_body import Part

Entry = str | File

_PARAMETER = re.compile(r';\s*([^\s=;]+)=(?:"((?:[^"\\]|\\.)*)"|([^;]*))')
_UNRECOGNIZED = (
    "Unrecognized Content-Type header value. FormData can only parse the following MIME types: "
    "multipart/form-data, application/x-www-form-urlencoded"
)
_NO_BOUNDARY = (
    "No boundary string in Content-Type header. The multipart/form-data MIME type requires a "
    "boundary parameter, e.g. 'Content-Type: multipart/form-data; boundary=\"abcd\"'. "
    "See RFC 7578, section 4."
)


class FormData(JsProxy):
    """An ordered list of named fields."""

    _called_without_new = without_new("FormData")

    def __init__(self) -> None:
        self._fields: list[tuple[str, Entry]] = []

    @classmethod
    def _construct(cls, *_: Any) -> FormData:
        return cls()

    def append(self, name: str, value: Any = MISSING, filename: Any = None) -> None:
        self._fields.append((usv_string(name), _entry("append", name, value, filename)))

    def set(self, name: str, value: Any = MISSING, filename: Any = None) -> None:
        name, entry = usv_string(name), _entry("set", name, value, filename)
        places = [i for i, (key, _) in enumerate(self._fields) if key == name]
        if not places:
            self._fields.append((name, entry))
            return
        self._fields[places[0]] = (name, entry)
        for place in reversed(places[1:]):
            del self._fields[place]

    def __setitem__(self, name: str, value: Any) -> None:
        self.set(name, value)

    def delete(self, name: str) -> None:
        name = usv_string(name)
        self._fields[:] = [field for field in self._fields if field[0] != name]

    def __delitem__(self, name: str) -> None:
        # Pyodide takes the undefined that JavaScript's delete() returns for "was not there"
        self.delete(name)
        raise KeyError(name)

    def get(self, name: str) -> Any:
        name = usv_string(name)
        for key, value in self._fields:
            if key == name:
                return value
        return null()

    __getitem__ = get

    def getAll(self, name: str) -> JsArray:
        name = usv_string(name)
        return JsArray([value for key, value in self._fields if key == name])

    def has(self, name: str) -> bool:
        name = usv_string(name)
        return any(key == name for key, _ in self._fields)

    __contains__ = has

    def __iter__(self) -> Iterator[JsArray]:
        return (Pair(name, value) for name, value in self._fields)

    def entries(self) -> EntryIterator:
        return EntryIterator(iter(self))

    def keys(self) -> KeyIterator:
        return KeyIterator(name for name, _ in self._fields)

    def values(self) -> ValueIterator:
        return ValueIterator(value for _, value in self._fields)

    def forEach(self, callback: Any = None, thisArg: Any = None) -> None:
        require_callable(callback, "FormData", "forEach")
        for name, value in self._fields:
            invoke(callback, value, name, self)

    def _entries(self) -> Iterator[tuple[str, Any]]:
        return iter(())


def _entry(method: str, name: Any, value: Any, filename: Any) -> Entry:
    """Return what a form keeps of ``value``: text, or a File."""
    if value is MISSING:
        raise bad_argument("FormData", method, 2, "File or Blob or string")
    if not isinstance(value, Blob):
        return usv_string(value)
    if isinstance(value, File) and filename is None:
        return value
    return File._make(value._data, usv_string(name if filename is None else filename), value._type)


def encode_multipart(form: FormData) -> tuple[bytes, str]:
    """Write ``form`` as a body; the second is its content type."""
    boundary = multipart_body.new_boundary()
    data = multipart_body.encode((_part(name, value) for name, value in form._fields), boundary)
    return data, f"multipart/form-data; boundary={boundary}"


def _part(name: str, value: Entry) -> Part:
    if isinstance(value, str):
        return Part(name, value.encode())
    return Part(name, value._data, value._name, value._type)


def parse_form_data(data: bytes, content_type: str | None) -> FormData:
    """Read a body by its content type.

    Raises:
        JsException: a TypeError, for another type or a malformed body.
    """
    kind, parameters = _mime(content_type or "")
    form = FormData()
    if kind == "multipart/form-data":
        if not parameters.get("boundary"):
            raise type_error(_NO_BOUNDARY)
        parts = multipart_body.parse(data, parameters["boundary"])
        form._fields = [(part.name, _value(part)) for part in parts]
    elif kind == "application/x-www-form-urlencoded":
        charset = parameters.get("charset", "utf-8").lower()
        if charset not in ("utf-8", "utf8", "unicode-1-1-utf-8"):
            raise type_error("Non-utf-8 application/x-www-form-urlencoded body.")
        form._fields = list(urlencoded.decode(data.decode("utf-8", "replace")))
    else:
        raise type_error(_UNRECOGNIZED)
    return form


def _value(part: Part) -> Entry:
    if part.filename is None:
        return part.data.decode("utf-8", "replace")
    return File._make(part.data, part.filename, part.type)


def _mime(text: str) -> tuple[str, dict[str, str]]:
    """Return the type of a Content-Type value in lower case, and its parameters."""
    kind, _, rest = text.partition(";")
    found: dict[str, str] = {}
    for match in _PARAMETER.finditer(";" + rest):
        quoted, plain = match[2], match[3]
        value = plain.strip() if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        found.setdefault(match[1].lower(), value)
    return kind.strip().lower(), found
