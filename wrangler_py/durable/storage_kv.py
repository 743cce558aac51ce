"""`storage.kv`: key-value storage without promises.

Implements: https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/#synchronous-kv-api
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

from ..js.convert import is_primitive
from ..js.errors import error, type_error
from ..js.null import is_nullish
from ..js.proxy import JsProxy
from ..web.idl import MISSING, bad_argument
from ..web.iterators import Pair, ValueIterator
from .kv_table import KvTable
from .list_range import ListRange, list_range
from .stored_value import SqliteCodec

NOT_SQLITE = (
    "The storage.kv (synchronous KV) API is only available for SQLite-backed Durable Objects, "
    "but this object's namespace is not declared to use SQLite. You can use the older, "
    "asyncronous interface via methods of `storage` itself (e.g. `storage.get()`). "
    "Alternatively, to enable SQLite, change `new_classes` to `new_sqlite_classes` within the "
    "'migrations' field in your wrangler.jsonc or wrangler.toml file. If using workerd directly, "
    "set `enableSql = true` in your workerd config for the class. Note that this change cannot be "
    "made after the class is already deployed to production."
)
ONE_LIST = (
    "kv.list() iterator was invalidated because a new call to kv.list() was started. Only one "
    "kv.list() iterator can exist at a time."
)


class SyncKvStorage(JsProxy):
    """The synchronous twin of the storage's `get`, `put`, `delete` and `list`."""

    def __init__(self, table: KvTable, codec: SqliteCodec, enabled: bool) -> None:
        self._table, self._codec, self._enabled = table, codec, enabled
        self._listing: ListIterator | None = None

    @classmethod
    def _construct(cls, *_: Any) -> NoReturn:
        raise type_error("Illegal constructor")

    def get(self, key: Any = MISSING) -> Any:
        data = self._table.get(self._key(key, "get"))
        return None if data is None else self._codec.decode(data)

    def put(self, key: Any = MISSING, value: Any = MISSING) -> None:
        name = self._key(key, "put")
        if value is MISSING:
            raise bad_argument("SyncKvStorage", "put", 2, "Value")
        self._table.put(name, self._codec.encode(value))

    def delete(self, key: Any = MISSING) -> bool:
        return self._table.delete(self._key(key, "delete"))

    def list(self, options: Any = None) -> ListIterator:
        if options is not None and is_primitive(options) and not is_nullish(options):
            raise bad_argument("SyncKvStorage", "list", 1, "ListOptions")
        self._require()
        wanted = list_range(options)
        if self._listing is not None:
            self._listing._cancelled = True
        self._listing = ListIterator(self, wanted)
        return self._listing

    def _require(self) -> None:
        if not self._enabled:
            raise error(NOT_SQLITE)

    def _key(self, value: Any, method: str) -> str:
        if value is MISSING:
            raise bad_argument("SyncKvStorage", method, 1, "string")
        self._require()
        return self._codec.key(value)


class ListIterator(ValueIterator, raw=True):
    """What `kv.list()` gives: pairs of key and value, read as they are asked for."""

    def __init__(self, kv: SyncKvStorage, wanted: ListRange | None) -> None:
        self._cancelled = False
        super().__init__(self._pairs(kv, wanted))

    def _pairs(self, kv: SyncKvStorage, wanted: ListRange | None) -> Iterator[Any]:
        rows = iter(()) if wanted is None else kv._table.items(wanted)
        while True:
            if self._cancelled:
                raise error(ONE_LIST)
            row = next(rows, None)
            if row is None:
                break
            yield Pair(row[0], kv._codec.decode(row[1]))
        if kv._listing is self:
            kv._listing = None
