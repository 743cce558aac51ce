"""Checks from `[tool.pywrangler.smoke]` of a project's pyproject.toml."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from wrangler_py.config import toml
from wrangler_py.config.source import Places, closest
from wrangler_py.errors import ConfigError
from wrangler_py.smoke.checks import METHODS, SOCKET, Check, Place, Step

__all__ = ["Table", "read_table"]

_TABLE = ("tool", "pywrangler", "smoke")
_NAME = ".".join(_TABLE)
_BEGIN = {method.lower(): method for method in (*METHODS, SOCKET)}
_OF_REQUESTS = ("data", "contains", "expect_headers")
_OF_SOCKETS = ("send", "expect", "steps")
_OF_BOTH = ("status", "headers")


@dataclass(frozen=True, slots=True)
class Table:
    """What the file says; None: nothing about it."""

    checks: tuple[Check, ...] = ()
    timeout: float | None = None


def read_table(folder: Path) -> Table:
    """The table in the pyproject.toml of ``folder``; empty where there is none.

    Raises: ConfigError.
    """
    path = folder / "pyproject.toml"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Table()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read: {error}", where=str(path)) from None
    name = str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
    value: Any
    value, places = toml.parse(text, name)
    for key in _TABLE:
        value = value.get(key, {}) if isinstance(value, dict) else {}
    return _Reading(name, places).table(value)


class _Reading:
    """One file, whose every complaint knows its line."""

    def __init__(self, file: str, places: Places) -> None:
        self._file = file
        self._places = places

    def table(self, value: Any) -> Table:
        if not isinstance(value, dict):
            raise self._wrong(f"{_NAME} is a table", ())
        self._known(value, ("checks", "timeout"), ())
        timeout, checks = value.get("timeout"), value.get("checks", [])
        if timeout is not None and (not _is_number(timeout) or timeout <= 0):
            raise self._wrong("timeout is a number of seconds", ("timeout",))
        if not isinstance(checks, list):
            raise self._wrong(f"checks are written as [[{_NAME}.checks]]", ("checks",))
        return Table(tuple(map(self._check, range(len(checks)), checks)), timeout)

    def _check(self, index: int, value: Any) -> Check:
        at = ("checks", index)
        begun = [key for key in _BEGIN if isinstance(value, dict) and key in value]
        if len(begun) != 1:
            hint = 'for example get = "/" or ws = "/ws"'
            raise self._wrong(f"a check has one of {', '.join(_BEGIN)}", at, hint)
        (key,) = begun
        is_socket = _BEGIN[key] == SOCKET
        own = _OF_SOCKETS if is_socket else _OF_REQUESTS
        self._known(value, (key, *_OF_BOTH, *own), at)
        path, status = value[key], value.get("status")
        if not isinstance(path, str) or not path.startswith("/"):
            raise self._wrong(f"{key} is a path that begins with /", (*at, key))
        if status is not None and (not isinstance(status, int) or not 100 <= status <= 599):
            raise self._wrong("status is a number like 200", (*at, "status"))
        return Check(
            _BEGIN[key],
            path,
            status,
            headers=self._headers(value, "headers", at),
            data=_text(value["data"]) if "data" in value else None,
            contains=tuple(map(_text, _list(value.get("contains", [])))),
            expected_headers=self._headers(value, "expect_headers", at),
            steps=self._steps(value, at),
            place=self._place(at),
        )

    def _headers(
        self, value: dict[str, Any], key: str, at: tuple[str | int, ...]
    ) -> tuple[tuple[str, str], ...]:
        headers = value.get(key, {})
        if not isinstance(headers, dict):
            raise self._wrong(f'{key} is a table of names: {{ Accept = "text/html" }}', (*at, key))
        return tuple((name, _text(each)) for name, each in headers.items())

    def _steps(self, value: dict[str, Any], at: tuple[str | int, ...]) -> tuple[Step, ...]:
        steps = value.get("steps", [])
        if not isinstance(steps, list) or not all(isinstance(each, dict) for each in steps):
            example = 'steps = [{ send = "hello", expect = "HELLO" }]'
            raise self._wrong("steps are a list of tables", (*at, "steps"), example)
        for each in steps:
            self._known(each, ("send", "expect"), (*at, "steps"))
        found: list[Step] = []
        kinds: tuple[Literal["send"], Literal["expect"]] = ("send", "expect")
        for each in (value, *steps):
            for kind in kinds:
                texts = _list(each[kind]) if kind in each else []
                found += [Step(kind, _text(text)) for text in texts]
        return tuple(found)

    def _known(
        self, value: dict[str, Any], keys: tuple[str, ...], at: tuple[str | int, ...]
    ) -> None:
        for key in value:
            if key not in keys:
                hint = closest(key, keys) or f"there are {', '.join(keys)}"
                raise self._wrong(f'there is no "{key}" here', (*at, key), hint)

    def _wrong(
        self, message: str, at: tuple[str | int, ...], hint: str | None = None
    ) -> ConfigError:
        file, line = self._place(at)
        return ConfigError(message, where=f"{file}:{line} [{_NAME}]", hint=hint)

    def _place(self, at: tuple[str | int, ...]) -> Place:
        """The line of a value, or of the nearest thing around it that has one."""
        path = (*_TABLE, *at)
        while path and path not in self._places:
            path = path[:-1]
        return self._file, self._places.get(path, (1, 1))[0]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    """Strings as they are; what is no string is meant as JSON."""
    return value if isinstance(value, str) else json.dumps(value, default=str)
