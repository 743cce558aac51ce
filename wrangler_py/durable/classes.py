"""What is wrong between the classes that a script exports and what its configuration says.

Source: https://developers.cloudflare.com/durable-objects/reference/durable-objects-migrations/
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from ..config.model import Config, DurableObjectBinding
from ..log import log


def tell_problems(config: Config, exported: Iterable[str]) -> None:
    """Say what a deployment would refuse, each thing once."""
    for problem in problems(config, set(exported)):
        log.warn_once(problem)


def problems(config: Config, exported: set[str]) -> Iterator[str]:
    """What does not fit, each with what to do."""
    bound = {binding.class_name: binding.name for binding in own_bindings(config)}
    for name, env_name in bound.items():
        if name not in exported:
            yield (
                f"env.{env_name} is bound to the Durable Object class {name}, which "
                f"{config.main.name} does not export: using it fails\n"
                f"hint: define `class {name}(DurableObject)` in {config.main.name}, or import it "
                "there"
            )
    unmigrated = sorted(
        name for name in bound if name in exported and not is_declared(config, name)
    )
    if unmigrated:
        migration = json.dumps([{"tag": "v1", "new_sqlite_classes": unmigrated}])
        yield (
            f"no migration declares the Durable Object {_named(unmigrated)}: a deployment will "
            f'refuse it; here it gets SQLite storage\nhint: add "migrations": {migration}'
        )


def own_bindings(config: Config) -> list[DurableObjectBinding]:
    """The bindings to classes of this very script."""
    return [each for each in config.durable_objects if each.script_name in (None, config.name)]


def is_declared(config: Config, name: str) -> bool:
    """Whether the configuration says how ``name`` came to be."""
    return name in config.exports or any(
        name in (*one.new_classes, *one.new_sqlite_classes)
        or name in {each.target for each in one.renamed_classes}
        or name in {each.target for each in one.transferred_classes}
        for one in config.migrations
    )


def tell_removed(config: Config, before: Iterable[str], now: Iterable[str]) -> None:
    """Classes went away with a save: their objects did not, and a deployment asks about them."""
    exported = set(now)
    gone = sorted(name for name in before if name not in exported and not _is_retired(config, name))
    added = sorted(exported - set(before))
    if not gone:
        return
    if len(gone) == len(added) == 1:
        what = f"the Durable Object class {gone[0]} is gone, and {added[0]} is new"
        wanted: dict[str, object] = {"renamed_classes": [{"from": gone[0], "to": added[0]}]}
    else:
        what = f"the Durable Object {_named(gone)} {'is' if len(gone) == 1 else 'are'} gone"
        wanted = {"deleted_classes": gone}
    entry = json.dumps({"tag": f"v{len(config.migrations) + 1}", **wanted})
    log.warn(
        f"{what}, without a migration: stored objects stay where they are, and a deployment will "
        f"refuse this\nhint: add to `migrations`: {entry}"
    )


def _is_retired(config: Config, name: str) -> bool:
    export = config.exports.get(name)
    if export is not None and export.state is not None:
        return True
    return any(
        name in one.deleted_classes or any(name == each.source for each in one.renamed_classes)
        for one in config.migrations
    )


def _named(names: list[str]) -> str:
    if len(names) == 1:
        return f"class {names[0]}"
    return f"classes {', '.join(names)}"
