"""Hold a parsed file against `shapes`: what has the wrong type, and what nobody knows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any, NamedTuple

from wrangler_py.config import shapes
from wrangler_py.config.shapes import OneOf, Shape
from wrangler_py.config.source import Path, closest, spell
from wrangler_py.config.values import JsonValue

__all__ = ["Finding", "findings", "shown"]


class Finding(NamedTuple):
    """Something at ``path``: an error, or a key that is merely unknown."""

    path: Path
    message: str
    hint: str | None = None
    is_error: bool = True


def findings(document: Mapping[str, JsonValue]) -> Iterator[Finding]:
    """What is wrong with a whole configuration, its environments included."""
    known = {name: key.shape for name, key in shapes.KEYS.items()}
    yield from _object(document, known, (), "top-level")
    inner = {name: shape for name, shape in known.items() if name not in shapes.TOP_LEVEL_ONLY}
    environments = document.get("env")
    if not isinstance(environments, dict):
        return
    for name, environment in environments.items():
        place = f'"env.{name}"'
        if isinstance(environment, dict):
            yield from _object(environment, inner, ("env", name), place)
        else:
            yield _mistyped(("env", name), shapes.OBJECT, environment)


def _value(value: Any, shape: Shape, path: Path) -> Iterator[Finding]:
    if isinstance(shape, dict):
        if isinstance(value, dict):
            yield from _object(value, shape, path, spell(path))
        else:
            yield _mistyped(path, shapes.OBJECT, value)
    elif isinstance(shape, list):
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from _value(item, shape[0], (*path, index))
        else:
            yield _mistyped(path, shapes.LIST, value)
    elif isinstance(shape, OneOf):
        yield from _choice(value, shape, path)
    elif isinstance(shape, tuple):
        yield from _either(value, shape, path)
    elif not _is(value, shape):
        yield _mistyped(path, shape, value)


def _object(
    value: Mapping[str, Any], shape: Mapping[str, Shape], path: Path, place: str
) -> Iterator[Finding]:
    needed = {name[:-1] for name in shape if name.endswith("!")}
    known = {name.removesuffix("!"): inner for name, inner in shape.items()}
    for name in sorted(needed - value.keys()):
        yield Finding(path, f"an entry has no `{name}`", f'add "{name}": ...')
    for name, item in value.items():
        if name not in known:
            message = f'Unexpected fields found in {place} field: "{name}"'
            yield Finding((*path, name), message, closest(name, known), is_error=False)
        else:
            yield from _value(item, known[name], (*path, name))


def _either(value: Any, shape: tuple[Shape, ...], path: Path) -> Iterator[Finding]:
    """One of several shapes: what the nearest of them finds."""
    found = [list(_value(value, each, path)) for each in shape]
    if not all(found):
        return
    deepest = max(found, key=lambda each: len(each[0].path))
    if len(deepest[0].path) > len(path):
        yield from deepest
    else:
        yield _mistyped(path, " or ".join(map(_name, shape)), value)


def _choice(value: Any, shape: OneOf, path: Path) -> Iterator[Finding]:
    if any(value == one and type(value) is type(one) for one in shape):
        return
    names = " or ".join(json.dumps(one) for one in shape)
    words = [one for one in shape if isinstance(one, str)]
    hint = closest(value, words) if isinstance(value, str) else None
    yield Finding(path, f"`{path[-1]}` must be {names}, not {shown(value)}", hint)


_TYPES: dict[str, type | tuple[type, ...]] = {
    shapes.TEXT: str,
    shapes.NUMBER: (int, float),
    shapes.FLAG: bool,
    shapes.OBJECT: dict,
    shapes.LIST: list,
    shapes.ANY: object,
    "null": type(None),
}


def _is(value: Any, name: str) -> bool:
    if isinstance(value, bool):
        return name in (shapes.FLAG, shapes.ANY)
    return isinstance(value, _TYPES[name])


def _name(shape: Shape) -> str:
    if isinstance(shape, str):
        return shape
    return shapes.LIST if isinstance(shape, list) else shapes.OBJECT


def _mistyped(path: Path, kind: str, value: Any) -> Finding:
    hint = 'put it in quotes: "..."' if kind == shapes.TEXT and _is_scalar(value) else None
    return Finding(path, f"`{spell(path)}` must be {kind}, not {shown(value)}", hint)


def _is_scalar(value: Any) -> bool:
    return not isinstance(value, dict | list | None)


def shown(value: Any) -> str:
    """A value as one reads it in a file, cut short."""
    bare = isinstance(value, date | time)  # TOML has them, JSON does not
    text = str(value) if bare else json.dumps(value, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."
