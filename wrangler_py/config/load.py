"""Find the configuration that belongs to a script, read it, lay the command line over it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from wrangler_py.config import jsonc, toml
from wrangler_py.config.assets import Assets
from wrangler_py.config.build import run_build
from wrangler_py.config.dates import check_date, is_future, today
from wrangler_py.config.document import read_document
from wrangler_py.config.model import Config
from wrangler_py.config.options import Overrides
from wrangler_py.config.origin import first_host
from wrangler_py.config.redirect import find_redirect, read_redirect
from wrangler_py.config.secrets import read_secrets
from wrangler_py.config.source import Places
from wrangler_py.config.values import JsonValue
from wrangler_py.config.worker import NO_SCRIPT, Reading, name_from
from wrangler_py.errors import ConfigError, UsageError
from wrangler_py.log import log

__all__ = ["CONFIG_NAMES", "find_config", "load_config"]

CONFIG_NAMES = ("wrangler.json", "wrangler.jsonc", "wrangler.toml")
"""In the order in which wrangler prefers them."""


def load_config(
    overrides: Overrides, cwd: Path, *, runs: bool = True, rebuild: bool = False
) -> Config:
    """The configuration that ``overrides`` ask for, relative to ``cwd``.

    ``runs``: False where nothing of it is run: its script may be missing, and no secret is read.
    ``rebuild``: run a custom build though it was run before.
    Says on the log what its author should know, each thing once however often it is loaded.
    Raises: ConfigError, UsageError.
    """
    script, folder = _script(overrides.script, cwd)
    path, redirected = _file(overrides, cwd, folder, follows=runs)
    environment = overrides.environment or os.environ.get("CLOUDFLARE_ENV") or None
    has_assets = overrides.assets is not None
    if path is None:
        reading = Reading(_without_file(script, folder, environment, has_assets=has_assets))
    else:
        on_build = partial(run_build, again=rebuild) if runs else None
        read = partial(read_document, has_assets=has_assets, on_build=on_build)
        reading = _read(path, script if runs else path, environment, read)
        reading = replace(reading, config=replace(reading.config, redirected=redirected))
    if not runs:
        return reading.config
    if reading.config.main.suffix != ".py" and not reading.config.is_assets_only:
        raise UsageError(
            f"only Python Workers run here, not {reading.config.main.name}",
            hint="for JavaScript: `npx wrangler dev`",
        )
    config = _overridden(_with_secrets(reading, overrides), overrides)
    config = _with_assets(config, overrides.assets, cwd)
    _tell(config, reading.notices)
    return config


def _file(
    overrides: Overrides, cwd: Path, folder: Path, *, follows: bool
) -> tuple[Path | None, Path | None]:
    """What is to be read, None: there is no configuration; and the file that sent there.

    ``follows``: whether such a file counts.
    """
    if overrides.config:
        return _named(overrides.config, cwd), None
    path = find_config(folder)
    redirected = find_redirect(folder, path) if follows else None
    return (read_redirect(redirected) if redirected else path), redirected


def _without_file(
    script: Path | None, folder: Path, environment: str | None, *, has_assets: bool
) -> Config:
    """The configuration of a script alone, or of assets alone."""
    if script:
        return Config(name_from(script), script, today(), environment=environment)
    if has_assets:
        return Config(NO_SCRIPT, folder / NO_SCRIPT, today(), is_assets_only=True)
    raise UsageError(
        "no script was named, and there is no configuration here or above",
        where=str(folder),
        hint="name the script, or make a new project: `pywrangler init NAME`",
    )


def find_config(folder: Path) -> Path | None:
    """The configuration at or above ``folder``: kind goes before nearness, as in wrangler."""
    found = [path for name in CONFIG_NAMES if (path := _above(folder, name)) is not None]
    if len(found) > 1:
        others = ", ".join(_shown(path) for path in found[1:])
        log.warn_once(f"{_shown(found[0])} is read, and not {others}: remove one, or name it by -c")
    return found[0] if found else None


def _above(folder: Path, name: str) -> Path | None:
    """The nearest file called ``name``."""
    places = (place / name for place in (folder, *folder.parents))
    return next((path for path in places if path.is_file()), None)


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


def _read(
    path: Path,
    script: Path | None,
    environment: str | None,
    read: Callable[..., Reading],
) -> Reading:
    """What the file at ``path`` says; advice about it is in its own language."""
    parsed = _parse(path)
    if path.suffix != ".toml":
        return read(*parsed, path, script, environment)
    try:
        reading = read(*parsed, path, script, environment)
    except ConfigError as error:
        hint = error.hint and toml.spelled(error.hint)
        raise ConfigError(error.message, where=error.where, hint=hint) from None
    return replace(reading, notices=[toml.spelled(notice) for notice in reading.notices])


def _parse(path: Path) -> tuple[str, JsonValue, Places]:
    name = _shown(path)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"not UTF-8: {error.reason}", where=name) from None
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", where=name) from None
    parse = toml.parse if path.suffix == ".toml" else jsonc.parse
    value, places = parse(text, name)
    return name, value, places


def _overridden(config: Config, overrides: Overrides) -> Config:
    date = overrides.compatibility_date
    if date:
        where = "--compatibility-date"
        if is_future(check_date(date, UsageError, where)):
            log.warn_once(f"the compatibility date {date} is in the future ({where})")
    given = overrides.vars
    host = overrides.host or first_host(overrides.routes, "--route") or config.dev.host
    if not overrides.infers_host and not overrides.host and config.dev.host_is_inferred:
        host = None
    protocol = overrides.upstream_protocol or config.dev.upstream_protocol
    return replace(
        config,
        name=overrides.name or config.name,
        compatibility_date=date or config.compatibility_date,
        compatibility_flags=overrides.compatibility_flags or config.compatibility_flags,
        vars={**config.vars, **given},
        dev=replace(config.dev, host=host, upstream_protocol=protocol),
        secrets={name: value for name, value in config.secrets.items() if name not in given},
    )


def _with_assets(config: Config, given: Path | None, cwd: Path) -> Config:
    """The configuration with the directory of ``--assets``, if there is one.

    Raises: ConfigError, UsageError: it is none.
    """
    assets = config.bindings.assets
    if given is not None:
        assets = replace(assets or Assets(), directory=str(cwd / given))
    if assets is None:
        return config
    directory = config.root / assets.directory
    if directory.exists() and not directory.is_dir():
        message = f"this is no directory: {_shown(directory)}"
        if given is not None:
            raise UsageError(message, where="--assets")
        assert config.path is not None
        raise ConfigError(message, where=f"{_shown(config.path)} assets.directory")
    return replace(config, bindings=replace(config.bindings, assets=assets))


def _with_secrets(reading: Reading, overrides: Overrides) -> Config:
    """The configuration with the secrets of its folder, or of the files that were asked for."""
    config = reading.config
    for path in overrides.env_files:
        if not (config.root / path).is_file():
            raise UsageError(f"there is no file {path}", where="--env-file")
    required = reading.required_secrets
    found = read_secrets(
        config.root, config.environment, overrides.env_files, with_process=required is not None
    )
    values = found.values
    if required is not None:
        values = {k: v for k, v in values.items() if k in required or k in config.vars}
        if missing := [name for name in required if name not in found.values]:
            log.warn_once(
                f"Missing required secrets: {', '.join(missing)}. Add them to .dev.vars, .env, or "
                "set as environment variables."
            )
    used = [_shown(path) for path in found.used] + ["process.env"] * found.from_process
    for name in used:
        log.info_once(f"Using secrets defined in {name}", file=name)
    return replace(config, secrets=values, secret_files=found.candidates)


def _tell(config: Config, notices: list[str]) -> None:
    if notices:
        name = _shown(config.path) if config.path else ""
        lines = "".join(f"\n    - {notice}" for notice in notices)
        log.warn_once(f"Processing {name} configuration:{lines}")


def _shown(path: Path) -> str:
    """``path`` as the user would write it: relative where it lies below the current folder."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return os.fspath(path)
