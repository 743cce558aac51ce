"""The key-value and alarm methods that `storage` and a transaction share.

Every method completes before it returns its promise: awaiting one never lets another event
run in between, so that read-modify-write is atomic.

Implements: https://developers.cloudflare.com/durable-objects/api/storage-api/
"""

from __future__ import annotations

import math
from typing import Any, NoReturn

from ..js.array import JsArray
from ..js.callbacks import member
from ..js.convert import is_primitive, to_boolean
from ..js.errors import type_error
from ..js.map_set import JsMap
from ..js.null import is_nullish, null
from ..js.object import entries_of
from ..js.promise import PyodideFuture, settle
from ..js.proxy import JsProxy
from ..web.idl import MISSING, bad_argument
from .alarm_store import ObjectAlarm
from .kv_table import KvTable
from .list_range import list_range
from .stored_value import SqliteCodec

_KEYS = "string or Array"
_TWO_FORMS = (
    "put() may only be called with a single key-value pair and optional options as "
    "put(key, value, options) or with multiple key-value pairs and optional options as "
    "put(entries, options)"
)
_LATEST_MS = (2**63 - 1) / 1e6


class StorageOperations(JsProxy, js_name="DurableObjectStorageOperations"):
    """`get`, `put`, `delete`, `list` and the alarm, over one object's database."""

    _table: KvTable
    _codec: SqliteCodec
    _alarm: ObjectAlarm

    @classmethod
    def _construct(cls, *_: Any) -> NoReturn:
        raise type_error("Illegal constructor")

    def get(self, keys: Any = MISSING, options: Any = None) -> PyodideFuture:
        return settle(self._get, keys, options)

    def put(self, key: Any = MISSING, value: Any = None, options: Any = None) -> PyodideFuture:
        return settle(self._put, key, value, options)

    def delete(self, keys: Any = MISSING, options: Any = None) -> PyodideFuture:
        return settle(self._delete, keys, options)

    def list(self, options: Any = None) -> PyodideFuture:
        return settle(self._list, options)

    def getAlarm(self, options: Any = None) -> PyodideFuture:
        return settle(self._get_alarm, options)

    def setAlarm(self, scheduled_time: Any = MISSING, options: Any = None) -> PyodideFuture:
        return settle(self._set_alarm, scheduled_time, options)

    def deleteAlarm(self, options: Any = None) -> PyodideFuture:
        return settle(self._delete_alarm, options)

    def _require(self, operation: str) -> None:
        """Raise if ``operation`` is not possible any more."""

    def _get(self, keys: Any, options: Any) -> Any:
        self._present(keys, "get", _KEYS)
        self._dictionary(options, "get", 2, "GetOptions")
        self._require("get()")
        if not isinstance(keys, JsArray):
            data = self._table.get(self._codec.key(keys))
            return None if data is None else self._codec.decode(data)
        wanted = sorted({self._codec.key(key) for key in keys})
        self._codec.check_count(len(keys))
        found = ((key, self._table.get(key)) for key in wanted)
        return _map((key, self._codec.decode(data)) for key, data in found if data is not None)

    def _put(self, key: Any, value: Any, options: Any) -> None:
        self._present(key, "put", "string or object")
        if is_primitive(key) or isinstance(key, JsArray):  # an array is no entries: it is text
            confirmed = self._confirmed(options, "put", 3)
            if value is None:
                raise type_error("put() called with undefined value.")
            self._require("put()")
            data = self._codec.encode(value)
            return self._table.put(self._codec.key(key), data, confirmed)
        if value is not None and is_primitive(value) and not is_nullish(value):
            raise type_error(_TWO_FORMS)
        confirmed = self._confirmed(options if value is None else value, "put", 2)
        self._require("put()")
        encode, name = self._codec.encode, self._codec.key
        pairs = [(name(k), encode(v)) for k, v in entries_of(key) if v is not None]
        return self._table.put_all(pairs, confirmed)

    def _delete(self, keys: Any, options: Any) -> bool | int:
        self._present(keys, "delete", _KEYS)
        confirmed = self._confirmed(options, "delete", 2)
        self._require("delete()")
        if not isinstance(keys, JsArray):
            return self._table.delete(self._codec.key(keys), confirmed)
        return sum(self._table.delete(self._codec.key(key), confirmed) for key in keys)

    def _list(self, options: Any) -> JsMap:
        self._dictionary(options, "list", 1, "ListOptions")
        wanted = list_range(options)
        self._require("list()")
        if wanted is None:
            return JsMap()
        decode = self._codec.decode
        return _map((key, decode(data)) for key, data in self._table.items(wanted))

    def _get_alarm(self, options: Any) -> Any:
        self._dictionary(options, "getAlarm", 1, "GetAlarmOptions")
        self._require("getAlarm()")
        time_ms = self._alarm.get()
        return null() if time_ms is None else time_ms

    def _set_alarm(self, scheduled_time: Any, options: Any) -> None:
        time_ms = _milliseconds(scheduled_time)
        if time_ms is None:
            raise bad_argument(type(self)._js_name, "setAlarm", 1, "date")
        confirmed = self._confirmed(options, "setAlarm", 2, "SetAlarmOptions")
        if time_ms <= 0:
            raise type_error("setAlarm() cannot be called with an alarm time <= 0")
        self._alarm.require_handler()
        self._require("setAlarm()")
        self._alarm.set(time_ms, confirmed)

    def _delete_alarm(self, options: Any) -> None:
        confirmed = self._confirmed(options, "deleteAlarm", 1, "SetAlarmOptions")
        self._require("deleteAlarm()")
        self._alarm.set(None, confirmed)

    def _present(self, value: Any, method: str, kind: str) -> None:
        if value is MISSING:
            raise bad_argument(type(self)._js_name, method, 1, kind)

    def _dictionary(self, options: Any, method: str, position: int, kind: str) -> None:
        if options is not None and is_primitive(options) and not is_nullish(options):
            raise bad_argument(type(self)._js_name, method, position, kind)

    def _confirmed(
        self, options: Any, method: str, position: int, kind: str = "PutOptions"
    ) -> bool:
        if options is None:
            return True
        self._dictionary(options, method, position, kind)
        return not to_boolean(member(options, "allowUnconfirmed"))


def _map(pairs: Any) -> JsMap:
    return JsMap(pairs)


def _milliseconds(value: Any) -> int | None:
    """A Date or a number as milliseconds; None for anything else.

    Raises:
        TypeError: a time that nobody will see.
    """
    if value is MISSING or isinstance(value, (bool, str)):
        return None
    if isinstance(value, JsProxy) and value.constructor.name == "Date":
        value = value.getTime()
    if not isinstance(value, (int, float)):
        return None
    if not math.isfinite(value):
        raise type_error("The value cannot be converted because it is not a valid Date.")
    if value >= _LATEST_MS:
        raise type_error("This API doesn't support dates after 2189.")
    if value <= -_LATEST_MS:
        raise type_error("This API doesn't support dates before 1687.")
    return int(value)
