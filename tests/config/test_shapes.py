"""Our table of keys against the JSON Schema of npm's `wrangler` (`recorded/wrangler_schema.json`).

The recorded form: a type's name, `[item]`, `{"key!": ...}`, `{"any": [...]}`, `{"enum": [...]}`,
`{"map": value}`. To record another version: `python -m tests.config.record_schema SCHEMA VERSION`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from wrangler_py.config import shapes
from wrangler_py.config.shapes import KEYS, NOT_INHERITED, TOP_LEVEL_ONLY, OneOf, Use
from wrangler_py.config.validate import findings

RECORDED = json.loads((Path(__file__).parent / "recorded" / "wrangler_schema.json").read_text())
SCHEMA: dict[str, Any] = RECORDED["keys"]

NAMES = {"string": shapes.TEXT, "number": shapes.NUMBER, "boolean": shapes.FLAG, "null": "null"}
LENIENT = {"durable_objects": "a strategy that names only a delay is accepted, as in a deployment"}
ALTERNATIVES = {"vpc_networks": "its two forms are one here"}


def known_by(shape: Any, wanted: Any) -> bool:
    """Whether our ``shape`` says what the schema says; one that looks no deeper is fine."""
    if shape in (shapes.OBJECT, shapes.LIST) and not isinstance(shape, (list, dict)):
        return is_container(wanted, shape == shapes.OBJECT)
    if isinstance(wanted, str):
        return shape == NAMES.get(wanted, shapes.OBJECT)
    if isinstance(wanted, list):
        return isinstance(shape, list) and known_by(shape[0], wanted[0])
    if "enum" in wanted:
        return isinstance(shape, OneOf) and sorted(map(str, shape)) == sorted(
            map(str, wanted["enum"])
        )
    if "any" in wanted:
        if not isinstance(shape, tuple):
            return False
        return len(shape) == len(wanted["any"]) and all(
            any(known_by(ours, theirs) for ours in shape) for theirs in wanted["any"]
        )
    return (
        isinstance(shape, dict)
        and shape.keys() == wanted.keys()
        and all(known_by(shape[key], wanted[key]) for key in shape)
    )


def is_container(wanted: Any, is_object: bool) -> bool:
    if isinstance(wanted, dict) and "any" in wanted:
        return all(is_container(each, is_object) for each in wanted["any"])
    return (
        (wanted == "object" or isinstance(wanted, dict)) if is_object else isinstance(wanted, list)
    )


def test_the_keys_are_those_of_wrangler():
    assert KEYS.keys() == SCHEMA.keys()


@pytest.mark.parametrize("key", sorted(SCHEMA.keys() - LENIENT.keys() - ALTERNATIVES.keys()))
def test_a_key_has_the_shape_that_wrangler_gives_it(key):
    shape, wanted = KEYS[key].shape, SCHEMA[key]
    if key == "route" or (KEYS[key].use is Use.DEPLOY and isinstance(shape, tuple)):
        return  # a string, or objects that we do not look into
    assert known_by(shape, wanted), (shape, wanted)


def test_what_only_the_top_level_has_is_the_same():
    assert sorted(TOP_LEVEL_ONLY) == RECORDED["top_level_only"]


def test_every_key_that_is_not_inherited_exists():
    assert KEYS.keys() - TOP_LEVEL_ONLY >= NOT_INHERITED


def test_the_comparison_can_fail():
    assert not known_by([{"binding!": shapes.TEXT}], [{"binding!": "string", "id": "string"}])
    assert not known_by(shapes.TEXT, "number")
    assert not known_by(OneOf(("a",)), {"enum": ["a", "b"]})


def example(wanted: Any) -> Any:
    """A value of a recorded shape, with everything in it."""
    if isinstance(wanted, str):
        return {"string": "x", "number": 1, "boolean": True, "null": None}.get(wanted, {})
    if isinstance(wanted, list):
        return [example(wanted[0])]
    for word in ("any", "enum"):
        if word in wanted:
            first = wanted[word][0]
            return first if word == "enum" else example(first)
    if "map" in wanted:
        return {"k": example(wanted["map"])}
    return {key.removesuffix("!"): example(item) for key, item in wanted.items() if key != "*"}


@pytest.mark.parametrize("key", sorted(SCHEMA.keys() - {"env"}))
def test_what_the_schema_allows_is_no_finding(key):
    assert list(findings({key: example(SCHEMA[key])})) == []


@pytest.mark.parametrize("key", sorted(SCHEMA))
def test_what_the_schema_forbids_is_found_at_its_key(key):
    (found,) = findings({key: 3.5 if SCHEMA[key] != "number" else "x"})
    assert (found.path, found.is_error) == ((key,), True)
