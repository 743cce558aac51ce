"""COVERAGE.md: everything that there is on Cloudflare, and what becomes of it here.

`make coverage` writes it, from the code and from `recorded/universe.json`; a test says whether it
is current.
"""

from __future__ import annotations

import ast
import asyncio
import importlib
import json
import pkgutil
import re
import textwrap
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from wrangler_py.bindings import registry
from wrangler_py.cli import foreign_flags
from wrangler_py.cli.delegate import FOREIGN
from wrangler_py.cli.main import COMMANDS, command_named
from wrangler_py.config import DevOptions
from wrangler_py.config.model import Config
from wrangler_py.config.shapes import KEYS, Use
from wrangler_py.config.unheeded import UNHEEDED, UNHEEDED_OF_DEV
from wrangler_py.facades import js_globals
from wrangler_py.reload.dev_server import DevServer
from wrangler_py.server.local_endpoints import LocalEndpoints

from .ours import State, class_state, exported, global_member_state, global_state

__all__ = ["PAGE", "UNIVERSE", "page"]

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "COVERAGE.md"
UNIVERSE = Path(__file__).with_name("recorded") / "universe.json"
_WIDTH = 120
_FOUND = json.loads(UNIVERSE.read_text(encoding="utf-8")) if UNIVERSE.exists() else {}


def page() -> str:
    """The whole text."""
    sections = {
        "Configuration": _configuration(),
        "`pywrangler dev`": _flags(),
        "Commands": _commands(),
        "Bindings": _bindings(),
        "Interfaces of bindings and objects": _interfaces(),
        "Global scope": _globals(),
        "`cloudflare:` modules": _modules(),
        "Local endpoints": _endpoints(),
        "Known differences": _differences(),
    }
    intro = (
        "# Coverage\n\nWhat exists on Cloudflare, and what becomes of it here. Written by "
        f"`make coverage` from the code; what exists was recorded from workerd and wrangler "
        f"{_FOUND['wrangler']}.\n"
    )
    text = intro + "".join(
        f"\n## {title}\n\n" + "\n".join(lines) + "\n" for title, lines in sections.items()
    )
    return "\n".join(map(_wrapped, text.split("\n")))


def _wrapped(line: str) -> str:
    """A line of prose as several: a change is one of a few names."""
    if line.startswith("|") or len(line) <= _WIDTH:
        return line
    indent = "  " if line.startswith("* ") else ""
    return textwrap.fill(line, _WIDTH, subsequent_indent=indent, break_on_hyphens=False)


def _table(head: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield f"| {head} | |"
    yield "|---|---|"
    yield from (f"| {_cell(left)} | {_cell(right)} |" for left, right in rows)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


_USES = {
    Use.READ: "Acted on",
    Use.DEPLOY: "Accepted; a matter of bundling and deploying",
    Use.CLOUDFLARE: "Bindings that only exist on Cloudflare, which they say when they are used",
}


def _configuration() -> Iterator[str]:
    for use, meaning in _USES.items():
        names = [key for key in sorted(KEYS) if KEYS[key].use is use and key not in UNHEEDED]
        yield f"{meaning}: {_names(names)}.\n"
    yield f"Acted on, of `dev`: {_names(_of_dev())}. Accepted: {_names(UNHEEDED_OF_DEV)}.\n"
    told = sorted((f"`{key}`", why) for key, why in UNHEEDED.items())
    yield from _table("Not acted on, which is told", told)


def _of_dev() -> list[str]:
    shape = KEYS["dev"].shape
    return [key for key in shape if key not in UNHEEDED_OF_DEV]


def _flags() -> Iterator[str]:
    command = command_named("dev")
    names = {name: each for each in command.params for name in (*each.opts, *each.secondary_opts)}
    rows = {flag: _flag(flag, names.get(flag)) for flag in _FOUND["flags"]}
    rows |= {flag: "ours alone" for flag in names if flag not in rows and _is_shown(names[flag])}
    by_state: dict[str, list[str]] = {}
    for flag, state in sorted(rows.items()):
        by_state.setdefault(state, []).append(flag)
    yield from _table("Flags", ((_names(flags), state) for state, flags in by_state.items()))


def _is_shown(param: click.Parameter) -> bool:
    return isinstance(param, click.Option) and not param.hidden


def _flag(flag: str, param: click.Parameter | None) -> str:
    if flag in ("-h", "--help", "-v", "--version"):
        return "works"
    if param is None:
        return "not known"
    if _is_shown(param) or param.expose_value:
        return "works"
    if flag in foreign_flags.HARMLESS:
        return "accepted; changes nothing here"
    return f"refused: {foreign_flags.REFUSED[flag]}"


def _commands() -> Iterator[str]:
    ours = sorted(COMMANDS)
    both = [name for name in _FOUND["commands"] if name in COMMANDS]
    handed = [name for name in _FOUND["commands"] if name not in COMMANDS and name in FOREIGN]
    unknown = [name for name in _FOUND["commands"] if name not in COMMANDS and name not in FOREIGN]
    rows = [
        ("Done here", _names(_spelled(both))),
        ("Ours alone", _names(name for name in ours if name not in _FOUND["commands"])),
        ("Handed to Cloudflare's own tool", _names(handed)),
    ]
    rows += [("Not known", _names(unknown))] * bool(unknown)
    yield from _table("Commands", rows)


def _spelled(names: Iterable[str]) -> Iterator[str]:
    """Commands with what they do here, where that is not all of it."""
    for name in names:
        command = command_named(name)
        inner = _inner(command) if isinstance(command, click.Group) else [""]
        yield from (f"{name} {each}".strip() for each in inner)


def _inner(group: click.Group) -> Iterator[str]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from (f"{name} {each}" for each in _inner(command))
        else:
            yield name


def _bindings() -> Iterator[str]:
    known = {*registry.MODULES, "vars", "services", "durable_objects"}
    known = {"queues" if name == "queue_producers" else name for name in known}
    works = [key for key in sorted(KEYS) if key in known]
    only = [key for key in sorted(KEYS) if KEYS[key].use is Use.CLOUDFLARE]
    rows = [("Work", _names(works)), ("Only on Cloudflare", _names(only))]
    yield from _table("Kinds", rows)
    yield "\nHow each is emulated, and where it differs: [docs/bindings.md](docs/bindings.md).\n"


def _interfaces() -> Iterator[str]:
    rows = []
    for label, found in _FOUND["interfaces"].items():
        name = found.get("class", "")
        if not name or (name == "Fetcher" and label != "services"):
            continue  # what RPC answers has no list of names
        states = {each: class_state(name, each) for each in found["members"]}
        rows.append((f"`{name}` ({label})", _said(states)))
    yield from _table("Interface", rows)


def _said(states: dict[str, State]) -> str:
    """Members by their state."""
    parts = []
    for state in State:
        names = [name for name, each in states.items() if each is state]
        if names:
            parts.append(f"{_WORDS[state]}: {_names(names)}")
    return "; ".join(parts) or "there"


_WORDS = {
    State.WORKS: "works",
    State.REFUSES: "says that it is not emulated",
    State.ABSENT: "not there",
}


def _globals() -> Iterator[str]:
    whole, partly, refused, absent = [], [], [], []
    for name, found in _FOUND["globals"].items():
        state, thing = global_state(name)
        if state is State.REFUSES:
            refused.append(name)
        elif state is State.ABSENT:
            absent.append(name)
        else:
            missing = list(_missing(thing, found))
            (partly if missing else whole).append((name, missing))
    yield f"With every member: {_names(name for name, _ in whole)}.\n"
    rows = [(f"`{name}`", f"without {_names(missing)}") for name, missing in partly]
    yield from _table("In part", rows)
    yield f"\nSay when they are used that they are not emulated: {_names(refused)}.\n"
    yield f"Not there: {_names(absent)}.\n"
    more = sorted(js_globals.HOME.keys() - _FOUND["globals"].keys())
    yield f"Here, though not recorded there: {_names(more) or 'none'}."


def _missing(thing: Any, found: dict[str, list[str]]) -> Iterator[str]:
    yield from dict.fromkeys(_all_missing(thing, found))


def _all_missing(thing: Any, found: dict[str, list[str]]) -> Iterator[str]:
    for kind, is_static in (("members", False), ("statics", True)):
        for name in found.get(kind, ()):
            if name.isidentifier():
                state = global_member_state(thing, name, static=is_static)
                if state is not State.WORKS:
                    refused = " (refuses)" if state is State.REFUSES else ""
                    yield f"{name}{refused}"


def _modules() -> Iterator[str]:
    rows = []
    for module, names in _FOUND["modules"].items():
        states = {name: exported(module, name) for name in names}
        rows.append((f"`{module}`", _said(states)))
    yield from _table("Module, for `import_from_javascript`", rows)


def _endpoints() -> Iterator[str]:
    endpoints = asyncio.run(_registered())
    rows = [(f"`{path}`", "GET, POST") for path in endpoints._paths]
    rows += [(f"`{path}`", "GET") for path in endpoints._reads]
    rows += [(f"`{path}`", "POST") for path in endpoints._writes]
    yield from _table("Path", sorted(rows))
    yield "\n`/__scheduled` with `--test-scheduled` only."


async def _registered() -> LocalEndpoints:
    config = Config("worker", ROOT / "entry.py", "2026-01-01")
    server = DevServer(DevOptions(config, test_scheduled=True))
    try:
        return server.server.endpoints
    finally:
        await server.close()


def _differences() -> Iterator[str]:
    """What each module says of itself, and what the tables know."""
    for path in sorted((ROOT / "wrangler_py").rglob("*.py")):
        text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        if found := re.search(r"^Differs: (.*?)(?:\n\n|\Z)", text, re.DOTALL | re.MULTILINE):
            module = path.relative_to(ROOT / "wrangler_py").with_suffix("").as_posix()
            yield f"* {module.removesuffix('/__init__')}: {' '.join(found[1].split())}"
    gaps = tomllib.loads((ROOT / "tests/conformance/gaps.toml").read_text(encoding="utf-8"))
    yield from (f"* {name}: {why}" for name, why in sorted(gaps.items()))
    yield from _differences_of_tables()


def _differences_of_tables() -> Iterator[str]:
    for found in pkgutil.iter_modules([str(ROOT / "tests" / "bindings")]):
        if found.name.startswith("table_"):
            table = importlib.import_module(f"tests.bindings.{found.name}")
            for scenario, steps in getattr(table, "DIFFERS", {}).items():
                for why in dict.fromkeys(steps.values()):
                    yield f"* {found.name.removeprefix('table_')}, {scenario}: {why}"
