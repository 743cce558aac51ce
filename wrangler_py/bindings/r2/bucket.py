"""`env.BUCKET` as a script sees it.

Implements: https://developers.cloudflare.com/r2/api/workers/workers-api-reference/
Differs: a `storageClass` is taken and forgotten, as in `wrangler dev`; `ssecKey` is refused.
"""

from __future__ import annotations

import inspect
from asyncio import Future
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn

from ...config.model import Config
from ...js.array import JsArray
from ...js.callbacks import iterated
from ...js.convert import is_primitive, to_string
from ...js.errors import type_error
from ...js.null import is_nullish, null
from ...js.object import JsObject
from ...js.promise import rejected
from ...js.proxy import JsProxy
from ...stores.stores import Stores
from ...web.idl import MISSING, bad_argument
from ..operation import operation
from . import options as read
from . import refusals, uploads
from .content import ALGORITHMS, content_of, opened, write, write_pieces
from .multipart import R2MultipartUpload
from .objects import GetResult, HeadResult
from .ranges import Range, Span
from .refusals import PreconditionFailed, Refused, refusal
from .store import Entry, ListQuery, R2Store, Written, decoded_cursor

__all__ = ["R2Bucket", "bindings", "refusing", "rows"]

_VALUES = "JsReadableStream or ArrayBuffer or ArrayBufferView or string or Blob"
_WITH_METADATA = 100
"""So many objects are listed at most, if their metadata is."""


class R2Bucket(JsProxy):
    """A bucket. Each method but `resumeMultipartUpload` returns a promise."""

    def __init__(self, stores: Stores, name: str) -> None:
        self._stores, self._name = stores, name
        self._opened: R2Store | None = None

    @classmethod
    def _construct(cls, *_: Any) -> NoReturn:
        raise type_error("Illegal constructor")

    @property
    def _store(self) -> R2Store:
        if self._opened is None:
            self._opened = R2Store(self._stores, self._name)
        return self._opened

    def head(self, key: Any = MISSING) -> Future[Any]:
        name = _key(key, "head")

        def head() -> Any:
            refusals.check_key(name)
            entry = self._store.head(name)
            return null() if entry is None else HeadResult(entry, Span(0, entry.size))

        return refusing("head", head)

    def get(self, key: Any = MISSING, options: Any = None) -> Future[Any]:
        name = _key(key, "get")
        _check_options(options, "get", 2, "GetOptions")
        condition = read.only_if(options, "GetOptions")
        part = read.range_in(options)
        if (refused := read.check_ssec(options, "R2Bucket.get")) is not None:
            return rejected(refused)

        def get() -> Any:
            refusals.check_key(name)
            entry = self._store.head(name)
            if entry is None:
                return null()
            if condition is not None and not condition.holds(entry.etag, entry.uploaded):
                return HeadResult(entry, Span(0, entry.size))
            return self._read(name, part)

        return refusing("get", get)

    def _read(self, name: str, part: Range | None) -> Any:
        found = self._store.find(name)
        if found is None:
            return null()
        entry, pieces = found
        span = Span(0, entry.size) if part is None else part.of(entry.size)
        try:
            return GetResult(entry, span, opened(self._store.blobs, pieces, span))
        except FileNotFoundError:  # somebody took the file away
            return null()

    def put(self, key: Any = MISSING, value: Any = MISSING, options: Any = None) -> Future[Any]:
        name = _key(key, "put")
        content = _content(value, "R2Bucket", "put", 2)
        _check_options(options, "put", 3, "PutOptions")
        condition = read.only_if(options, "PutOptions")
        custom = read.custom_metadata(options, "PutOptions")
        http = read.http_metadata(options, "PutOptions")
        given = read.digest(options)
        if (refused := read.check_ssec(options, "R2Bucket.put")) is not None:
            return rejected(refused)

        def keep(written: Written) -> Any:
            try:
                checksums = _checked(name, written, custom, given)
            except Refused:
                self._store.forget([written.blob])
                raise
            try:
                entry = self._store.put(name, written, checksums, http, custom, condition)
            except PreconditionFailed:
                return null()
            return HeadResult(entry)

        algorithms = () if given is None else given[:1]
        return self._writing("put", content, algorithms, keep)

    def _writing(
        self, what: str, content: Any, algorithms: Iterable[str], keep: Callable[[Written], Any]
    ) -> Future[Any]:
        """Write bytes or a stream, then ``keep`` them."""
        if isinstance(content, bytes):
            return refusing(what, lambda: keep(write_pieces(self._store, [content], algorithms)))

        async def put_stream() -> Any:
            return keep(await write(self._store, content, algorithms))

        return refusing(what, put_stream)

    def delete(self, keys: Any = MISSING) -> Future[Any]:
        if keys is MISSING:
            raise bad_argument("R2Bucket", "delete", 1, "string or Array")
        several = isinstance(keys, JsArray)
        names = [to_string(iterated(each)) for each in keys] if several else [to_string(keys)]

        def delete() -> None:
            refusals.check_delete(names)
            self._store.delete(names)

        return refusing("delete", delete)

    def list(self, options: Any = None) -> Future[Any]:
        _check_options(options, "list", 1, "ListOptions")
        limit = read.integer(options, "limit")
        names = ("prefix", "cursor", "delimiter", "startAfter")
        prefix, cursor, delimiter, start = (
            read.optional_text(options, name, "ListOptions") for name in names
        )
        include = read.include(options)

        def list_() -> JsObject:
            count = refusals.check_limit(limit)
            count = min(count, _WITH_METADATA) if include else count
            query = ListQuery(prefix or "", delimiter or "", _after(start, cursor), count)
            return self._listed(query, include or [])

        return refusing("list", list_)

    def _listed(self, query: ListQuery, include: Iterable[str]) -> JsObject:
        page = self._store.page(query)
        result: dict[str, Any] = {
            "objects": JsArray([HeadResult(_shown(entry, include)) for entry in page.entries]),
            "truncated": page.cursor is not None,
            "cursor": page.cursor,
            "delimitedPrefixes": JsArray(list(page.prefixes)),
        }
        return JsObject(result)

    def createMultipartUpload(self, key: Any = MISSING, options: Any = None) -> Future[Any]:
        name = _key(key, "createMultipartUpload")
        _check_options(options, "createMultipartUpload", 2, "MultipartOptions")
        custom = read.custom_metadata(options, "MultipartOptions")
        http = read.http_metadata(options, "MultipartOptions")
        if (refused := read.check_ssec(options, "R2Bucket.createMultipartUpload")) is not None:
            return rejected(refused)

        def create() -> R2MultipartUpload:
            refusals.check_key(name)
            refusals.check_metadata(custom)
            upload = uploads.begin(self._store, name, http, custom)
            return R2MultipartUpload(self, name, upload)

        return refusing("createMultipartUpload", create)

    def resumeMultipartUpload(
        self, key: Any = MISSING, uploadId: Any = MISSING
    ) -> R2MultipartUpload:
        name = _key(key, "resumeMultipartUpload")
        if uploadId is MISSING:
            raise bad_argument("R2Bucket", "resumeMultipartUpload", 2, "string")
        return R2MultipartUpload(self, name, to_string(uploadId))


def refusing(what: str, function: Callable[[], Any]) -> Future[Any]:
    """`operation`, whose refusals say ``what`` was refused."""
    if inspect.iscoroutinefunction(function):

        async def later() -> Any:
            try:
                return await function()
            except Refused as exc:
                raise refusal(what, exc) from None

        return operation(later)

    def now() -> Any:
        try:
            return function()
        except Refused as exc:
            raise refusal(what, exc) from None

    return operation(now)


def _key(key: Any, method: str) -> str:
    if key is MISSING:
        raise bad_argument("R2Bucket", method, 1, "string")
    return to_string(key)


def _content(value: Any, interface: str, method: str, position: int) -> Any:
    if method == "put" and is_nullish(value):
        return b""
    content = None if value is MISSING else content_of(value)
    if content is None:
        raise bad_argument(interface, method, position, _VALUES)
    return content


def _check_options(options: Any, method: str, position: int, kind: str) -> None:
    if not is_nullish(options) and is_primitive(options):
        raise bad_argument("R2Bucket", method, position, kind)


def _checked(
    name: str, written: Written, custom: dict[str, str], given: tuple[str, bytes] | None
) -> dict[str, str]:
    """The checksums to keep.

    Raises: Refused: the object may not be kept.
    """
    refusals.check_key(name)
    refusals.check_size(written.size)
    refusals.check_metadata(custom)
    if given is None:
        return {}
    algorithm, expected = given
    actual = written.digests[algorithm]
    if actual != expected:
        raise refusals.bad_digest(ALGORITHMS[algorithm], expected, actual)
    return {algorithm: actual.hex()}


def _after(start: str | None, cursor: str | None) -> str | None:
    """Which key a listing goes on after."""
    if not cursor:
        return start or None
    return max(decoded_cursor(cursor), start or "")


def _shown(entry: Entry, include: Iterable[str]) -> Entry:
    return entry._replace(
        http_metadata=entry.http_metadata if "httpMetadata" in include else {},
        custom_metadata=entry.custom_metadata if "customMetadata" in include else {},
    )


def bindings(config: Config, worker: Any) -> Iterator[tuple[str, Any]]:
    """The R2 buckets of ``config``."""
    for each in config.bindings.r2_buckets:
        yield each.binding, R2Bucket(worker.stores, each.id)


def rows(config: Config, _classes: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Each bucket with its name."""
    for each in config.bindings.r2_buckets:
        yield f"env.{each.binding} ({each.id})", "R2 Bucket", "local"
