"""TOML by the standard library, with the line of each key found beside it.

Differs: inside a list or a value that spans lines, a place is the line where the value begins.
"""

from __future__ import annotations

import re

from wrangler_py.config.model import JsonValue
from wrangler_py.config.source import Lines, Path
from wrangler_py.errors import ConfigError

__all__ = ["parse", "spelled"]

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_STEP = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_JSON_KEY = re.compile(r'"(\w+)": ')
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


def parse(text: str, name: str) -> tuple[JsonValue, Lines]:
    """The value of ``text``, and the line of each path in it.

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
    return value, _lines(text)


def spelled(advice: str) -> str:
    """``advice`` that quotes JSON (`"main": "entry.py"`), as one writes it in a TOML file."""
    return _JSON_KEY.sub(r"\1 = ", advice)


def _lines(text: str) -> Lines:
    lines: Lines = {(): 1}
    counts: dict[Path, int] = {}
    table: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _enter(_steps(header[2]), counts)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                lines.setdefault(table, number)
                table = (*table, counts[table])
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, *_steps(key[1])), number)
    return lines


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
