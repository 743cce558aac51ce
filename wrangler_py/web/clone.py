"""structuredClone.

Implements: https://html.spec.whatwg.org/multipage/structured-data.html#dom-structuredclone
Differs: Request and streams are refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..js.array import JsArray
from ..js.buffers import ArrayBuffer
from ..js.callbacks import member
from ..js.convert import is_primitive
from ..js.errors import dom_exception, type_error
from .idl import MISSING, bad_argument
from .v8_reader import Reader
from .v8_writer import Writer

_SCOPE = "ServiceWorkerGlobalScope"


def structuredClone(value: Any = MISSING, options: Any = None) -> Any:
    """Copy ``value`` deeply; what is in `transfer` is moved."""
    if value is MISSING:
        raise bad_argument(_SCOPE, "structuredClone", 1, "Value")
    moved = _transfer_list(member(options, "transfer"))
    copy = clone(value)
    for buffer in moved:
        buffer._data = b""
    return copy


def clone(value: Any) -> Any:
    """Copy ``value`` deeply.

    Raises:
        JsException: a DataCloneError.
    """
    if is_primitive(value):
        return value
    copies: list[Any] = []

    def take(host: Any) -> int | None:
        copy = _HOSTS.get(type(host)._js_name)
        if copy is None:
            return None
        copies.append(copy(host))
        return len(copies) - 1

    writer = Writer(take)
    writer.write(value)
    return Reader(bytes(writer.data), copies.__getitem__).read()


def _transfer_list(transfer: Any) -> list[ArrayBuffer]:
    if transfer is None:
        return []
    if not isinstance(transfer, JsArray):
        raise type_error(
            "Incorrect type for the 'transfer' field on 'StructuredCloneOptions': "
            "the provided value is not of type 'Array'."
        )
    for item in transfer:
        if not isinstance(item, ArrayBuffer):
            raise dom_exception("Object is not transferable", "DataCloneError")
    return list(transfer)


def _headers(value: Any) -> Any:
    return type(value)._of(list(value._pairs), value._guard)


def _blob(value: Any) -> Any:
    return type(value)._of(value._data, value._type)


def _dom_exception(value: Any) -> Any:
    return dom_exception(value.message, value.name)


_HOSTS: dict[str, Callable[[Any], Any]] = {
    "Headers": _headers,
    "Blob": _blob,
    "Error": _dom_exception,  # the Python class of every error; only DOMExceptions come here
}
"""How a host object is copied, by the name of its interface."""
