"""Which files beside a script go to Cloudflare with it: `rules`, `python_modules`.

On Cloudflare a Worker finds them where its modules are, for `open` and for
`importlib.resources`, and nothing else.

Implements: https://developers.cloudflare.com/workers/wrangler/bundling/#files-which-will-not-be-bundled
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from wrangler_py.config.globs import matches
from wrangler_py.config.source import Section
from wrangler_py.errors import ConfigError

__all__ = ["Modules", "Rule", "read_modules"]

_VENDORED = "python_modules"
_HIDDEN = ".wrangler"
_AS_FILES = frozenset(("Text", "Data", "PythonModule"))
"""The types that are files to a Python Worker; others are JavaScript's."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: files of ``globs`` are modules of ``type``."""

    type: str
    globs: tuple[str, ...]
    fallthrough: bool | None = None
    """Whether a later rule of this type counts, too."""

    def shown(self) -> str:
        """The rule as a configuration has it."""
        facts = {"type": self.type, "globs": list(self.globs)}
        return json.dumps(facts | ({} if self.fallthrough is None else {"fallthrough": True}))


_PYTHON = Rule("PythonModule", ("**/*.py",))
_DEFAULT = (
    Rule("Text", ("**/*.txt", "**/*.html", "**/*.sql")),
    Rule("Data", ("**/*.bin",)),
    Rule("CompiledWasm", ("**/*.wasm", "**/*.wasm?module")),
)


@dataclass(frozen=True, slots=True)
class Modules:
    """What goes with a script."""

    rules: tuple[Rule, ...] = (_PYTHON, *_DEFAULT)
    finds: bool = True
    """`find_additional_modules`; False: only the script itself goes."""
    excluded: tuple[str, ...] = ("**/*.pyc",)
    """Of `python_modules`, what does not go."""

    def has(self, file: Path, main: Path, root: Path) -> bool:
        """Whether ``file`` goes with ``main``, a script of the project in ``root``.

        What is neither beside the script nor in `python_modules` is no matter of these rules.
        """
        if file == main:
            return True
        vendored = root / _VENDORED
        if file.is_relative_to(vendored):
            path = file.relative_to(vendored).as_posix()
            return not any(matches(path, each, plain=True) for each in self.excluded)
        if not file.is_relative_to(main.parent):
            return True
        path = file.relative_to(main.parent).as_posix()
        return self.finds and not path.startswith(f"{_HIDDEN}/") and self._means(path)

    def _means(self, path: str) -> bool:
        return any(
            rule.type in _AS_FILES and any(matches(path, glob, plain=True) for glob in rule.globs)
            for rule in self.rules
        )

    def rule_for(self, path: Path) -> Rule:
        """A rule that takes ``path`` along, with what it would hide."""
        kind = "Data" if path.suffix in ("", ".bin", ".gz", ".png", ".jpg", ".db") else "Text"
        glob = f"**/*{path.suffix}" if path.suffix else f"**/{path.name}"
        return Rule(kind, (glob,), True)


def read_modules(file: Section, main: Path, folder: Path, notices: list[str]) -> Modules:
    """What the configuration in ``folder`` says of them.

    Raises: ConfigError: on Cloudflare the script would not be found.
    """
    _check_base(file, main, folder)
    if main.parent != folder and (main.parent / _VENDORED).is_dir():
        notices.append(
            f"wrangler does not start with {_VENDORED} beside the script: it belongs beside the "
            "configuration"
        )
    own = tuple(_rule(each) for each in file.tables("rules"))
    if not any(rule.type == "PythonModule" for rule in own):
        own = (*own, _PYTHON)
    modules = Modules((*own, *_DEFAULT), file.flag("find_additional_modules") is not False)
    kept, shadowed = _effective(modules.rules)
    notices += shadowed
    excludes = file.table("python_modules")
    if excludes is not None:
        modules = replace(modules, excluded=excludes.texts("exclude"))
    return replace(modules, rules=kept)


def _check_base(file: Section, main: Path, folder: Path) -> None:
    base = file.path_text("base_dir")
    if base is not None and (folder / base).resolve() != main.parent:
        raise ConfigError(
            "`base_dir` is not the folder of `main`: a Python Worker is not found there",
            where=file.where("base_dir"),
            hint="leave it out; imports start in the script's own folder",
        )


def _rule(entry: Section) -> Rule:
    return Rule(entry.text("type") or "", entry.texts("globs"), entry.flag("fallthrough"))


def _effective(rules: tuple[Rule, ...]) -> tuple[tuple[Rule, ...], list[str]]:
    """The rules that count, and what to say of the others."""
    last: dict[str, Rule] = {}
    hidden: list[Rule] = []
    for rule in rules:
        if rule.type in last:
            hidden.append(rule)
        elif rule.fallthrough is not True:
            last[rule.type] = rule
    return tuple(rule for rule in rules if rule not in hidden), list(_advice(last, hidden))


def _advice(last: dict[str, Rule], hidden: list[Rule]) -> Iterator[str]:
    for kind, rule in last.items():
        lost = [each for each in hidden if each.type == kind]
        if lost and rule.fallthrough is None:
            names = ", ".join(each.shown() for each in lost)
            yield (
                f"the rule {rule.shown()} lets none through, so these do not count: {names}. "
                'Say "fallthrough": true, or false if that is meant'
            )
