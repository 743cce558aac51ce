"""The parts of a configuration that speak of Durable Object classes.

Source: https://developers.cloudflare.com/durable-objects/reference/durable-objects-migrations/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from wrangler_py.config.model import (
    CodeUpdateStrategy,
    DurableObjectBinding,
    ExportedClass,
    Migration,
    RenamedClass,
    TransferredClass,
)
from wrangler_py.config.source import Section
from wrangler_py.errors import ConfigError

__all__ = ["read_classes", "read_durable_objects"]

_MODES: tuple[Literal["immediate", "deferred"], ...] = ("immediate", "deferred")
_STORAGES: tuple[Literal["sqlite", "legacy-kv"], ...] = ("sqlite", "legacy-kv")
_LONGEST_DELAY = 86_400


def read_durable_objects(
    file: Section,
) -> tuple[tuple[DurableObjectBinding, ...], CodeUpdateStrategy]:
    """The `durable_objects` section: bindings, and when new code reaches a running object."""
    section = file.table("durable_objects")
    if section is None:
        return (), CodeUpdateStrategy()
    bindings = tuple(map(_binding, section.tables("bindings")))
    return bindings, _strategy(section.table("code_update_strategy"))


def read_classes(file: Section) -> tuple[tuple[Migration, ...], Mapping[str, ExportedClass]]:
    """`migrations`, or `exports`, which replaces them."""
    migrations = tuple(map(_migration, file.tables("migrations")))
    exports = file.table("exports")
    if exports is None:
        return migrations, {}
    if migrations:
        raise ConfigError(
            "`migrations` and `exports` exclude each other",
            where=file.where("exports"),
            hint="keep `exports`; it says what each class is now, not how it came to be",
        )
    return (), {name: _export(exports, name) for name in exports}


def _binding(entry: Section) -> DurableObjectBinding:
    return DurableObjectBinding(
        entry.needed("name", 'add "name": "ROOM"; the worker reads it as `env.ROOM`'),
        entry.needed("class_name", 'add "class_name": "Room", a class of the script'),
        entry.text("script_name"),
        entry.text("environment"),
    )


def _strategy(section: Section | None) -> CodeUpdateStrategy:
    if section is None:
        return CodeUpdateStrategy()
    delay = section.number("max_delay", 0, _LONGEST_DELAY)
    mode = section.choice("mode", _MODES)
    if delay is None:
        return CodeUpdateStrategy(mode or "immediate")
    # A section that names only a delay means to wait, as it does in a deployment.
    return CodeUpdateStrategy(mode or "deferred", delay)


def _migration(entry: Section) -> Migration:
    return Migration(
        entry.needed("tag", 'add "tag": "v1"; each migration has its own'),
        entry.texts("new_classes"),
        entry.texts("new_sqlite_classes"),
        tuple(
            RenamedClass(
                one.needed("from", 'add "from": "OldName"'), one.needed("to", 'add "to": "NewName"')
            )
            for one in entry.tables("renamed_classes")
        ),
        entry.texts("deleted_classes"),
        tuple(
            TransferredClass(
                one.needed("from", 'add "from": "ClassName"'),
                one.needed("from_script", 'add "from_script": "name-of-a-worker"'),
                one.needed("to", 'add "to": "ClassName"'),
            )
            for one in entry.tables("transferred_classes")
        ),
    )


def _export(exports: Section, name: str) -> ExportedClass:
    entry = exports.table(name)
    if entry is None:
        raise ConfigError(f'the export "{name}" is empty', where=exports.where(name))
    return ExportedClass(
        entry.needed("type", 'add "type": "durable-object"'),
        entry.choice("storage", _STORAGES),
        entry.text("state"),
    )
