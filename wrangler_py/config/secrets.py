"""Local secrets: `.dev.vars`, `.env` and their relatives, read as `wrangler dev` reads them.

The grammar is that of Node's `dotenv` 16 and `dotenv-expand` 12, which wrangler uses; Python's
libraries differ in quotes, escapes and comments, and a secret must not.

Source: https://developers.cloudflare.com/workers/configuration/secrets/#local-development-with-secrets
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wrangler_py.errors import ConfigError

__all__ = ["Secrets", "expand", "parse", "read_secrets"]

_LINE = re.compile(
    r"^\s*(?:export\s+)?(?P<key>[A-Za-z0-9_.-]+)(?:\s*=\s*?|:\s+?)"
    r"(?P<value>\s*'(?:\\'|[^'])*'|\s*\"(?:\\\"|[^\"])*\"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?"
    r"\s*(?:#.*)?$",
    re.MULTILINE,
)
_QUOTED = re.compile(r"^(['\"`])([\s\S]*)\1$", re.MULTILINE)
_REFERENCE = re.compile(r"(?<!\\)\$\{([^{}]+)\}|(?<!\\)\$([A-Za-z_][A-Za-z0-9_]*)")
_OPERATOR = re.compile(r":\+|\+|:-|-")
_MOST_STEPS = 1_000
"""Replacements in one value: references that feed on each other never end otherwise."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What was found, and where it was looked for."""

    values: Mapping[str, str]
    used: tuple[Path, ...]
    """The files that were read, in order."""
    candidates: tuple[Path, ...]
    """Every file whose appearance or change means another answer."""
    from_process: bool = False
    """The process's own environment is part of it."""


def read_secrets(
    folder: Path,
    environment: str | None,
    env_files: Sequence[Path] = (),
    environ: Mapping[str, str] = os.environ,
    *,
    with_process: bool = False,
) -> Secrets:
    """The secrets of the project in ``folder``; ``env_files`` were asked for by name.

    Raises: ConfigError for a file that cannot be read.
    """
    dev_vars = [] if env_files else list(_dev_vars(folder, environment))
    for path in dev_vars:
        if path.is_file():
            return Secrets(parse(_text(path)), (path,), tuple(dev_vars))
    if not _is_on(environ.get("CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV"), default=True):
        return Secrets({}, (), tuple(dev_vars))
    wanted = [folder / path for path in env_files] or list(_dot_env(folder, environment))
    used = [path for path in wanted if path.is_file()]
    parsed: dict[str, str] = {}
    for path in used:
        parsed.update(parse(_text(path)))
    from_process = with_process or _is_on(environ.get("CLOUDFLARE_INCLUDE_PROCESS_ENV"))
    values = expand(parsed, environ if from_process else {})
    return Secrets(values, tuple(used), (*dev_vars, *wanted), from_process)


def _dev_vars(folder: Path, environment: str | None) -> Iterator[Path]:
    if environment:
        yield folder / f".dev.vars.{environment}"
    yield folder / ".dev.vars"


def _dot_env(folder: Path, environment: str | None) -> Iterator[Path]:
    names = [".env", ".env.local"]
    if environment:
        names += [f".env.{environment}", f".env.{environment}.local"]
    return (folder / name for name in names)


def _is_on(value: str | None, *, default: bool = False) -> bool:
    return default if not value else value.lower() == "true"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", where=str(path)) from None


def parse(text: str) -> dict[str, str]:
    """The pairs of one file, as `dotenv` reads them."""
    found: dict[str, str] = {}
    text = re.sub(r"\r\n?", "\n", text.removeprefix("\ufeff"))
    for match in _LINE.finditer(text):
        value = (match["value"] or "").strip()
        quote = value[:1]
        value = _QUOTED.sub(r"\2", value)
        if quote == '"':
            value = value.replace("\\n", "\n").replace("\\r", "\r")
        found[match["key"]] = value
    return found


def expand(parsed: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """``parsed`` with `$NAME`, `${NAME:-default}` and `${NAME:+instead}` replaced.

    With an ``environ``, what it has wins, and all of it is part of the answer.
    """
    values: dict[str, str] = {}
    for key, raw in parsed.items():
        given = environ.get(key)
        value = given if given and given != raw else _expanded(raw, environ, values)
        values[key] = value.replace("\\$", "$")
    return {**environ, **values}


def _expanded(value: str, environ: Mapping[str, str], before: Mapping[str, str]) -> str:
    known = {**before, **environ}
    seen: set[str] = set()
    for _ in range(_MOST_STEPS):
        match = _REFERENCE.search(value)
        if match is None:
            break
        seen.add(value)
        key, replacement = _replacement(match[1] or match[2], known, seen)
        value = value.replace(match[0], replacement, 1)
        if key in before and value == before[key]:
            break
    return value


def _replacement(expression: str, known: Mapping[str, str], seen: set[str]) -> tuple[str, str]:
    operator = _OPERATOR.search(expression)
    if operator is None:
        key, default = expression, ""
    else:
        key, default = expression[: operator.start()], expression[operator.end() :]
    value = known.get(key, "")
    if operator is not None and operator[0] in (":+", "+"):
        return key, default if value else ""
    return key, value if value and value not in seen else default
