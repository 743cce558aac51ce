"""Events that an instance was sent and that no step has yet.

Wrangler's keys, `EVENT_MAP`, the type and a number, in lines.

Source: https://developers.cloudflare.com/workflows/build/events-and-parameters/
Differs: an event is taken out when a step has it; wrangler keeps it, and gives it once more after a
pause.
"""

from __future__ import annotations

from ...js.object import JsObject
from ...web import v8_format
from .handles import Handle

__all__ = ["Inbox"]

_ALL = "EVENT_MAP\n"


class Inbox:
    """Those of one instance, the oldest of a type first."""

    def __init__(self, database: Handle) -> None:
        self._database = database

    def add(self, kind: str, event: JsObject) -> None:
        """
        Raises:
            JsException: a DataCloneError.
        """
        data = v8_format.serialize(event)
        last = max((number for number, _ in self._keys(kind)), default=-1)
        key = f"{_ALL}{kind}\n{last + 1}"
        self._database.execute("INSERT INTO _cf_KV VALUES (?, ?)", (key, data))

    def has(self, kind: str) -> bool:
        return bool(self._keys(kind))

    def take(self, kind: str) -> JsObject:
        """The oldest one; it is his who asks."""
        _, key = min(self._keys(kind))
        row = self._database.execute("DELETE FROM _cf_KV WHERE key = ? RETURNING value", (key,))
        event: JsObject = v8_format.deserialize(row.fetchone()[0])
        return event

    def clear(self) -> None:
        self._database.execute("DELETE FROM _cf_KV WHERE substr(key, 1, ?) = ?", (len(_ALL), _ALL))

    def _keys(self, kind: str) -> list[tuple[int, str]]:
        prefix = f"{_ALL}{kind}\n"
        found = self._database.execute(
            "SELECT key FROM _cf_KV WHERE substr(key, 1, ?) = ?", (len(prefix), prefix)
        )
        keys = [key for (key,) in found]
        return [(int(key[len(prefix) :]), key) for key in keys if key[len(prefix) :].isdecimal()]
