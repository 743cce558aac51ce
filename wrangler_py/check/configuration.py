"""The configuration against itself, against the platform, and against what the script exports.

Source: https://developers.cloudflare.com/workers/wrangler/configuration/
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from wrangler_py.check.config_file import ConfigFile
from wrangler_py.check.finding import Finding
from wrangler_py.check.project import Project
from wrangler_py.check.rules import Severity
from wrangler_py.check.source import Site, Source, dotted
from wrangler_py.check.stdlib import read_data
from wrangler_py.compat import FLAGS
from wrangler_py.config.source import closest
from wrangler_py.runtime.entrypoint import Exports

__all__ = ["bound_classes", "environment_reads", "flags", "unknown_bindings"]


class _KnownFlag(NamedTuple):
    enable: str
    disable: str | None
    date: str | None
    experimental: bool


def _known_flags() -> list[_KnownFlag]:
    known = [_KnownFlag(*row) for row in read_data("compatibility_flags.json")]
    names = {flag.enable for flag in known}
    newer = [flag for flag in FLAGS.values() if flag.enable not in names]
    return known + [_KnownFlag(flag.enable, flag.disable, flag.date, False) for flag in newer]


def flags(file: ConfigFile, project: Project) -> Iterator[Finding]:
    """Compatibility flags that Cloudflare refuses, or that change nothing."""
    known = _known_flags()
    names = {name for flag in known for name in (flag.enable, flag.disable) if name}
    named = list(file.value.get("compatibility_flags") or [])
    for index, name in enumerate(named):
        place = ("compatibility_flags", index)
        if name in named[:index]:
            yield file.find("compatibility-flag", f'"{name}" stands there twice', *place)
        elif name not in names:
            question = closest(name, names)
            message = f'"{name}" is not a known compatibility flag'
            # Newer flags than ours exist: only what looks like a slip is one for certain.
            severity = None if question else Severity.WARNING
            yield file.find("compatibility-flag", message, *place, severity=severity, fix=question)
    for flag in known:
        if flag.enable in named:
            index = named.index(flag.enable)
            yield from _misused(file, flag, named, project.config.compatibility_date, index)


def _misused(
    file: ConfigFile, flag: _KnownFlag, named: list[str], date: str, index: int
) -> Iterator[Finding]:
    place = ("compatibility_flags", index)
    if flag.disable in named:
        message = f'"{flag.enable}" and "{flag.disable}" contradict each other'
        yield file.find("compatibility-flag", message, *place)
    elif flag.experimental:
        message = f'"{flag.enable}" is experimental: Cloudflare does not deploy it yet'
        yield file.find("compatibility-flag", message, *place)
    elif flag.date and flag.date <= date:
        message = f'"{flag.enable}" is the default with this compatibility date'
        fix = "remove it"
        yield file.find("compatibility-flag", message, *place, severity=Severity.WARNING, fix=fix)


def bound_classes(file: ConfigFile, project: Project, exports: Exports) -> Iterator[Finding]:
    """Durable Object classes: bound, exported, and created by a migration."""
    config = project.config
    alive = _alive(file)
    for index, binding in enumerate(config.durable_objects):
        place = ("durable_objects", "bindings", index, "class_name")
        if binding.script_name not in (None, config.name):
            continue
        if binding.class_name not in exports.durable_objects:
            yield _unexported(file, binding.class_name, exports.durable_objects, project, place)
        elif config.migrations and binding.class_name not in alive:
            message = f"no migration creates the class {binding.class_name}"
            fix = f'add "new_sqlite_classes": ["{binding.class_name}"] to a new migration'
            yield file.find("class-without-migration", message, *place, fix=fix)
    for name, where in alive.items():
        bound = any(binding.class_name == name for binding in config.durable_objects)
        if name not in exports.durable_objects and not bound:
            yield _unexported(file, name, exports.durable_objects, project, where)
    for name, exported in config.exports.items():
        is_live = exported.type == "durable-object" and exported.state is None
        if is_live and name not in exports.durable_objects:
            yield _unexported(file, name, exports.durable_objects, project, ("exports", name))
    yield from _workflow_classes(file, project, exports)


def _workflow_classes(file: ConfigFile, project: Project, exports: Exports) -> Iterator[Finding]:
    for index, entry in enumerate(file.value.get("workflows") or []):
        name = entry.get("class_name")
        if name and not entry.get("script_name") and name not in exports.workflows:
            place = ("workflows", index, "class_name")
            yield _unexported(file, name, exports.workflows, project, place)


def _alive(file: ConfigFile) -> dict[str, tuple[str | int, ...]]:
    """The classes that the migrations leave behind, each with where it is named."""
    alive: dict[str, tuple[str | int, ...]] = {}
    for index, step in enumerate(file.value.get("migrations") or []):
        for key in ("new_classes", "new_sqlite_classes"):
            for at, name in enumerate(step.get(key) or []):
                alive[name] = ("migrations", index, key, at)
        for key in ("renamed_classes", "transferred_classes"):
            for at, move in enumerate(step.get(key) or []):
                alive.pop(move.get("from"), None)
                alive[move.get("to")] = ("migrations", index, key, at, "to")
        for name in step.get("deleted_classes") or []:
            alive.pop(name, None)
    return alive


def _unexported(
    file: ConfigFile,
    name: str,
    known: Iterable[str],
    project: Project,
    place: tuple[str | int, ...],
) -> Finding:
    base = "WorkflowEntrypoint" if place[0] == "workflows" else "DurableObject"
    main = project.config.main.name
    message = f"{main} exports no class {name} that derives from {base}"
    return file.find("unexported-class", message, *place, fix=closest(name, list(known)))


def unknown_bindings(source: Source, names: set[str]) -> Iterator[Finding]:
    """`self.env.NAME` that nothing binds; one finding for each name and file."""
    seen: set[str] = set()
    for site in source.sites:
        node = site.node
        if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Load):
            continue
        if node.attr in seen or not _is_env(node.value, site):
            continue
        if node.attr not in names and not node.attr.startswith("_"):
            seen.add(node.attr)
            question = closest(node.attr, names)
            message = f"the configuration binds no `{node.attr}`"
            yield source.find("unknown-binding", node, message, fix=question)


def _is_env(node: ast.expr, site: Site) -> bool:
    """`self.env` of a handler's class, `env` of a handler at module level, or the SDK's."""
    if isinstance(node, ast.Attribute) and node.attr == "env":
        of_self = isinstance(node.value, ast.Name) and node.value.id == "self"
        return of_self and site.cls is not None and _has_the_sdks_env(site.cls)
    if isinstance(node, ast.Name) and node.id == "env" and site.functions:
        outer = site.functions[0]
        if getattr(outer, "name", "").startswith("on_") and site.cls is None:
            return any(argument.arg == "env" for argument in outer.args.args)
    return dotted(node, site.names) == "workers.env"


def _has_the_sdks_env(cls: ast.ClassDef) -> bool:
    """A class of its own may call other things `env`: one without a base, or that sets it."""
    sets_it = any(
        isinstance(node, ast.Attribute) and node.attr == "env" and isinstance(node.ctx, ast.Store)
        for node in ast.walk(cls)
    )
    return bool(cls.bases) and not sets_it


def environment_reads(source: Source, variables: Iterable[str]) -> Iterator[Finding]:
    """`os.environ["NAME"]` of what the configuration calls a variable."""
    known = set(variables)
    for site in source.sites:
        name, key = "", None
        if isinstance(site.node, ast.Subscript):
            name, key = dotted(site.node.value, site.names), site.node.slice
        elif isinstance(site.node, ast.Call) and site.node.args:
            name, key = dotted(site.node.func, site.names), site.node.args[0]
        if not re.fullmatch(r"os\.(environ(\.get)?|getenv)", name):
            continue
        if isinstance(key, ast.Constant) and key.value in known:
            message = f"`{key.value}` is a binding, and not in `os.environ`"
            yield source.find("vars-in-environ", site.node, message, fix=f"`self.env.{key.value}`")
