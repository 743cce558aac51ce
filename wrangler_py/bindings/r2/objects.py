"""What R2 gives for an object.

Implements: https://developers.cloudflare.com/r2/api/workers/workers-api-reference/#r2object-definition
"""

from __future__ import annotations

from asyncio import Future
from collections.abc import Callable
from typing import Any, NoReturn

from ...js import json
from ...js.buffers import ArrayBuffer, Uint8Array
from ...js.date import Date
from ...js.errors import type_error
from ...js.object import JsObject
from ...js.proxy import JsProxy
from ...web.body import USED, decode
from ...web.headers import Headers
from ..operation import operation
from .content import ALGORITHMS
from .options import FIELDS
from .ranges import Span
from .store import Entry

__all__ = ["Checksums", "GetResult", "HeadResult"]


class Checksums(JsProxy):
    """What R2 knows of an object's bytes; undefined where it does not."""

    def __init__(self, known: dict[str, str]) -> None:
        self._known = known

    @classmethod
    def _construct(cls, *_: Any) -> NoReturn:
        raise type_error("Illegal constructor")

    @property
    def md5(self) -> ArrayBuffer | None:
        return self._bytes("md5")

    @property
    def sha1(self) -> ArrayBuffer | None:
        return self._bytes("sha1")

    @property
    def sha256(self) -> ArrayBuffer | None:
        return self._bytes("sha256")

    @property
    def sha384(self) -> ArrayBuffer | None:
        return self._bytes("sha384")

    @property
    def sha512(self) -> ArrayBuffer | None:
        return self._bytes("sha512")

    def toJSON(self) -> JsObject:
        return JsObject({name: self._known.get(name) for name in ALGORITHMS})

    def _bytes(self, name: str) -> ArrayBuffer | None:
        known = self._known.get(name)
        return None if known is None else ArrayBuffer._of(bytes.fromhex(known))


class HeadResult(JsProxy):
    """An object without its bytes: `R2Object`."""

    def __init__(self, entry: Entry, span: Span | None = None) -> None:
        self._entry = entry
        self._checksums = Checksums(dict(entry.checksums))
        self._http_metadata = JsObject(
            {
                name: Date(value) if name == "cacheExpiry" and value is not None else value
                for name, value in ((name, entry.http_metadata.get(name)) for name in FIELDS)
            }
        )
        self._custom_metadata = JsObject(dict(entry.custom_metadata))
        self._range = None if span is None else JsObject(span._asdict() | {"suffix": None})

    @classmethod
    def _construct(cls, *_: Any) -> NoReturn:
        raise type_error("Illegal constructor")

    @property
    def key(self) -> str:
        return self._entry.key

    @property
    def version(self) -> str:
        return self._entry.version

    @property
    def size(self) -> int:
        return self._entry.size

    @property
    def etag(self) -> str:
        return self._entry.etag

    @property
    def httpEtag(self) -> str:
        return f'"{self._entry.etag}"'

    @property
    def checksums(self) -> Checksums:
        return self._checksums

    @property
    def uploaded(self) -> Date:
        return Date(self._entry.uploaded)

    @property
    def httpMetadata(self) -> JsObject:
        return self._http_metadata

    @property
    def customMetadata(self) -> JsObject:
        return self._custom_metadata

    @property
    def range(self) -> JsObject | None:
        return self._range

    @property
    def storageClass(self) -> str:
        return "Standard"

    @property
    def ssecKeyMd5(self) -> None:
        return None

    def writeHttpMetadata(self, headers: Any = None) -> None:
        if not isinstance(headers, Headers):
            raise type_error(
                "Failed to execute 'writeHttpMetadata' on 'HeadResult': "
                "parameter 1 is not of type 'Headers'."
            )
        for name, header in FIELDS.items():
            value = self._entry.http_metadata.get(name)
            if value is not None:
                is_date = name == "cacheExpiry"
                headers.set(header, Date(value).toUTCString() if is_date else value)


class GetResult(HeadResult):
    """An object with its bytes, or a part of them: `R2ObjectBody`."""

    def __init__(self, entry: Entry, span: Span, stream: Any) -> None:
        super().__init__(entry, span)
        self._stream = stream

    @property
    def body(self) -> Any:
        return self._stream

    @property
    def bodyUsed(self) -> bool:
        used: bool = self._stream._disturbed
        return used

    def arrayBuffer(self) -> Future[Any]:
        return self._read(ArrayBuffer._of)

    def bytes(self) -> Future[Any]:
        return self._read(Uint8Array._of)

    def text(self) -> Future[Any]:
        return self._read(decode)

    def json(self) -> Future[Any]:
        return self._read(lambda data: json.parse(decode(data)))

    def blob(self) -> Future[Any]:
        from ...web.blob import Blob  # rare

        kind = self._entry.http_metadata.get("contentType", "")
        return self._read(lambda data: Blob._of(data, kind))

    def _read(self, convert: Callable[[Any], Any]) -> Future[Any]:
        from ...web.streams.source import collect, whole  # an object's stream is made of it

        def at_once() -> Any:
            if self._stream._disturbed:
                raise type_error(USED)
            data = whole(self._stream)
            return None if data is None else convert(data)

        async def collected() -> Any:
            if self._stream._disturbed:
                raise type_error(USED)
            return convert(await collect(self._stream))

        in_memory = isinstance(self._stream._native, bytes) and not self._stream.locked
        return operation(at_once if in_memory or self._stream._disturbed else collected)
