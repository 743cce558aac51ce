"""`env.KV` as a script sees it.

Implements: https://developers.cloudflare.com/kv/api/
Differs: a write is seen at once everywhere, and `cacheTtl` is checked but caches nothing.
"""

from __future__ import annotations

from asyncio import Future
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NoReturn

from ...config.model import Config
from ...js import json
from ...js.array import JsArray
from ...js.buffers import ArrayBuffer, JsBuffer
from ...js.callbacks import iterated, member
from ...js.convert import is_primitive, to_string
from ...js.errors import JsException, type_error
from ...js.map_set import JsMap
from ...js.null import is_nullish, null
from ...js.object import JsObject
from ...js.proxy import JsProxy
from ...stores.key_values import Entry, KeyValues
from ...stores.stores import Stores
from ...web.body import decode
from ...web.idl import MISSING, bad_argument, to_int32
from ..operation import operation
from . import limits
from .limits import failed

__all__ = ["KvNamespace", "bindings", "rows"]

_TYPES = ("text", "json", "arrayBuffer", "stream")
_UNKNOWN_TYPE = (
    'Unknown response type. Possible types are "text", "arrayBuffer", "json", and "stream".'
)
_VALUES = (
    "KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as values."
)


class KvNamespace(JsProxy):
    """A namespace. Each method returns a promise."""

    def __init__(self, stores: Stores, name: str) -> None:
        self._stores, self._name = stores, name
        self._opened: KeyValues | None = None

    @classmethod
    def _construct(cls, *_: Any) -> NoReturn:
        raise type_error("Illegal constructor")

    @property
    def _store(self) -> KeyValues:
        if self._opened is None:
            self._opened = KeyValues(self._stores, self._name)
        return self._opened

    def get(self, key: Any = MISSING, options: Any = None) -> Future[Any]:
        keys, wanted = _keys(key, "get"), _Wanted(options)
        if keys is not None:
            return operation(self._get_bulk, keys, wanted, False)
        return operation(lambda: self._get(to_string(key), wanted)[0])

    def getWithMetadata(self, key: Any = MISSING, options: Any = None) -> Future[Any]:
        keys, wanted = _keys(key, "getWithMetadata"), _Wanted(options)
        if keys is not None:
            return operation(self._get_bulk, keys, wanted, True)

        def get() -> JsObject:
            value, metadata = self._get(to_string(key), wanted)
            return JsObject({"value": value, "metadata": metadata, "cacheStatus": null()})

        return operation(get)

    def put(self, key: Any = MISSING, value: Any = MISSING, options: Any = None) -> Future[Any]:
        name = to_string(_needed(key, "put", 1, "string"))
        data = _value(_needed(value, "put", 2, "string or Object"))
        expiration, ttl = _integer(options, "expiration"), _integer(options, "expirationTtl")
        metadata = member(options, "metadata")
        text = None if is_nullish(metadata) else json.stringify(metadata)

        def put(data: bytes) -> None:
            limits.check_key("PUT", name)
            now = self._stores.clock.now_ms() // 1000
            expires = limits.expires_at(now, expiration, ttl)
            limits.check_metadata(text)
            limits.check_size(len(data))
            self._store.put(name, data, expires, text)

        if isinstance(data, bytes):
            return operation(put, data)

        async def put_stream() -> None:
            from ...web.streams.source import collect  # the stream exists, so it is loaded

            limits.check_key("PUT", name)
            put(await collect(data))

        return operation(put_stream)

    def delete(self, key: Any = MISSING) -> Future[Any]:
        name = to_string(_needed(key, "delete", 1, "string"))

        def delete() -> None:
            limits.check_key("DELETE", name)
            self._store.delete(name)

        return operation(delete)

    def list(self, options: Any = None) -> Future[Any]:
        limit = _integer(options, "limit")
        prefix, cursor = member(options, "prefix"), member(options, "cursor")

        def list_() -> JsObject:
            start = "" if is_nullish(prefix) else to_string(prefix)
            limits.check_length("GET", start)
            after = None if is_nullish(cursor) else to_string(cursor)
            try:
                page = self._store.list(start, limits.list_limit(limit), after)
            except ValueError:
                raise failed("GET", 400, "Invalid cursor") from None
            keys = JsArray([_listed(entry) for entry in page.entries])
            result = {"keys": keys, "list_complete": page.cursor is None, "cacheStatus": null()}
            return JsObject(result if page.cursor is None else result | {"cursor": page.cursor})

        return operation(list_)

    def _get(self, key: str, wanted: _Wanted) -> tuple[Any, Any]:
        limits.check_key("GET", key)
        limits.check_cache_ttl("GET", wanted.cache_ttl)
        found = self._store.get(key)
        if found is None:
            return null(), null()
        data, entry = found
        return wanted.read(data), _metadata(entry)

    def _get_bulk(self, keys: Sequence[str], wanted: _Wanted, with_metadata: bool) -> JsMap:
        limits.check_bulk(keys, wanted.type, wanted.cache_ttl)
        result, size = JsMap(), 0
        for key in keys:
            found = self._store.get(key)
            value: Any = null()
            if found is not None:
                value, size = _bulk_value(found[0], wanted), size + len(found[0])
                if with_metadata:
                    value = JsObject({"value": value, "metadata": _metadata(found[1])})
            result.set(key, value)
        if size > limits.VALUE_SIZE:
            raise failed("GET_BULK", 413, "Total size of request exceeds the limit of 25MB")
        return result


class _Wanted:
    """The second argument of `get`: a type, or options that may hold one."""

    def __init__(self, options: Any) -> None:
        self.cache_ttl: int | None = None
        if is_nullish(options):
            self.type = ""
        elif is_primitive(options):
            self.type = to_string(options)
        else:
            kind = member(options, "type")
            self.type = "" if kind is None else to_string(kind)
            self.cache_ttl = _integer(options, "cacheTtl")

    def read(self, data: bytes) -> Any:
        match self.type or "text":
            case "text":
                return decode(data)
            case "json":
                return json.parse(decode(data))
            case "arrayBuffer":
                return ArrayBuffer._of(data)
            case "stream":
                from ...web.streams import from_iterable  # few read values so

                return from_iterable(JsArray([ArrayBuffer._of(data)]))
        raise type_error(_UNKNOWN_TYPE)


def _bulk_value(data: bytes, wanted: _Wanted) -> Any:
    try:
        return wanted.read(data)
    except JsException:
        reason = f"At least one of the requested keys corresponds to a non-{wanted.type} value"
        raise failed("GET_BULK", 400, reason) from None


def _needed(value: Any, method: str, position: int, kind: str) -> Any:
    if value is MISSING:
        raise bad_argument("KvNamespace", method, position, kind)
    return value


def _keys(key: Any, method: str) -> list[str] | None:
    """The keys of a bulk read; None for one key."""
    kinds = "string or Array" if method == "get" else "Array or string"
    if isinstance(_needed(key, method, 1, kinds), JsArray):
        return [to_string(each) for each in iterated(key)]
    return None


def _value(value: Any) -> Any:
    """Bytes, or a stream of them."""
    if is_primitive(value) or is_nullish(value):
        return to_string(value).encode("utf-8", "replace")
    if isinstance(value, JsBuffer):
        return value.to_bytes()
    if isinstance(value, JsProxy) and type(value)._js_name == "ReadableStream":
        return value
    raise type_error(_VALUES)


def _integer(options: Any, name: str) -> int | None:
    if is_nullish(options) or is_primitive(options):
        return None
    value = member(options, name)
    return None if value is None else to_int32(value)


def _metadata(entry: Entry) -> Any:
    return null() if entry.metadata is None else json.parse(entry.metadata)


def _listed(entry: Entry) -> JsObject:
    shown: dict[str, Any] = {"name": entry.key}
    if entry.expiration is not None:
        shown["expiration"] = entry.expiration
    if entry.metadata is not None:
        shown["metadata"] = json.parse(entry.metadata)
    return JsObject(shown)


def bindings(config: Config, worker: Any) -> Iterator[tuple[str, Any]]:
    """The KV namespaces of ``config``."""
    for each in config.bindings.kv_namespaces:
        yield each.binding, KvNamespace(worker.stores, each.id)


def rows(config: Config, _classes: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Each namespace with its id."""
    for each in config.bindings.kv_namespaces:
        yield f"env.{each.binding} ({each.id})", "KV Namespace", "local"
