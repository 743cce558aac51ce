"""Whatever a file holds, its author sees a `ConfigError` or a configuration, never a traceback."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from wrangler_py.config import Overrides, jsonc, load_config, toml
from wrangler_py.config.document import read_document
from wrangler_py.config.shapes import KEYS, OneOf
from wrangler_py.errors import ConfigError

SCALARS = [None, True, 0, -1, 1.5, 10**30, "", "x", "2026-01-01", "é\x00", "../..", [], {}]


def arbitrary(dice: random.Random, depth: int) -> Any:
    kind = dice.randrange(4) if depth else 0
    if kind == 1:
        return [arbitrary(dice, depth - 1) for _ in range(dice.randrange(3))]
    if kind == 2:
        return {dice.choice([*KEYS, "binding", "name", ""]): arbitrary(dice, depth - 1)}
    return dice.choice(SCALARS)


def likely(dice: random.Random, shape: Any) -> Any:
    """A value of ``shape``, sometimes another."""
    if dice.random() < 0.1:
        return arbitrary(dice, 2)
    if isinstance(shape, OneOf):
        return dice.choice(shape)
    if isinstance(shape, list):
        return [likely(dice, shape[0]) for _ in range(dice.randrange(3))]
    if isinstance(shape, tuple):
        return likely(dice, dice.choice(shape))
    if isinstance(shape, dict):
        kept = [key for key in shape if key.endswith("!") or dice.random() < 0.5]
        return {key.removesuffix("!"): likely(dice, shape[key]) for key in kept}
    return {"a string": "x", "a number": 1, "true or false": True, "a list": []}.get(shape, {})


def configuration(seed: int) -> dict[str, Any]:
    dice = random.Random(seed)
    keys = dice.sample(sorted(KEYS), 8)
    made = {key: likely(dice, KEYS[key].shape) for key in keys}
    if dice.random() < 0.5:
        made["env"] = {"stg": {key: likely(dice, KEYS[key].shape) for key in keys[:4]}}
    return made


def attempt(name: str, parse: Any, text: str) -> bool:
    """Whether ``text`` is a configuration."""
    try:
        document, places = parse(text, name)
        read_document(name, document, places, Path("/p", name), Path("/p/entry.py"), None)
        read_document(name, document, places, Path("/p", name), Path("/p/entry.py"), "stg")
    except ConfigError as error:
        return not (error.message and error.where)
    return True


@pytest.mark.parametrize("seed", range(0, 2000, 200))
def test_made_up_configurations(seed):
    made = [json.dumps(configuration(number)) for number in range(seed, seed + 200)]
    good = [attempt("wrangler.json", jsonc.parse, text) for text in made]
    assert {True, False} == set(good), "the fuzz should hit both"


VALID = """{
  // a comment
  "name": "w", "main": "e.py", "compatibility_date": "2026-01-01",
  "vars": {"A": "1", "B": [1, {"c": null}]}, /* another */
  "queues": {"consumers": [{"queue": "q", "max_batch_size": 3}]},
}"""


@pytest.mark.parametrize("seed", range(10))
def test_damaged_text(seed):
    dice = random.Random(seed)
    for _ in range(100):
        text = list(VALID)
        for _ in range(dice.randrange(1, 6)):
            place = dice.randrange(len(text))
            text[place : place + dice.randrange(4)] = dice.choice('{}[]",:/*\\\n\x00é0-eE. ')
        attempt("wrangler.jsonc", jsonc.parse, "".join(text))
        attempt("wrangler.toml", toml.parse, "".join(text))


def test_deep_nesting_is_refused():
    assert not attempt("wrangler.json", jsonc.parse, "[" * 5000)
    assert not attempt("wrangler.toml", toml.parse, "a = " + "[" * 5000)


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "x/\0/y"])
@pytest.mark.parametrize(
    "keys",
    [
        lambda name: {"main": name},
        lambda name: {"base_dir": name},
        lambda name: {"assets": {"directory": name}},
        lambda name: {"build": {"command": "true", "cwd": name}},
        lambda name: {"build": {"command": "true", "watch_dir": ["src", name]}},
    ],
)
def test_what_no_file_can_be_called_is_refused_where_it_stands(keys, name, tmp_path):
    (tmp_path / "entry.py").touch()
    facts = {"name": "w", "main": "entry.py", "compatibility_date": "2026-01-01", **keys(name)}
    (tmp_path / "wrangler.json").write_text(json.dumps(facts))
    with pytest.raises(ConfigError, match="no file can be called") as caught:
        load_config(Overrides(), tmp_path)
    assert "wrangler.json:1:" in str(caught.value.where)
