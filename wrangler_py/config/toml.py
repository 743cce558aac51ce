"""TOML by the standard library, with the place of each key found beside it.

Differs: inside a list or a value that spans lines, a place is where the key stands.
"""

from __future__ import annotations

import re

from wrangler_py.config.source import Path, Places
from wrangler_py.config.values import JsonValue
from wrangler_py.errors import ConfigError

__all__ = ["parse", "spelled"]

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_STEP = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_JSON_KEY = re.compile(r'"(\w+)": ')
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


def parse(text: str, name: str) -> tuple[JsonValue, Places]:
    """The value of ``text``, and the place of each path in it.

    Raises: ConfigError where the text is not TOML; ``name`` is what to call the file.
    """
    import tomllib  # 15 ms that a project with wrangler.jsonc need not wait for

    try:
        value = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        where = f"{name}:{place[1]}:{place[2]}" if place else f"{name}:{text.count(chr(10)) + 1}"
        said = _PLACE.sub("", str(error)).replace("(at end of document)", "").strip()
        raise ConfigError(f"not valid TOML: {said}", where=where) from None
    except RecursionError:
        raise ConfigError("not valid TOML: nested too deeply", where=f"{name}:1:1") from None
    return value, _places(text)


def spelled(advice: str) -> str:
    """``advice`` that quotes JSON (`"main": "entry.py"`), as one writes it in a TOML file."""
    return _JSON_KEY.sub(r"\1 = ", advice)


def _places(text: str) -> Places:
    places: Places = {(): (1, 1)}
    counts: dict[Path, int] = {}
    table: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        here = number, len(line) - len(line.lstrip()) + 1
        if header := _HEADER.match(line):
            table = _enter(_steps(header[2]), counts)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                places.setdefault(table, here)
                table = (*table, counts[table])
            places.setdefault(table, here)
        elif key := _KEY.match(line):
            places.setdefault((*table, *_steps(key[1])), here)
    return places


def _steps(dotted: str) -> Path:
    return tuple(step.strip("\"'") for step in _STEP.findall(dotted))


def _enter(path: Path, counts: dict[Path, int]) -> Path:
    """The path of a table whose ancestors may be lists: `[a.b]` belongs to the last `[[a]]`."""
    found: Path = ()
    for step in path[:-1]:
        found = (*found, step)
        if found in counts:
            found = (*found, counts[found])
    return (*found, *path[-1:])
