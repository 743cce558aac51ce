"""The project's `env` as a class: `js._env`, which is what the SDK's classes say `env` is."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from wrangler_py.config.model import Config
from wrangler_py.config.values import JsonValue
from wrangler_py.typegen.bindings import ANYTHING, TYPES
from wrangler_py.typegen.rpc import ExportedClass, exported_classes

__all__ = ["env_module"]

_WORD = re.compile(r"\w+")
_OF_TYPING = frozenset({"Any"})
_HOME = {
    "ArrayBuffer": "._buffers",
    "AnyDurableObjectStub": "._durable",
    "DurableObjectNamespace": "._durable",
    "DurableObjectStub": "._durable",
    "JsArray": "pyodide.ffi",
    "JsProxy": "pyodide.ffi",
    "Null": "._version",
}
"""Where a name comes from that a generated annotation may use; all others are bindings."""


@dataclass(slots=True)
class _Module:
    """The module as it grows."""

    lines: list[str] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    """Classes that the interface needs, in the order in which they must stand."""
    imports: set[tuple[str, str]] = field(default_factory=set)
    """What signatures of the project's own need: a module, and the name in it."""
    names: set[str] = field(default_factory=set)
    """Names of ours that annotations use."""

    def use(self, annotation: str) -> str:
        """``annotation``, whose names get imported."""
        self.names.update(_WORD.findall(annotation))
        return annotation


def env_module(config: Config, interface: str = "Env") -> str:
    """The source of `js/_env.pyi` for ``config``; ``interface`` is the class's name."""
    module = _Module()
    entries = dict(_entries(config, module))
    body = [f"    {name}: {annotation}" for name, annotation in entries.items() if _is_plain(name)]
    odd = [name for name in entries if not _is_plain(name)]
    body += [f"    # {name}: getattr(env, {json.dumps(name)})" for name in odd]
    doc = '    """What `self.env` holds."""'
    lines = [f"class {interface}:", doc, *(["", *body] if body else [])]
    if interface != "Env":
        lines += ["", f"Env = {interface}"]
    blocks = [*(f"{text}\n" for text in module.classes), "\n".join(lines)]
    return "\n".join([*_imports(module), *blocks]) + "\n"


def _entries(config: Config, module: _Module) -> Iterator[tuple[str, str]]:
    """Each name with its annotation, what is asked for last winning, as at run time."""
    classes = exported_classes(config.main)
    for name, key in config.cloudflare_only.items():
        yield name, module.use(TYPES.get(key, ANYTHING))
    for name, kind in config.bindings.names():
        if kind != "services":
            yield name, module.use(TYPES.get(kind, ANYTHING))
    for service in config.bindings.services:
        own = classes.get(service.entrypoint or "Default")
        mine = own is not None and service.service == config.name
        yield service.binding, _stub(module, own if mine else None, "Fetcher")
    for name, value in config.vars.items():
        yield name, module.use(_variable(module, name, value))
    for name in config.secrets:
        yield name, "str"
    for name, wanted in _objects(config, classes):
        stub = _stub(module, wanted, "DurableObjectStub")
        yield name, f"{module.use('DurableObjectNamespace')}[{stub}]"


def _objects(
    config: Config, classes: Mapping[str, ExportedClass]
) -> Iterator[tuple[str, ExportedClass | None]]:
    """Each namespace with the class of its objects, if that is one of this script."""
    if config.path is None:
        # A script that stands alone finds its classes under their own names.
        yield from ((name, one) for name, one in classes.items() if one.kind == "DurableObject")
        return
    for binding in config.durable_objects:
        own = binding.script_name in (None, config.name)
        yield binding.name, classes.get(binding.class_name) if own else None


def _stub(module: _Module, wanted: ExportedClass | None, base: str) -> str:
    """The class of a stub: one of its own where there are methods to call."""
    if wanted is None:
        return module.use(f"Any{base}")
    if not wanted.methods:
        return module.use(base)
    name = f"{wanted.name}Stub"
    module.use(base)
    module.imports |= wanted.imports
    text = "\n".join([f"class {name}({base}):", *(f"    {line}" for line in wanted.methods)])
    if text not in module.classes:
        module.classes.append(text)
    module.names |= {"Any"} if "Any" in text else set()
    return name


def _variable(module: _Module, name: str, value: JsonValue) -> str:
    """The type of a variable: JSON arrives as values of JavaScript."""
    match value:
        case None:
            return module.use("Null")
        case bool() | str() | int() | float():
            return type(value).__name__
        case list():
            kinds = sorted({_variable(module, f"{name}_item", item) for item in value})
            return module.use(f"JsArray[{' | '.join(kinds) or ANYTHING}]")
        case dict():
            return _object(module, f"_{name}", value)


def _object(module: _Module, name: str, value: Mapping[str, JsonValue]) -> str:
    """A class for a JSON object; its name, or a plain proxy where names do not allow one."""
    if not value or not all(_is_plain(key) for key in (*value, name)):
        return module.use("JsProxy")
    module.use("JsProxy")
    lines = [f"    {key}: {_variable(module, f'{name[1:]}_{key}', v)}" for key, v in value.items()]
    text = "\n".join([f"class {name}(JsProxy):", *lines])
    if text in module.classes:
        return name
    if any(each.startswith(f"class {name}(") for each in module.classes):
        return "JsProxy"  # objects of several shapes under one name: in a list
    module.classes.append(text)
    return name


def _is_plain(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name)


def _imports(module: _Module) -> list[str]:
    """Import statements in three blocks: the standard library, packages, our own modules."""
    bindings = {*TYPES.values(), "AnyFetcher", "Fetcher"} - {*_HOME, "str", ANYTHING}
    wanted = set(module.imports)
    for name in module.names & (_OF_TYPING | set(_HOME) | bindings):
        home = "typing" if name in _OF_TYPING else _HOME.get(name, "._bindings")
        wanted.add((home, name))
    homes = sorted({home for home, _ in wanted}, key=lambda home: (_block(home), home))
    lines: list[str] = []
    for index, home in enumerate(homes):
        names = ", ".join(sorted(name for place, name in wanted if place == home))
        lines.append(f"from {home} import {names}")
        if index + 1 == len(homes) or _block(home) != _block(homes[index + 1]):
            lines.append("")
    return lines


def _block(home: str) -> int:
    return 2 if home.startswith(".") else int(home.startswith("pyodide"))
