"""Find the configuration that belongs to a script, read it, lay the command line over it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from wrangler_py.config import jsonc, toml
from wrangler_py.config.dates import check_date, is_future, today
from wrangler_py.config.model import Config
from wrangler_py.config.options import Overrides
from wrangler_py.config.source import Section
from wrangler_py.config.worker import Reading, name_from, read_worker
from wrangler_py.errors import ConfigError, UsageError
from wrangler_py.log import log

__all__ = ["CONFIG_NAMES", "find_config", "load_config"]

CONFIG_NAMES = ("wrangler.json", "wrangler.jsonc", "wrangler.toml")
"""In the order in which wrangler prefers them."""

_SECRETS = (".dev.vars", ".env")


def load_config(overrides: Overrides, cwd: Path) -> Config:
    """The configuration that ``overrides`` ask for, relative to ``cwd``.

    Says on the log what its author should know, each thing once however often it is loaded.
    Raises: ConfigError, UsageError.
    """
    script, folder = _script(overrides.script, cwd)
    path = _named(overrides.config, cwd) if overrides.config else find_config(folder)
    if path:
        reading = _read(path, script)
    elif script:
        reading = Reading(Config(name_from(script), script, today()))
    else:
        raise UsageError(
            "no script was named, and there is no configuration here or above",
            where=str(folder),
            hint="`pywrangler dev script.py`, or `pywrangler init NAME` for a new project",
        )
    if reading.config.main.suffix != ".py":
        raise UsageError(
            f"only Python Workers run here, not {reading.config.main.name}",
            hint="for JavaScript: `npx wrangler dev`",
        )
    config = _overridden(reading.config, overrides)
    _tell(config, reading.notices)
    return config


def find_config(folder: Path) -> Path | None:
    """The configuration in ``folder`` or the nearest folder above it that has one."""
    for place in (folder, *folder.parents):
        found = [place / name for name in CONFIG_NAMES if (place / name).is_file()]
        if len(found) > 1:
            others = ", ".join(path.name for path in found[1:])
            log.warn_once(f"{_shown(found[0])} is read, and not {others} beside it: remove one")
        if found:
            return found[0]
    return None


def _script(named: Path | None, cwd: Path) -> tuple[Path | None, Path]:
    """The script if one was named, and the folder where the search for a configuration starts."""
    if named is None:
        return None, cwd
    script = (cwd / named).resolve()
    if script.is_dir():
        return None, script
    if not script.is_file():
        raise UsageError(f"there is no script {named}", hint=_similar(script))
    return script, script.parent


def _similar(script: Path) -> str | None:
    """Where the script may be that the user meant."""
    near = [script.with_suffix(".py"), script.parent / "src" / script.name]
    for candidate in near:
        if candidate.is_file():
            return f"did you mean {_shown(candidate)}?"
    return None


def _named(config: Path, cwd: Path) -> Path:
    path = (cwd / config).resolve()
    if not path.is_file():
        raise UsageError(f"there is no configuration {config}")
    if path.suffix not in (".json", ".jsonc", ".toml"):
        raise UsageError(
            f"a configuration is .json, .jsonc or .toml, not {path.name}",
            hint="the script itself needs no flag: `pywrangler dev script.py`",
        )
    return path


def _read(path: Path, script: Path | None) -> Reading:
    """What the file at ``path`` says; advice about it is in its own language."""
    file = _parse(path)
    if path.suffix != ".toml":
        return read_worker(file, path, script)
    try:
        reading = read_worker(file, path, script)
    except ConfigError as error:
        hint = error.hint and toml.spelled(error.hint)
        raise ConfigError(error.message, where=error.where, hint=hint) from None
    return replace(reading, notices=[toml.spelled(notice) for notice in reading.notices])


def _parse(path: Path) -> Section:
    name = _shown(path)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"not UTF-8: {error.reason}", where=name) from None
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", where=name) from None
    parse = toml.parse if path.suffix == ".toml" else jsonc.parse
    value, lines = parse(text, name)
    return Section(name, value, lines)


def _overridden(config: Config, overrides: Overrides) -> Config:
    date = overrides.compatibility_date
    if date:
        where = "--compatibility-date"
        if is_future(check_date(date, UsageError, where)):
            log.warn_once(f"the compatibility date {date} is in the future ({where})")
    return replace(
        config,
        name=overrides.name or config.name,
        compatibility_date=date or config.compatibility_date,
        compatibility_flags=overrides.compatibility_flags or config.compatibility_flags,
        vars={**config.vars, **overrides.vars},
    )


def _tell(config: Config, notices: list[str]) -> None:
    name = _shown(config.path) if config.path else ""
    if notices:
        lines = "".join(f"\n    - {notice}" for notice in notices)
        log.warn_once(f"Processing {name} configuration:{lines}")
    if config.unread:
        log.warn_once(f"{name}: not read yet: {', '.join(config.unread)}")
    for secrets in _SECRETS:
        if (config.root / secrets).is_file():
            log.warn_once(f"{_shown(config.root / secrets)} is not read yet; use --var NAME:VALUE")


def _shown(path: Path) -> str:
    """``path`` as the user would write it: relative where it lies below the current folder."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return os.fspath(path)
