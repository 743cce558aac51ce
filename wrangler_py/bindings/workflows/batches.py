"""What `createBatch` is given, in both forms that it takes.

Implements: https://developers.cloudflare.com/workflows/build/workers-api/#createbatch
"""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

from ...js.array import JsArray
from ...js.callbacks import member
from ...js.convert import is_bigint, is_primitive
from ...js.errors import JsException, error
from ...js.null import is_nullish, jsnull
from ...js.object import JsObject
from .durations import milliseconds
from .errors import refusal

__all__ = ["MOST", "Entry", "batch_of", "is_id", "legacy_batch"]

MOST = 100
"""Instances of one batch."""
_ID = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9_-]{0,99}", re.ASCII)
_RESERVED = re.compile(r"batch|terminate|terminateAll|cf_[0-9a-f]{64}")
_PLACES = ("wnam", "weur", "enam", "eeur", "apac", "apac-ne", "apac-se", "oc", "sam", "afr", "me")
_DURATION = (
    "Duration must be a number or a string in format '{{number}} {{unit}}' where unit is "
    "second(s), minute(s), etc."
)


class Entry(NamedTuple):
    """One instance that is to be."""

    id: str | None
    params: Any


def is_id(value: Any) -> bool:
    """Whether an instance may be called so."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def legacy_batch(given: JsArray) -> list[Entry]:
    """A list of options.

    Raises:
        JsException: none, too many, or an id is wrong.
    """
    items = list(given)
    if not items:
        raise error("WorkflowError: batchCreate should have at least 1 instance")
    if len(items) > MOST:
        raise error(f"WorkflowError: batchCreate only supports {MOST} instances at a time")
    return [_entry(each, refusal("Workflow instance has invalid id")) for each in items]


def batch_of(given: Any) -> list[Entry]:
    """Options with `count`, or with `instances`.

    Raises:
        JsException: they are wrong.
    """
    if not isinstance(given, JsObject):
        raise refusal("Provided argument is invalid", "body")
    count = member(given, "count")
    if count is not None:
        return [Entry(None, member(given, "params"))] * _checked_count(count)
    instances = member(given, "instances")
    if not isinstance(instances, JsArray):
        raise refusal("Provided argument is invalid", "body")
    items = list(instances)
    if not 0 < len(items) <= MOST:
        raise refusal("Batch size exceeds maximum allowed", "body")
    found = []
    for each in items:
        wrong = "; ".join(_problems(each))
        if wrong:
            raise refusal(wrong, "body")
        invalid = refusal("Instance ID is invalid", "instance.invalid_id")
        entry = _entry(each, invalid)
        if entry.id is not None and _RESERVED.fullmatch(entry.id):
            raise invalid
        found.append(entry)
    return found


def _checked_count(count: Any) -> int:
    whole = isinstance(count, (int, float)) and not isinstance(count, bool) and count == int(count)
    if not whole or count <= 0:
        raise refusal("count must be a positive integer", "body")
    if count > MOST:
        raise refusal(f"batchCreate only supports {MOST} instances at a time", "body")
    return int(count)


def _entry(given: Any, invalid: JsException) -> Entry:
    instance_id = member(given, "id")
    if instance_id is not None and not is_id(instance_id):
        raise invalid
    return Entry(instance_id, member(given, "params"))


def _problems(given: Any) -> list[str]:
    """What is wrong with one entry, in the service's words."""
    if not isinstance(given, JsObject):
        return [f"Invalid input: expected object, received {_kind(given)}"]
    found = []
    instance_id = member(given, "id")
    if instance_id is not None and not isinstance(instance_id, str):
        found.append(f"Invalid input: expected string, received {_kind(instance_id)}")
    retention = member(given, "retention")
    if retention is not None and not isinstance(retention, JsObject):
        found.append(f"Invalid input: expected object, received {_kind(retention)}")
    for name in ("successRetention", "errorRetention"):
        value = member(retention, name)
        if value is not None and not _is_retention(value):
            found.append(_DURATION)
    hint = member(given, "locationHint")
    if hint is not None and hint not in _PLACES:
        known = "|".join(f'"{each}"' for each in _PLACES)
        found.append(f"Invalid option: expected one of {known}")
    return found


def _is_retention(value: Any) -> bool:
    if isinstance(value, str):
        ms = milliseconds(value)
        return math.isfinite(ms) and ms > 0
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and not is_bigint(value) and value == int(value) and value > 0


def _kind(value: Any) -> str:
    if is_nullish(value):
        return "null" if value is jsnull else "undefined"
    if isinstance(value, JsArray):
        return "array"
    if is_primitive(value):
        return {str: "string", bool: "boolean"}.get(type(value), "number")
    return "object"
