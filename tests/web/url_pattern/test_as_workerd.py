"""URLPattern answers as it does in workerd (`recorded.json`, made by `record.py`)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.bindings.steps import value
from wrangler_py.errors import NotEmulated
from wrangler_py.js.array import JsArray
from wrangler_py.js.errors import JsException
from wrangler_py.js.null import jsnull
from wrangler_py.js.object import JsObject
from wrangler_py.web.url_pattern import PARTS, URLPattern

from .record import RECORDED
from .table import CASES, DIFFERS, NOT_EMULATED

RECORDS: dict[str, Any] = json.loads(RECORDED.read_text())


def test_every_case_is_recorded():
    assert list(RECORDS) == list(CASES)


@pytest.mark.parametrize("name", CASES)
def test_a_pattern_answers_as_in_workerd(name):
    given, inputs = json.loads(json.dumps(CASES[name]))
    if name in NOT_EMULATED:
        with pytest.raises(NotEmulated, match="URLPattern: "):
            answered(given, inputs)
        return
    answer = answered(given, inputs)
    if name in DIFFERS:
        assert answer != RECORDS[name]
    else:
        assert answer == RECORDS[name]


def answered(given, inputs):
    try:
        pattern = URLPattern.constructor.new(*map(value, given))
    except JsException as exc:
        return {"error": str(exc)}
    return {
        "parts": {part: getattr(pattern, part) for part in (*PARTS, "hasRegExpGroups")},
        "answers": [
            {"test": told(pattern.test, each), "exec": told(pattern.exec, each)} for each in inputs
        ],
    }


def told(method, given):
    try:
        return shown(method(*map(value, given)))
    except JsException as exc:
        return str(exc)


def shown(found):
    if found is None:
        return {"$undefined": True}
    if found is jsnull:
        return None
    if isinstance(found, JsArray):
        return [shown(each) for each in found]
    if isinstance(found, JsObject):
        return {name: shown(each) for name, each in found._entries()}
    return found
