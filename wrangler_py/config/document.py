"""From a parsed document to a `Reading`: check it all, choose the environment, read the worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from wrangler_py.config.build import Build
from wrangler_py.config.environments import choose
from wrangler_py.config.source import Places, Section
from wrangler_py.config.validate import Finding, findings, shown
from wrangler_py.config.values import JsonValue
from wrangler_py.config.worker import Reading, read_worker
from wrangler_py.errors import ConfigError

__all__ = ["read_document"]


def read_document(
    name: str,
    document: JsonValue,
    places: Places,
    path: Path,
    script: Path | None = None,
    environment: str | None = None,
    *,
    has_assets: bool = False,
    on_build: Callable[[Build], None] | None = None,
) -> Reading:
    """Read what a file called ``name`` in messages, which lies at ``path``, holds.

    ``has_assets``: the command line names some, so that a script is not needed.

    Raises: ConfigError for what cannot be right.
    """
    if not isinstance(document, dict):
        where = Section(name, {}, places).where()
        raise ConfigError(f"the file must be an object, not {shown(document)}", where=where)
    file = Section(name, document, places)
    notices = [_told(each, file) for each in _unknown(document, file)]
    if environment:
        file, more = choose(name, document, places, environment)
        notices += more
    reading = read_worker(file, path, script, has_assets=has_assets, on_build=on_build)
    config = replace(reading.config, environment=environment)
    return replace(reading, config=config, notices=notices + reading.notices)


def _unknown(document: dict[str, JsonValue], file: Section) -> list[Finding]:
    """The keys that nobody knows.

    Raises: ConfigError for values of a wrong type, all of them in one.
    """
    found = list(findings(document))
    errors = [each for each in found if each.is_error]
    if not errors:
        return found
    first, *others = errors
    told = "".join(f"\n- {each.message} ({file.place(each.path)})" for each in others)
    more = f"\nand {len(others)} more:{told}" if others else ""
    raise ConfigError(first.message + more, where=file.place(first.path), hint=first.hint)


def _told(finding: Finding, file: Section) -> str:
    where = file.place(finding.path)
    return f"{finding.message} ({where}{f'; {finding.hint}' if finding.hint else ''})"
