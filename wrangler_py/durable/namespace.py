"""`env.ROOM`: the objects of one class.

Implements: https://developers.cloudflare.com/durable-objects/api/namespace/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from ..js.callbacks import member
from ..js.convert import to_string
from ..js.errors import range_error, type_error
from ..js.null import is_nullish
from ..js.proxy import JsProxy
from ..web.idl import MISSING, bad_argument
from .ids import DurableObjectId, IdFactory, unique_key
from .stub import DurableObject

if TYPE_CHECKING:
    from .objects import Objects

_NAME = "DurableObjectNamespace"
_WRONG_JURISDICTION = (
    "get called on jurisdictional subnamespace with an ID from a different jurisdiction"
)


class DurableObjectNamespace(JsProxy):
    """Makes ids and stubs."""

    def __init__(self, objects: Callable[[], Objects], class_name: str, factory: IdFactory) -> None:
        self._objects, self._class_name, self._ids = objects, class_name, factory

    @classmethod
    def _construct(cls, *_: Any) -> NoReturn:
        raise type_error("Illegal constructor")

    def newUniqueId(self, options: Any = None) -> DurableObjectId:
        jurisdiction = member(options, "jurisdiction")
        return self._ids.new_unique(None if is_nullish(jurisdiction) else to_string(jurisdiction))

    def idFromName(self, name: Any = MISSING) -> DurableObjectId:
        if name is MISSING:
            raise bad_argument(_NAME, "idFromName", 1, "string")
        return self._ids.from_name(name)

    def idFromString(self, id: Any = MISSING) -> DurableObjectId:
        if id is MISSING:
            raise bad_argument(_NAME, "idFromString", 1, "string")
        return self._ids.from_string(id)

    def get(self, id: Any = MISSING, options: Any = None) -> DurableObject:
        if not isinstance(id, DurableObjectId):
            raise bad_argument(_NAME, "get", 1, "DurableObjectId")
        if self._ids.jurisdiction is not None and id.jurisdiction != self._ids.jurisdiction:
            raise type_error(_WRONG_JURISDICTION)
        self._ids.from_string(id._text)  # an id of another class is refused
        return self._stub(id, options)

    getExisting = get

    def getByName(self, name: Any = MISSING, options: Any = None) -> DurableObject:
        if name is MISSING:
            raise bad_argument(_NAME, "getByName", 1, "string")
        return self._stub(self._ids.from_name(name), options)

    def jurisdiction(self, jurisdiction: Any = None) -> DurableObjectNamespace:
        wanted = None if is_nullish(jurisdiction) else to_string(jurisdiction)
        return DurableObjectNamespace(self._objects, self._class_name, self._ids.within(wanted))

    def _stub(self, actor_id: DurableObjectId, options: Any) -> DurableObject:
        mode = member(options, "routingMode")
        if mode is not None and to_string(mode) != "primary-only":
            raise range_error(f"unknown routingMode: {to_string(mode)}")
        return DurableObject(self._objects, self._class_name, actor_id)


def namespace(
    objects: Callable[[], Objects], worker_name: str, class_name: str
) -> DurableObjectNamespace:
    """The namespace of a worker's class; ``objects`` is asked when an object is used."""
    factory = IdFactory(unique_key(worker_name, class_name))
    return DurableObjectNamespace(objects, class_name, factory)
