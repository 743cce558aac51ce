"""Every stub of a project, as text: those that are always the same, and those that depend on it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from wrangler_py import __version__
from wrangler_py.compat import resolve
from wrangler_py.config.model import Config
from wrangler_py.typegen.env import env_module

__all__ = ["DEFAULT_FOLDER", "MARK", "STUBS", "generate"]

DEFAULT_FOLDER = "typings"
"""Where pyright looks for stubs without being told."""

STUBS = Path(__file__).with_name("stubs")

MARK = "# Written by `pywrangler types`"
"""How a file begins that may be written anew."""

_ONLY_OF_NEWER = '''\
from collections.abc import Awaitable
from typing import Literal, TypeVar

_T = TypeVar("_T")

class JsNull:
    """JavaScript's `null`: false, and not None, which is `undefined`."""

    def __bool__(self) -> Literal[False]: ...

jsnull: JsNull

def run_sync(awaitable: Awaitable[_T], /) -> _T: ...
def can_run_sync() -> bool: ...
'''
_BIGINT = "\nclass JsBigInt(int): ...\n"


def generate(config: Config, interface: str = "Env") -> dict[str, str]:
    """The text of each file, by its path below the folder; equal for equal projects."""
    own = dict(_own(config, interface))
    digest = hashlib.sha256("\0".join([interface, *own.values()]).encode()).hexdigest()[:8]
    written = f"{MARK} ({__version__}"
    again = "do not edit, run it again."
    fixed = {name: f"{written}): {again}\n{text}" for name, text in _fixed()}
    project = {
        name: f"{written}, configuration {digest}): {again}\n{text}" for name, text in own.items()
    }
    return dict(sorted({**fixed, **project}.items()))


def _fixed() -> Iterator[tuple[str, str]]:
    for path in sorted(STUBS.rglob("*.pyi")):
        yield path.relative_to(STUBS).as_posix(), path.read_text(encoding="utf-8")


def _own(config: Config, interface: str) -> Iterator[tuple[str, str]]:
    """What depends on the project: its `env`, and what its Pyodide is like."""
    profile = resolve(config.compatibility_date, config.compatibility_flags).profile
    newer = _ONLY_OF_NEWER + (_BIGINT if profile.has_bigint else "")
    yield "js/_env.pyi", env_module(config, interface)
    yield "js/_version.pyi", _version(profile.has_jsnull, profile.dict_properties)
    yield "pyodide/ffi/_version.pyi", newer if profile.has_jsnull else _ONLY_OF_OLDER


_ONLY_OF_OLDER = """\
# This compatibility date has no `jsnull`: JavaScript's `null` is None.
from collections.abc import Awaitable
from typing import TypeVar

_T = TypeVar("_T")

def run_sync(awaitable: Awaitable[_T], /) -> _T: ...
"""


def _version(has_jsnull: bool, reads_dicts: bool) -> str:
    """What differs between Pyodides and is said in many signatures."""
    ffi = ["JsNull", "JsProxy"] if has_jsnull else ["JsProxy"]
    null = "JsNull" if has_jsnull else "None"
    init = "JsProxy | dict[str, Any]" if reads_dicts else "JsProxy"
    note = "" if reads_dicts else "# A Python dict has no properties here: `to_js` it first.\n"
    typing = "from typing import Any, TypeAlias" if reads_dicts else "from typing import TypeAlias"
    return (
        f"{typing}\n\nfrom pyodide.ffi import {', '.join(ffi)}\n\n"
        f"Null: TypeAlias = {null}\n{note}Init: TypeAlias = {init}\n"
    )
