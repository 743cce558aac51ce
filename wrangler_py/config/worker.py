"""From a parsed file to a `Config`: every key read once, every complaint with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wrangler_py.config.assets import check_assets
from wrangler_py.config.bindings import read_bindings
from wrangler_py.config.build import Build, read_build
from wrangler_py.config.crons import Cron
from wrangler_py.config.dates import check_date, is_future, today
from wrangler_py.config.durable_objects import read_classes, read_durable_objects
from wrangler_py.config.model import Config, DevSettings
from wrangler_py.config.modules import read_modules
from wrangler_py.config.origin import read_host
from wrangler_py.config.shapes import KEYS, Use
from wrangler_py.config.source import Section
from wrangler_py.config.unheeded import unheeded
from wrangler_py.config.values import JsonValue
from wrangler_py.errors import ConfigError

__all__ = ["NO_SCRIPT", "Reading", "name_from", "read_worker"]

NO_SCRIPT = "worker"
"""What a Worker is called that has neither a name nor a script, as in wrangler."""
_NAME = re.compile(r"[a-z0-9_][a-z0-9_-]*")


@dataclass(slots=True)
class Reading:
    """What a file gave: the configuration, and what to tell its author."""

    config: Config
    notices: list[str] = field(default_factory=list)
    required_secrets: tuple[str, ...] | None = None
    """Only these are taken from the local files; None: all."""


def name_from(script: Path) -> str:
    """A worker's name for a script that has none: its file's, as Cloudflare allows it."""
    return re.sub(r"[^a-z0-9_-]+", "-", script.stem.lower()).strip("-") or "worker"


def read_worker(
    file: Section,
    path: Path,
    script: Path | None,
    *,
    has_assets: bool = False,
    on_build: Callable[[Build], None] | None = None,
) -> Reading:
    """Read ``file``, found at ``path`` and validated; ``script`` stands in for its `main`.

    ``has_assets``: there are some that it does not name, so that a script is not needed.
    ``on_build``: gets what makes the script, before that is looked for.

    Raises: ConfigError for the first thing that cannot be right.
    """
    bindings = read_bindings(file)
    build = read_build(file, path.parent)
    if build is not None and on_build is not None:
        on_build(build)
    main = script or _main(file, path)
    is_assets_only = main is None and (has_assets or bindings.assets is not None)
    if main is None and not is_assets_only:
        raise ConfigError(
            "the configuration names no `main`, and no script was given",
            where=file.where(),
            hint='add "main": "src/entry.py", or say `pywrangler dev src/entry.py`',
        )
    main = main or path.parent / NO_SCRIPT
    notices: list[str] = []
    durable_objects, strategy = read_durable_objects(file)
    migrations, exports = read_classes(file)
    triggers = file.table("triggers")
    config = Config(
        name=_name(file) or name_from(main),
        main=main,
        compatibility_date=_date(file, notices),
        compatibility_flags=file.texts("compatibility_flags"),
        vars=_vars(file),
        durable_objects=durable_objects,
        code_update_strategy=strategy,
        migrations=migrations,
        exports=exports,
        bindings=bindings,
        modules=read_modules(file, main, path.parent, notices),
        crons=_crons(triggers) if triggers else (),
        dev=_dev(file),
        path=path,
        build=build,
        cloudflare_only=_cloudflare_only(file),
        is_assets_only=is_assets_only,
    )
    check_assets(file, notices, is_alone=is_assets_only, is_named=has_assets)
    _refuse_twins(config, file)
    notices += unheeded(file)
    notices += _deployability(config, file)
    secrets = file.table("secrets")
    required = secrets.texts("required") if secrets else None
    return Reading(config, notices, required)


def _main(file: Section, path: Path) -> Path | None:
    text = file.path_text("main")
    if not text:
        return None
    main = (path.parent / text).resolve()
    try:
        is_there = main.is_file()
    except OSError as error:
        text = f"`main` cannot be read: {main}: {error.strerror}"
        raise ConfigError(text, where=file.where("main")) from None
    if not is_there:
        raise ConfigError(f"`main` does not exist: {main}", where=file.where("main"))
    return main


def _name(file: Section) -> str | None:
    name = file.text("name")
    if name and not _NAME.fullmatch(name):
        raise ConfigError(
            f'a name holds lower-case letters, digits, "-" and "_" only, not "{name}"',
            where=file.where("name"),
            hint=f'"{name_from(Path(name))}" would do',
        )
    return name


def _date(file: Section, notices: list[str]) -> str:
    text = file.text("compatibility_date")
    if not text:
        now = today()
        notices.append(
            f"no `compatibility_date`: today's is used. "
            f'Add "compatibility_date": "{now}" to {file.where()}'
        )
        return now
    where = file.where("compatibility_date")
    check_date(text, ConfigError, where)
    if is_future(text):
        notices.append(f"the compatibility date {text} is in the future ({where})")
    return text


def _vars(file: Section) -> Mapping[str, JsonValue]:
    table = file.table("vars")
    return {key: table.raw(key) for key in table} if table else {}


def _crons(triggers: Section) -> tuple[str, ...]:
    crons = triggers.texts("crons")
    for index, text in enumerate(crons):
        try:
            Cron.parse(text)
        except ValueError as exc:
            raise ConfigError(
                f'"{text}" is no cron expression: {exc}',
                where=triggers.place(("crons", index)),
                hint='minute, hour, day, month and weekday, as in "*/5 * * * *" or "0 9 * * MON"',
            ) from None
    return crons


def _dev(file: Section) -> DevSettings:
    table = file.table("dev")
    if table is None:
        host = read_host(file)
        return DevSettings(host=host, host_is_inferred=host is not None)
    port = table.number("port", 0, 65535)
    host = read_host(file)
    return DevSettings(
        table.text("ip"),
        None if port is None else int(port),
        host,
        host is not None and not table.text("host"),
        table.choice("local_protocol", ("http", "https")),
        table.text("upstream_protocol"),
    )


def _cloudflare_only(file: Section) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for key in file:
        if key in KEYS and KEYS[key].use is Use.CLOUDFLARE:
            found.update(dict.fromkeys(_binding_names(file.raw(key)), key))
    return found


def _binding_names(value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict):
        name = value.get("binding", value.get("name"))  # `unsafe` calls it `name`
        if isinstance(name, str):
            yield name
            return
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _binding_names(item)


_KEY_OF = {"queue_producers": "queues"}
"""Where the name of a kind is not its key."""


def _refuse_twins(config: Config, file: Section) -> None:
    places: dict[str, str] = {}
    named = [(name, "vars") for name in config.vars]
    named += [(binding.name, "durable_objects") for binding in config.durable_objects]
    named += list(config.bindings.names())
    named += list(config.cloudflare_only.items())
    for name, key in named:
        if name in places:
            raise ConfigError(
                f"two bindings are called {name}: in `{places[name]}` and in `{key}`",
                where=file.where(_KEY_OF.get(key, key)),
                hint="rename one; the worker can see only one of them",
            )
        places[name] = key


def _deployability(config: Config, file: Section) -> Iterator[str]:
    """What runs here and would not on Cloudflare."""
    if "python_workers" not in config.compatibility_flags and not config.is_assets_only:
        where = file.where("compatibility_flags")
        yield (
            "deploying needs the compatibility flag: "
            f'"compatibility_flags": ["python_workers"] ({where})'
        )
    own = {
        binding.class_name
        for binding in config.durable_objects
        if binding.script_name in (None, config.name)
    }
    if own and not config.migrations and not config.exports:
        names = ", ".join(sorted(own))
        yield (
            f"`durable_objects` of this Worker ({names}) have no `migrations`: deploying needs "
            f'"migrations": [{{"tag": "v1", "new_sqlite_classes": [...]}}] '
            f"({file.where('durable_objects')})"
        )
