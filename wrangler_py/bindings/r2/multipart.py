"""An upload in parts as a script sees it.

Implements: https://developers.cloudflare.com/r2/api/workers/workers-api-reference/#r2multipartupload-definition
"""

from __future__ import annotations

from asyncio import Future
from typing import TYPE_CHECKING, Any, NoReturn

from ...js.array import JsArray
from ...js.callbacks import iterated, member
from ...js.convert import to_string
from ...js.errors import type_error
from ...js.object import JsObject
from ...js.promise import rejected
from ...js.proxy import JsProxy
from ...web.idl import MISSING, bad_argument, to_int32
from . import refusals, uploads
from .objects import HeadResult
from .options import check_ssec
from .store import Written

if TYPE_CHECKING:
    from .bucket import R2Bucket

__all__ = ["R2MultipartUpload"]

_PARTS = 10_000


class R2MultipartUpload(JsProxy):
    """An upload; nothing says that there is one before it is used."""

    def __init__(self, bucket: R2Bucket, key: str, upload: str) -> None:
        self._bucket, self._key, self._upload = bucket, key, upload

    @classmethod
    def _construct(cls, *_: Any) -> NoReturn:
        raise type_error("Illegal constructor")

    @property
    def key(self) -> str:
        return self._key

    @property
    def uploadId(self) -> str:
        return self._upload

    def uploadPart(
        self, partNumber: Any = MISSING, value: Any = MISSING, options: Any = None
    ) -> Future[Any]:
        from .bucket import _content  # each makes the other

        if partNumber is MISSING:
            raise bad_argument("R2MultipartUpload", "uploadPart", 1, "integer")
        number = to_int32(partNumber)
        content = _content(value, "R2MultipartUpload", "uploadPart", 2)
        if (refused := check_ssec(options, "R2MultipartUpload.uploadPart")) is not None:
            return rejected(refused)
        _check_number(number)

        def keep(written: Written) -> JsObject:
            try:
                refusals.check_key(self._key)
            except refusals.Refused:
                self._bucket._store.forget([written.blob])
                raise
            etag = uploads.put_part(self._bucket._store, self._key, self._upload, number, written)
            return JsObject({"partNumber": number, "etag": etag})

        return self._bucket._writing("uploadPart", content, (), keep)

    def complete(self, uploadedParts: Any = MISSING) -> Future[Any]:
        from .bucket import refusing

        if not isinstance(uploadedParts, JsArray):
            raise bad_argument("R2MultipartUpload", "complete", 1, "Array")
        chosen = [_chosen(iterated(each)) for each in uploadedParts]

        def complete() -> HeadResult:
            refusals.check_key(self._key)
            store = self._bucket._store
            return HeadResult(uploads.complete(store, self._key, self._upload, chosen))

        return refusing("completeMultipartUpload", complete)

    def abort(self) -> Future[Any]:
        from .bucket import refusing

        def abort() -> None:
            refusals.check_key(self._key)
            uploads.abort(self._bucket._store, self._key, self._upload)

        return refusing("abortMultipartUpload", abort)


def _chosen(part: Any) -> tuple[int, str]:
    number, etag = member(part, "partNumber"), member(part, "etag")
    found = to_int32(number)
    _check_number(found)
    return found, to_string(etag)


def _check_number(number: int) -> None:
    if not 1 <= number <= _PARTS:
        raise type_error(
            f"Part number must be between 1 and 10000 (inclusive). Actual value was: {number}"
        )
