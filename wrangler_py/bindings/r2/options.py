"""What scripts pass as options, read as workerd does.

Source: https://developers.cloudflare.com/r2/api/workers/workers-api-reference/#method-specific-types
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ...errors import NotEmulated
from ...js.array import JsArray
from ...js.buffers import JsBuffer
from ...js.callbacks import iterated, member
from ...js.convert import is_primitive, to_number, to_string
from ...js.date import Date, parse
from ...js.errors import JsException, error, range_error, type_error
from ...js.null import jsnull
from ...web.headers import Headers
from ...web.idl import to_int32
from .conditions import Condition, Etag, parse_etags
from .content import ALGORITHMS
from .ranges import Range

__all__ = [
    "bad_field",
    "check_ssec",
    "custom_metadata",
    "digest",
    "http_metadata",
    "include",
    "integer",
    "only_if",
    "optional_text",
    "range_in",
]

FIELDS = {
    "contentType": "content-type",
    "contentLanguage": "content-language",
    "contentDisposition": "content-disposition",
    "contentEncoding": "content-encoding",
    "cacheControl": "cache-control",
    "cacheExpiry": "expires",
}
"""R2's names of HTTP metadata, and the headers."""


def bad_field(field: str, owner: str, kind: str) -> JsException:
    return type_error(
        f"Incorrect type for the '{field}' field on '{owner}': "
        f"the provided value is not of type '{kind}'."
    )


def optional_text(options: Any, name: str, owner: str) -> str | None:
    """A member that has to be a string already."""
    value = member(options, name)
    if value is not None and not isinstance(value, str):
        raise bad_field(name, owner, "string")
    return value


def integer(options: Any, name: str) -> int | None:
    value = member(options, name)
    return None if value is None else to_int32(value)


def _object(options: Any, name: str, owner: str, kind: str) -> Any:
    """A member that is an object; None: there is none."""
    value = member(options, name)
    if value is jsnull and kind != "object":
        return None
    if value is not None and (is_primitive(value) or value is jsnull):
        raise bad_field(name, owner, kind)
    return value


def _date(value: Any, field: str, owner: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, Date):
        return value._ms
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    raise bad_field(field, owner, "date")


def http_metadata(options: Any, owner: str) -> dict[str, Any]:
    given = _object(options, "httpMetadata", owner, "HttpMetadata or Headers")
    if given is None:
        return {}
    if isinstance(given, Headers):
        found: dict[str, Any] = {}
        for name, header in FIELDS.items():
            text = given._find(header)
            if text is not None:
                found[name] = parse(text) if name == "cacheExpiry" else text
        return _without_nan(found)
    found = {}
    for name in FIELDS:
        value = member(given, name)
        if value is not None:
            is_date = name == "cacheExpiry"
            found[name] = _date(value, name, "HttpMetadata") if is_date else to_string(value)
    return _without_nan(found)


def _without_nan(metadata: dict[str, Any]) -> dict[str, Any]:
    expiry = metadata.get("cacheExpiry")
    if expiry is not None:
        metadata["cacheExpiry"] = 0 if math.isnan(expiry) else int(expiry)
    return metadata


def custom_metadata(options: Any, owner: str) -> dict[str, str]:
    given = _object(options, "customMetadata", owner, "object")
    if given is None:
        return {}
    entries = given.items() if isinstance(given, Mapping) else given._entries()
    return {to_string(name): to_string(value) for name, value in entries}


def digest(options: Any) -> tuple[str, bytes] | None:
    """The checksum that the script has: algorithm and bytes."""
    found: tuple[str, bytes] | None = None
    for name, label in ALGORITHMS.items():
        value = member(options, name)
        if value is None:
            continue
        if not isinstance(value, (str, JsBuffer)):
            raise bad_field(name, "PutOptions", "BufferSource or string")
        if found is not None:
            raise type_error("You cannot specify multiple hashing algorithms.")
        found = name, _digest(value, name, label)
    return found


_SIZES = {"md5": 16, "sha1": 20, "sha256": 32, "sha384": 48, "sha512": 64}


def _digest(value: Any, name: str, label: str) -> bytes:
    size = _SIZES[name]
    if isinstance(value, JsBuffer):
        data = value.to_bytes()
        if len(data) != size:
            raise type_error(f"{label} is {size} bytes, not {len(data)}")
        return data
    length = len(value.encode("utf-8", "replace"))
    if length != size * 2:
        raise type_error(f"{label} is {size * 2} hex characters, not {length}")
    try:
        return bytes.fromhex(value)
    except ValueError:
        raise type_error(f"Provided {label} wasn't a valid hex string") from None


def check_ssec(options: Any, operation: str) -> NotEmulated | None:
    """What an encryption key is refused with; a bad one at once, as production does."""
    key = member(options, "ssecKey")
    if key is None:
        return None
    if isinstance(key, JsBuffer):
        size = len(key.to_bytes()) * 2
    else:
        text = to_string(key)
        if not text or text.strip("0123456789abcdef"):
            raise error("SSE-C Key has invalid format")
        size = len(text)
    if size != 64:
        raise error("SSE-C Key must be 32 bytes in length")
    return NotEmulated(f"{operation}: `ssecKey`, encryption with a key of yours")


def only_if(options: Any, owner: str) -> Condition | None:
    given = _object(options, "onlyIf", owner, "Conditional or Headers")
    if given is None:
        return None
    if isinstance(given, Headers):
        return _of_headers(given)
    return Condition(
        _etag(given, "etagMatches"),
        _etag(given, "etagDoesNotMatch"),
        _date(member(given, "uploadedBefore"), "uploadedBefore", "Conditional"),
        _date(member(given, "uploadedAfter"), "uploadedAfter", "Conditional"),
        bool(member(given, "secondsGranularity")),
    )


def _etag(given: Any, name: str) -> tuple[Etag, ...] | None:
    text = optional_text(given, name, "Conditional")
    if text is None:
        return None
    if text.startswith('"') and text.endswith('"'):
        raise type_error(f"Conditional ETag should not be wrapped in quotes ({text}).")
    return (Etag(None if text == "*" else text),)


def _of_headers(headers: Headers) -> Condition:
    etags: list[tuple[Etag, ...] | None] = []
    for name in ("if-match", "if-none-match"):
        text = headers._find(name)
        found = None if text is None else parse_etags(text)
        if found == ():
            raise error(f"Invalid ETag in {name} header")
        etags.append(found)
    times = [headers._find(name) for name in ("if-unmodified-since", "if-modified-since")]
    before, after = (None if text is None else parse(text) for text in times)
    return Condition(etags[0], etags[1], before, after, seconds=True)


def range_in(options: Any) -> Range | None:
    given = _object(options, "range", "GetOptions", "Range or Headers")
    if given is None:
        return None
    if isinstance(given, Headers):
        header = given._find("range")
        return None if header is None else Range(header=header)
    numbers = {name: member(given, name) for name in ("offset", "length", "suffix")}
    found = {name: None if value is None else to_number(value) for name, value in numbers.items()}
    if found["offset"] is not None:
        _check_whole(found["offset"], "range. Starting offset", "range. Starting offset")
    if found["length"] is not None:
        _check_whole(found["length"], "range. Length", "range. Length")
    if found["suffix"] is not None:
        for name in ("offset", "length"):
            if found[name] is not None:
                raise type_error(f"Suffix is incompatible with {name}.")
        _check_whole(found["suffix"], "suffix. Suffix", "range. Suffix")
    offset, length, suffix = (None if value is None else int(value) for value in found.values())
    return Range(offset, length, suffix)


def _check_whole(value: float, negative: str, broken: str) -> None:
    shown = "nan" if math.isnan(value) else to_string(value)  # as C++ writes it
    if not value >= 0:
        raise range_error(f"Invalid {negative} ({shown}) must be greater than or equal to 0.")
    if value != math.floor(value):
        raise range_error(f"Invalid {broken} ({shown}) must be an integer, not floating point.")


def include(options: Any) -> list[str] | None:
    """Which metadata a listing shows; None: the script does not say."""
    given = member(options, "include")
    if given is None:
        return None
    if not isinstance(given, JsArray):
        raise bad_field("include", "ListOptions", "Array")
    found = [iterated(each) for each in given]
    for each in found:
        if each not in ("httpMetadata", "customMetadata"):
            raise range_error(f"Unsupported include value {to_string(each)}")
    return found
